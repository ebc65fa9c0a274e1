/**
 * A disk read and written past the page cache (O_DIRECT). Through it, a read of 1 MiB would be made of one read-ahead
 * window (128 KiB) after the other, each waiting tens of milliseconds on a fresh EBS volume, and what was written would
 * be checked in memory, not on the disk.
 */
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import type { Handle } from "../bytes";

/** What O_DIRECT asks of every offset and length. Disks with larger sectors answer EINVAL, and are read buffered then. */
const ALIGNMENT = 512;
const WASM_PAGE = 64 * 1024;

/** The little of WebAssembly that is needed: its memory is the one that Node aligns to pages. */
declare const WebAssembly: {
  Memory: new (pages: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
};

/** `count` buffers of `size` bytes (a multiple of 64 KiB), fit for O_DIRECT. */
export function alignedBuffers(count: number, size: number): Buffer[] {
  const pages = (count * size) / WASM_PAGE;
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
  return Array.from({ length: count }, (_, index) => Buffer.from(buffer, index * size, size));
}

export interface DirectDisk {
  path: string;
  /** Fills the buffer from `offset` on. Throws the system's error, or `EndOfDisk`. */
  read: (buffer: Buffer, offset: number) => Promise<void>;
  /** Writes the whole buffer; afterwards `read` gives what is on the disk. */
  write: (buffer: Buffer, offset: number) => Promise<void>;
  /** Waits until everything is on the disk, its own cache included. */
  sync: () => Promise<void>;
}

/** A disk that is shorter than was thought. */
export class EndOfDisk extends Error {
  constructor(readonly offset: number) {
    super(`the disk ends at byte ${offset}`);
  }
}

/** Opens a device or file both ways while `work` runs: past the page cache, and through it for what cannot go past it. */
export async function withDirectDisk<T>(
  path: string,
  mode: "read" | "write",
  work: (disk: DirectDisk) => Promise<T>,
): Promise<T> {
  const access = mode === "read" ? constants.O_RDONLY : constants.O_RDWR;
  const buffered = await fs.open(path, access);
  const direct = await openDirect(path, access);
  try {
    return await work(directDisk(path, buffered, direct));
  } finally {
    await direct?.close();
    await buffered.close();
  }
}

/** tmpfs and some FUSE filesystems know no O_DIRECT. */
async function openDirect(path: string, access: number): Promise<Handle | undefined> {
  try {
    return await fs.open(path, access | constants.O_DIRECT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EINVAL") return undefined;
    throw error;
  }
}

function directDisk(path: string, buffered: Handle, direct: Handle | undefined): DirectDisk {
  const transfer = async (buffer: Buffer, offset: number, work: Transfer, after?: () => Promise<void>) => {
    const done =
      direct && isAligned(offset, buffer.length) ? await tryDirect(direct, buffer, offset, work) : 0;
    if (done === buffer.length) return;
    await transferAll(buffered, buffer, offset, done, work);
    await after?.();
  };
  return {
    path,
    read: (buffer, offset) => transfer(buffer, offset, readSome),
    write: (buffer, offset) => transfer(buffer, offset, writeSome, () => buffered.datasync()),
    sync: () => buffered.datasync(),
  };
}

function isAligned(offset: number, length: number): boolean {
  return offset % ALIGNMENT === 0 && length % ALIGNMENT === 0;
}

/** Bytes moved at once from `done` on. */
type Transfer = (disk: Handle, buffer: Buffer, done: number, offset: number) => Promise<number>;

const readSome: Transfer = async (disk, buffer, done, offset) =>
  (await disk.read(buffer, done, buffer.length - done, offset + done)).bytesRead;
const writeSome: Transfer = async (disk, buffer, done, offset) =>
  (await disk.write(buffer, done, buffer.length - done, offset + done)).bytesWritten;

/** Bytes moved past the page cache: 0 where the disk's sectors or the file's end do not allow it. */
async function tryDirect(disk: Handle, buffer: Buffer, offset: number, work: Transfer): Promise<number> {
  try {
    return await work(disk, buffer, 0, offset);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EINVAL") return 0;
    throw error;
  }
}

async function transferAll(disk: Handle, buffer: Buffer, offset: number, from: number, work: Transfer) {
  for (let done = from; done < buffer.length;) {
    const moved = await work(disk, buffer, done, offset);
    if (moved === 0) throw new EndOfDisk(offset + done);
    done += moved;
  }
}
