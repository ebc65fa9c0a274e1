/** Guests to be prepared: a root to be changed into, with busybox for every program, stand-ins, and the kernels of a family. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { scratchFolder } from "../converter/disk/images";
import { type PhonyKernel, writeKernel } from "../converter/families/kernels";
import { writeTexts } from "../converter/families/treeFiles";
import { copyPrograms } from "../converter/guest/programs";
import { folderInMemory } from "./memory";
import { type LiveRun, programText, resultOf } from "./program";
import { CALLS, offer, write, writeManager, writeScript } from "./standIns";

export interface OldGuest {
  manager: "apt-get" | "yum" | "zypper" | "pacman";
  /** Its texts; a menu is among them. */
  texts: Record<string, string>;
  links?: Record<string, string>;
  scripts?: Record<string, string>;
  files?: Record<string, Buffer>;
  kernels: PhonyKernel[];
  /** Packages that can be had, each with the kernel that it brings, if any, and what its script does. */
  packages: Record<string, { kernel?: PhonyKernel; script?: string }>;
}

/** The root of such a guest in a folder that `removeFolders` takes away. */
export function makeOldGuest(guest: OldGuest): string {
  const { manager, texts, links = {}, scripts = {}, files = {}, kernels, packages } = guest;
  const root = scratchFolder(folderInMemory());
  writeBusybox(root);
  // /run is not the guest's disk: it is looked at apart.
  for (const folder of [
    "/run",
    "/dev/shm",
    "/tmp",
    "/proc",
    "/var/log",
    "/var/lib",
    "/boot",
    "/root",
    "/usr/sbin",
  ])
    fs.mkdirSync(root + folder, { recursive: true });
  fs.mkdirSync(`${root}/dev`, { recursive: true });
  execFileSync("mknod", ["-m", "666", `${root}/dev/null`, "c", "1", "3"]);
  write(root, "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
  writeTexts(root, texts);
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, root + name);
  for (const [name, text] of Object.entries(scripts)) writeScript(root, name, text);
  for (const [name, bytes] of Object.entries(files)) write(root, name, bytes);
  for (const kernel of kernels) writeKernel(root, kernel);
  writeManager(root, manager);
  for (const [name, { kernel, script }] of Object.entries(packages))
    offer(root, name, (folder) => kernel && writeKernel(folder, kernel), script);
  return root;
}

/** Every program is an applet of busybox, and nothing else is there. */
function writeBusybox(root: string): void {
  copyPrograms(root, ["/bin/busybox"]);
  const applets = spawnSync("/bin/busybox", ["--list"], { encoding: "utf8" }).stdout.trim().split("\n");
  for (const applet of applets)
    if (applet !== "busybox") fs.symlinkSync("busybox", path.join(root, "bin", applet));
  // The real one waits for every disk of this machine, and nothing here cuts its power.
  fs.rmSync(`${root}/bin/sync`);
  writeScript(root, "/bin/sync", "exit 0\n");
  if (!isBusyboxShellLikeOthers()) useDash(root);
}

/**
 * Whether busybox's shell looks for programs on the PATH. That of Debian's busybox-static takes busybox's own applets first,
 * rpm and dpkg among them, so it never meets a stand-in.
 */
export function isBusyboxShellLikeOthers(): boolean {
  const { stdout } = spawnSync("/bin/busybox", ["sh", "-c", "command -v cat"], { encoding: "utf8" });
  return stdout.startsWith("/");
}

/** Puts dash in the place of busybox's own shell. */
export function useDash(root: string): void {
  copyPrograms(root, ["/bin/dash"]);
  fs.rmSync(`${root}/bin/sh`);
  fs.symlinkSync("dash", `${root}/bin/sh`);
}

/** Runs the program in the guest's root, /proc mounted in a namespace of its own. */
export function runIn(root: string, command: "inspect" | "prepare", options: RunOptions = {}): LiveRun {
  write(root, "/root/pv-to-hvm.sh", programText());
  // A mount point, as the root of a machine is: df knows no other.
  const mounts = [
    `mount --bind '${root}' '${root}'`,
    `mount -t proc proc '${root}/proc'`,
    options.before ?? "true",
  ];
  const start = `exec env -i PATH=${options.path ?? "/usr/bin:/usr/sbin:/bin"} /usr/sbin/chroot '${root}' /bin/sh /root/pv-to-hvm.sh "$@"`;
  const inside = [...mounts, start].join(" && ");
  const words = [
    "--mount",
    "sh",
    "-c",
    inside,
    "sh",
    command,
    "/",
    "--json",
    ...(options.words ?? ["--for", "xen"]),
  ];
  const stdio = options.isDropped ? "ignore" : "pipe";
  return resultOf(spawnSync("unshare", words, { encoding: "utf8", timeout: 60_000, stdio }));
}

export interface RunOptions {
  /** Default: for Xen's types alone, as these kernels can. */
  words?: string[];
  /** A command of this machine, before the guest's root is entered, in the same mount namespace. */
  before?: string;
  path?: string;
  /** Nobody listens: what it leaves at work when it ends is not waited for. */
  isDropped?: boolean;
}

/** Every file of the guest by what it is and holds, but for what the stand-ins write down and what is no disk's. */
export function manifestOf(root: string): Map<string, string> {
  const manifest = new Map<string, string>();
  const visit = (below: string) => {
    for (const entry of fs.readdirSync(root + below, { withFileTypes: true })) {
      const name = `${below}/${entry.name}`;
      if (UNCOUNTED.some((one) => name === one || name.startsWith(`${one}/`))) continue;
      const { mode, ino } = fs.lstatSync(root + name);
      manifest.set(name, `${mode.toString(8)} ${entry.isFile() ? `${ino} ${hashOf(root + name)}` : ""}`);
      if (entry.isDirectory()) visit(name);
    }
  };
  visit("");
  return manifest;
}

const UNCOUNTED = [CALLS, "/root/pv-to-hvm.sh", "/run", "/dev", "/tmp", "/proc", "/repo"];

export function hashOf(file: string): string {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}
