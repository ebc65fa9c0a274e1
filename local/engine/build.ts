/** Builds the engine from its Go module, for networks that reach no more than package registries. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "./engine";
import { execute } from "./execute";
import { ENGINE_VERSION, isAtLeast, numbersOf } from "./version";

const MODULE = "github.com/pulumi/pulumi";
/** From here on `go` fetches by itself the newer toolchain that go.mod asks for. */
const TOOLCHAIN_SWITCHING = "1.21.0";
const PROGRESS_SECONDS = 10;

/**
 * Builds into `<folder>/built/`: a minute of downloads and three to six minutes of both cores. Under a temporary name
 * until it is whole, so that it can be interrupted. Throws where there is no Go that can do it.
 */
export async function buildEngine(folder: string, log: (line: string) => void): Promise<Engine> {
  await checkGo();
  const workspace = join(folder, `build-${process.pid}`);
  const target = join(folder, "built", "pulumi");
  try {
    await prepareModule(workspace);
    // No `go mod download` before it: that fetches modules which the build has no need of, some of them not to be had.
    await withProgress(`building Pulumi ${ENGINE_VERSION} from its Go module (usually 4 to 7 min)`, log, () =>
      go(workspace, buildArguments("pulumi")),
    );
    await mkdir(dirname(target), { recursive: true });
    await rename(join(workspace, "pulumi"), target);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  return { pulumi: target, version: ENGINE_VERSION, from: "built" };
}

/** The release's own way: its version is set by the linker, since a module that is built as a tool has none. */
export function buildArguments(output: string): string[] {
  const flags = `-X ${MODULE}/sdk/v3/go/common/version.Version=${ENGINE_VERSION} -s -w`;
  return ["build", "-ldflags", flags, "-o", output, `${MODULE}/pkg/v3/cmd/pulumi`];
}

async function prepareModule(workspace: string): Promise<void> {
  const source = moduleFolder();
  await mkdir(workspace, { recursive: true });
  await Promise.all(["go.mod", "go.sum"].map((file) => copyFile(join(source, file), join(workspace, file))));
}

function go(cwd: string, args: string[]): Promise<string> {
  return execute(["go", ...args], {
    purpose: "building Pulumi from its Go module",
    cwd,
    env: { CGO_ENABLED: "0" },
  });
}

async function checkGo(): Promise<void> {
  const needed = numbersOf(
    /^go (\S+)/m.exec(await readFile(join(moduleFolder(), "go.mod"), "utf8"))?.[1] ?? "",
  );
  const installed = await execute(["go", "env", "GOVERSION"], {
    purpose: "looking for Go",
    timeoutSeconds: 30,
  }).catch(() => undefined);
  const problem = goProblem(installed, needed?.join(".") ?? "");
  if (problem) throw new Error(problem);
}

/** Why the engine cannot be built with this Go (`go1.19.8`; undefined: none), and what can be done. */
export function goProblem(installed: string | undefined, needed: string): string | undefined {
  if (installed && isAtLeast(installed, TOOLCHAIN_SWITCHING)) return undefined;
  const found = installed
    ? `Go ${installed.trim().replace(/^go/, "")} is too old to build it`
    : "there is no Go to build it with";
  return [
    `pulumi: no engine of version ${ENGINE_VERSION} on the PATH, none to be downloaded, and ${found} (${needed} needed; 1.21 and newer fetch that by themselves). One of these helps:`,
    "  - install Pulumi (https://www.pulumi.com/docs/install/) and run this again;",
    `  - install Go ${needed} or newer (https://go.dev/dl/) and run this again. Debian 12's golang-go is 1.19: too old;`,
    "  - copy a pulumi from another machine here and name it: PULUMI_BINARY=/path/to/pulumi",
  ].join("\n");
}

/** This folder in the checkout, from wherever this program was bundled to. */
function moduleFolder(from = __dirname): string {
  const folder = [from, join(from, "local", "engine")].find((candidate) =>
    existsSync(join(candidate, "go.mod")),
  );
  if (folder) return folder;
  if (dirname(from) === from)
    throw new Error(
      "local/engine/go.mod: not found above this program. Run it from a checkout of pv-to-hvm.",
    );
  return moduleFolder(dirname(from));
}

/** A line every ten seconds, so that nobody takes a long build for a hang. */
async function withProgress<T>(
  what: string,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  log(what);
  const timer = setInterval(
    () => log(`${what}: ${Math.round((Date.now() - started) / 1000)} s`),
    PROGRESS_SECONDS * 1000,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
