/**
 * A disk with bad places: a file seen through QEMU's blkdebug, a FUSE export and a loop device, so that the kernel
 * answers real reads and writes of them with real errors. Needs root.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const SECTOR = 512;
const POLLS = 1000;
const POLL_MS = 20;
/** By their numbers, which are what blkdebug takes. */
const ERRNO = { EIO: 5, ENOSPC: 28 } as const;

export interface DiskFault {
  /** The byte that makes every request which covers it fail. A multiple of 512. */
  offset: number;
  /** Bytes from there on, a multiple of 512. Default one sector. */
  length?: number;
  /** How many requests fail for each sector before it is well again. Default all. */
  times?: number;
  /** Default EIO. */
  code?: keyof typeof ERRNO;
}

export interface FaultyDisk {
  /** What lies on the disk; writes that do not fail arrive in it. */
  file: string;
  readErrors?: DiskFault;
  writeErrors?: DiskFault;
}

/**
 * Shows the file as a block device with these faults while `work` runs with the device's path. Reads go past the page
 * cache, so that each is one request of the export, unless writes are to fail: QEMU 7.2 mixes up the bytes of
 * writes that reach its FUSE export at the same time, and through the page cache they come one by one.
 */
export async function withFaultyDisk<T>(
  disk: FaultyDisk,
  work: (device: string) => T | Promise<T>,
): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pv-to-hvm-faulty-"));
  const undo: (() => void | Promise<void>)[] = [() => fs.rmSync(folder, { recursive: true, force: true })];
  try {
    const shown = path.join(folder, "disk");
    fs.writeFileSync(shown, "");
    const daemon = spawn(
      "setpriv",
      ["--pdeathsig", "KILL", "qemu-storage-daemon", ...daemonArguments(disk, shown)],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    undo.push(() => end(daemon));
    await untilShown(shown, fs.statSync(disk.file).size, daemon);
    const device = command(
      "losetup",
      "--find",
      "--show",
      `--direct-io=${disk.writeErrors ? "off" : "on"}`,
      shown,
    );
    undo.push(() => void command("losetup", "--detach", device));
    // A loop device keeps the mark that somebody gave it before.
    command("blockdev", "--setrw", device);
    return await work(device);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

function daemonArguments({ file, readErrors, writeErrors }: FaultyDisk, mountpoint: string): string[] {
  const rules = [...rulesOf(readErrors, "read"), ...rulesOf(writeErrors, "write")];
  // An empty list is not understood.
  const faults = rules.length > 0 ? { "inject-error": rules } : {};
  const json = (options: object) => JSON.stringify(options);
  return [
    ...["--blockdev", json({ driver: "file", "node-name": "file", filename: file })],
    ...["--blockdev", json({ driver: "blkdebug", "node-name": "faulty", image: "file", ...faults })],
    ...["--export", json({ type: "fuse", id: "disk", "node-name": "faulty", mountpoint, writable: true })],
  ];
}

/** One rule for each sector, and for each time that it fails. */
function rulesOf(fault: DiskFault | undefined, iotype: "read" | "write"): object[] {
  if (fault === undefined) return [];
  const { offset, length = SECTOR, times, code = "EIO" } = fault;
  if (offset % SECTOR !== 0 || length % SECTOR !== 0) throw new RangeError("faults lie in whole sectors");
  const base = { event: "none", iotype, errno: ERRNO[code], once: times !== undefined };
  const sectors = Array.from({ length: length / SECTOR }, (_, index) => offset / SECTOR + index);
  return sectors.flatMap((sector) => Array.from({ length: times ?? 1 }, () => ({ ...base, sector })));
}

/** The file has the disk's size as soon as the disk is seen through it. */
async function untilShown(file: string, size: number, daemon: ChildProcess): Promise<void> {
  for (let poll = 0; fs.statSync(file).size !== size; poll++) {
    if (daemon.exitCode !== null || poll > POLLS)
      throw new Error("qemu-storage-daemon did not show the disk");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null) return;
  await new Promise((resolve) => {
    daemon.once("exit", resolve);
    daemon.kill("SIGTERM");
  });
}

function command(...words: string[]): string {
  return execFileSync(words[0], words.slice(1), { encoding: "utf8" }).trim();
}
