/** Reading and writing whole pieces of a disk at an offset. */
import * as fs from "node:fs/promises";
import { constants } from "node:fs";
import { FailedError } from "../errors";

export type Handle = fs.FileHandle;

/** Opens, works, closes. `write` opens for both. */
export async function withDisk<T>(
  path: string,
  mode: "read" | "write",
  work: (disk: Handle) => Promise<T>,
): Promise<T> {
  const handle = await fs.open(path, mode === "read" ? constants.O_RDONLY : constants.O_RDWR);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Exactly `length` bytes from `offset` on. Throws `FailedError` where the disk ends before. */
export async function readAt(disk: Handle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await disk.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) {
      throw new FailedError(
        `disk: ends at byte ${offset + done}, ${length} bytes from byte ${offset} on were needed. It is truncated.`,
      );
    }
    done += bytesRead;
  }
  return buffer;
}

/** Writes the whole buffer at `offset`. */
export async function writeAt(disk: Handle, offset: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await disk.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

const ZEROS = Buffer.alloc(1024 * 1024);

/** Whether nothing but zeros is in it. */
export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}
