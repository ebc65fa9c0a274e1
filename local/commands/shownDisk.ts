/**
 * A disk that another program serves (NBD), as a device of this machine: nbdfuse shows it as a file, a loop device shows
 * that as a disk. (Of FUSE alone a program gets one request after the other, where it asks for 1 MiB.)
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 20_000;
/** What the kernel reads ahead on an EBS volume: 128 KiB, in sectors. */
const READ_AHEAD_SECTORS = 256;

export interface ServedDisk {
  /** The command that serves the disk at a socket. */
  server: (socket: string) => string[];
  /** The export's name. Default: none. */
  name?: string;
  /** Requests under way at once. */
  connections: number;
  access: "read" | "write";
}

/** Shows the disk as a device while `work` runs. */
export async function withShownDisk(
  disk: ServedDisk,
  work: (device: string) => Promise<void>,
): Promise<void> {
  const folder = fs.mkdtempSync(join(os.tmpdir(), "pv-to-hvm-shown-"));
  const [socket, shown] = [join(folder, "socket"), join(folder, "disk")];
  const undo: (() => void)[] = [() => fs.rmSync(folder, { recursive: true, force: true })];
  const readOnly = disk.access === "read" ? ["-r"] : [];
  try {
    undo.push(ending(start(disk.server(socket))));
    await until(() => fs.existsSync(socket));
    fs.writeFileSync(shown, "");
    const uri = `nbd+unix:///${disk.name ?? ""}?socket=${socket}`;
    undo.push(ending(start(["nbdfuse", "-C", String(disk.connections), ...readOnly, shown, uri])));
    await until(() => fs.statSync(shown).size > 0);
    undo.push(() => execFileSync("umount", [shown]));
    allowManyRequests(folder, fs.statSync(shown).dev);
    const loop = ["losetup", "--find", "--show", ...readOnly, "--direct-io=on", shown];
    const device = execFileSync(loop[0], loop.slice(1), { encoding: "utf8" }).trim();
    undo.push(() => execFileSync("losetup", ["--detach", device]));
    execFileSync("blockdev", ["--setra", String(READ_AHEAD_SECTORS), device]);
    await work(device);
  } finally {
    for (const step of undo.reverse()) step();
  }
}

function start([program, ...args]: string[]): ChildProcess {
  return spawn(program, args, { stdio: "ignore" });
}

function ending(child: ChildProcess): () => void {
  return () => void child.kill();
}

/** FUSE lets twelve requests of the loop device through at once, unless told otherwise. */
function allowManyRequests(folder: string, device: number): void {
  const control = join(folder, "control");
  fs.mkdirSync(control);
  execFileSync("mount", ["-t", "fusectl", "none", control]);
  try {
    const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
    fs.writeFileSync(join(control, String(minor), "max_background"), "256");
  } finally {
    execFileSync("umount", [control]);
  }
}

async function until(ready: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !ready();) {
    if (Date.now() > end)
      throw new Error(
        "the disk's server or nbdfuse did not start: apt-get install nbdkit qemu-system-common libnbd-bin fuse3",
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
