/** Real, small filesystems in raw files, and commands of their own to look into them. */
import { execFileSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const folders: string[] = [];

/** A folder that `removeFolders` takes away again, below the one for temporary files or another. */
export function scratchFolder(below = os.tmpdir()): string {
  const folder = fs.mkdtempSync(path.join(below, "pv-to-hvm-test-"));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

/** A file of zeros. */
export function blankDisk(megabytes: number): string {
  const file = path.join(scratchFolder(), "disk.img");
  fs.writeFileSync(file, "");
  fs.truncateSync(file, megabytes * 1024 * 1024);
  return file;
}

/** Runs a command, its words given one by one, and gives its standard output. */
export function command(...words: string[]): string {
  return execFileSync(words[0], words.slice(1), { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** An ext filesystem on a whole file, holding these files (path → bytes). Needs no root. */
export function filesystemWith(
  files: Record<string, string | Buffer>,
  megabytes = 24,
  options: string[] = ["-t", "ext4"],
): string {
  const tree = scratchFolder();
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(tree, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
  }
  return filesystemOf(tree, megabytes, options);
}

/** An ext filesystem on a whole file, holding what lies in a folder, modes included. */
export function filesystemOf(tree: string, megabytes = 24, options: string[] = ["-t", "ext4"]): string {
  const image = blankDisk(megabytes);
  command("mke2fs", "-q", "-F", ...options, "-d", tree, image);
  return image;
}

/** An XFS filesystem on a whole file, with nothing in it. */
export function xfsImage(options: string[] = []): string {
  const image = blankDisk(320);
  command("mkfs.xfs", "-q", ...options, image);
  return image;
}

/** SHA-256 of a file, or of a file inside an ext filesystem in a file. */
export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The bytes of a file inside an ext filesystem that lies at `offset` of an image. */
export function fileInside(image: string, name: string, offset = 0): Buffer {
  const where = offset === 0 ? image : `${image}?offset=${offset}`;
  return execFileSync("debugfs", ["-R", `cat ${name}`, where], {
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
}

/** Bytes that no filesystem and no compression makes smaller, the same at every run. */
export function noise(length: number, seed: string): Buffer {
  const key = createHash("sha256").update(seed).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** Mounts and loop devices need root; without it the tests that need them are left out, and mocha counts them. */
export const isRoot = process.getuid?.() === 0;

/**
 * Mounts a filesystem in a file while `work` runs. A loop device that was once set read-only stays so for whoever takes
 * it next.
 */
export async function withMountedImage<T>(
  image: string,
  work: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = scratchFolder();
  const loop = command("losetup", "--find", "--show", image).trim();
  try {
    command("blockdev", "--setrw", loop);
    command("mount", "-o", "rw", loop, folder);
    try {
      return await work(folder);
    } finally {
      command("umount", folder);
    }
  } finally {
    command("losetup", "--detach", loop);
  }
}

/**
 * What a snapshot of a running machine gives: the image of a mounted filesystem, taken right after its files were
 * fsynced, so that its journal holds what the rest of it does not.
 */
export async function liveImage(
  type: "ext3" | "ext4" | "xfs",
  options: string[] = [],
): Promise<{ image: string; files: Record<string, Buffer> }> {
  const image = blankDisk(type === "xfs" ? 320 : 64);
  const make = type === "xfs" ? ["mkfs.xfs", "-q", "-f"] : ["mke2fs", "-q", "-F", "-t", type];
  command(...make, ...options, image);
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`g${index}`, noise(20_000, `live ${index}`)]),
  );
  await withMountedImage(image, (folder) => {
    for (const [name, bytes] of Object.entries(files)) {
      const handle = fs.openSync(path.join(folder, name), "w");
      fs.writeSync(handle, bytes);
      fs.fsyncSync(handle);
      fs.closeSync(handle);
    }
    fs.copyFileSync(image, `${image}.snapshot`);
  });
  return { image: `${image}.snapshot`, files };
}
