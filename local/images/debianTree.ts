import * as fs from "node:fs/promises";
import * as path from "node:path";
import { FailedError } from "../../converter/errors";
import { isInstalled, run } from "../../converter/run";
import { debianSource } from "./aptSources";
import type { ImageFile, RepositoryRecipe, TreeRecipe } from "./recipe";

/**
 * Unpacks and configures a Debian tree below `folder` with mmdebstrap: about 40 s, three quarters of it dpkg's.
 * @throws FailedError without root or without mmdebstrap.
 */
export async function buildTree(recipe: TreeRecipe, folder: string, log: (line: string) => void) {
  await checkMeans();
  const before = `${folder}.before`;
  await writeFiles(before, recipe.filesBefore);
  const source = debianSource(recipe.suite, await hostSources(), await hostCodename());
  log(`debian tree: ${recipe.suite} from ${source?.split(" ")[1] ?? "Debian's own mirror"}`);
  await run(mmdebstrapCommand(recipe, folder, before, source), {
    purpose: `building a Debian ${recipe.suite} tree`,
    timeoutSeconds: 1800,
    env: { ...proxies(), PATH: SYSTEM_PATH, LC_ALL: "C", HOME: "/root", ...recipe.environment },
    onLine: (line) => /^[IWE]: /.test(line) && log(`mmdebstrap: ${line}`),
  });
}

/** mmdebstrap's whole command line. Its mounts live in a namespace of their own, so that an interruption leaves none. */
export function mmdebstrapCommand(recipe: TreeRecipe, folder: string, filesBefore: string, source?: string) {
  return [
    ...["unshare", "--mount", "--fork", "--kill-child", "mmdebstrap"],
    ...["--mode=root", "--variant=minbase", "--format=directory"],
    ...foreign(recipe.architecture),
    `--include=${recipe.packages.join(",")}`,
    '--aptopt=Acquire::Languages "none"',
    "--dpkgopt=force-unsafe-io",
    ...recipe.exclude.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    `--essential-hook=sync-in '${filesBefore}' /`,
    ...(recipe.repository ? [downloadHook(recipe.repository)] : []),
    ...[recipe.suite, folder],
    ...(source === undefined ? [] : [source]),
  ];
}

/** An amd64 kernel runs i386 programs by itself: whether QEMU would be needed is not to be asked (by arch-test). */
function foreign(architecture: string | undefined): string[] {
  return architecture === undefined ? [] : [`--architectures=${architecture}`, "--skip=check/qemu"];
}

/** While the tree still has its way to the mirror: apt downloads what is asked for, and what the tree lacks for it. */
function downloadHook({ folder, packages }: RepositoryRecipe): string {
  const clean = `rm -f "$1"/var/cache/apt/archives/*.deb`;
  const download = `APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get install --yes --download-only ${packages.join(" ")}`;
  const keep = `mkdir -p "$1${folder}" && mv "$1"/var/cache/apt/archives/*.deb "$1${folder}/"`;
  return `--customize-hook=${clean} && ${download} && ${keep}`;
}

/** Writes files below a tree's root, with the folders that they need. */
export async function writeFiles(root: string, files: ImageFile[]) {
  await fs.mkdir(root, { recursive: true });
  for (const { path: name, text, mode } of files) {
    const file = path.join(root, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, text);
    await fs.chmod(file, mode ?? 0o644);
  }
}

/** Takes away the ssh host keys that the installation made: each machine makes its own at its first start, or is given one. */
export async function removeHostKeys(root: string) {
  const folder = path.join(root, "etc/ssh");
  const keys = (await fs.readdir(folder)).filter((name) => name.startsWith("ssh_host_"));
  await Promise.all(keys.map((name) => fs.rm(path.join(folder, name))));
}

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

async function checkMeans() {
  if (process.getuid?.() !== 0) {
    throw new FailedError(
      "building an image: not root, but device nodes and owners are needed. Run it as root.",
    );
  }
  if (!(await isInstalled("mmdebstrap"))) {
    throw new FailedError(
      "building an image: mmdebstrap is missing. apt-get install mmdebstrap debian-archive-keyring",
    );
  }
}

async function hostSources(): Promise<string[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = await fs.readdir(folder).catch(() => []);
  const files = ["/etc/apt/sources.list", ...names.map((name) => path.join(folder, name))];
  return Promise.all(files.map((file) => fs.readFile(file, "utf8").catch(() => "")));
}

async function hostCodename(): Promise<string> {
  const release = await fs.readFile("/etc/os-release", "utf8").catch(() => "");
  return /^VERSION_CODENAME="?([^"\n]*)/m.exec(release)?.[1] ?? "";
}

function proxies(): Record<string, string> {
  const set = Object.entries(process.env).filter(
    ([name, value]) => /^(https?|no)_proxy$/i.test(name) && value,
  );
  return Object.fromEntries(set) as Record<string, string>;
}
