/**
 * A device that answers each read late, many at once, as a volume fresh from a snapshot does: nbdkit's delay filter, seen
 * through nbdfuse and a loop device. (Of FUSE alone a program gets one request after the other, where it asks for 1 MiB.)
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 20_000;
/** Requests under way at once. */
const CONNECTIONS = 64;
/** What the kernel reads ahead on an EBS volume: 128 KiB, in sectors. */
const READ_AHEAD_SECTORS = 256;

/** Shows a file as a read-only device whose reads take that much longer, while `work` runs. */
export async function withSlowDisk(
  file: string,
  milliseconds: number,
  work: (device: string) => Promise<void>,
): Promise<void> {
  const folder = fs.mkdtempSync(join(os.tmpdir(), "pv-to-hvm-slow-"));
  const [socket, shown] = [join(folder, "socket"), join(folder, "disk")];
  const undo: (() => void)[] = [() => fs.rmSync(folder, { recursive: true, force: true })];
  try {
    const server = ["nbdkit", "-f", "-U", socket, "-t", "128", "--filter=delay", "file", file];
    undo.push(ending(start([...server, `rdelay=${milliseconds}ms`])));
    await until(() => fs.existsSync(socket));
    fs.writeFileSync(shown, "");
    const uri = `nbd+unix:///?socket=${socket}`;
    undo.push(ending(start(["nbdfuse", "-C", String(CONNECTIONS), "-r", shown, uri])));
    await until(() => fs.statSync(shown).size > 0);
    undo.push(() => execFileSync("umount", [shown]));
    allowManyRequests(folder, fs.statSync(shown).dev);
    const device = execFileSync("losetup", ["--find", "--show", "-r", "--direct-io=on", shown], {
      encoding: "utf8",
    }).trim();
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
      throw new Error("nbdkit or nbdfuse did not start: apt-get install nbdkit libnbd-bin fuse3");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
