/** Reading and writing whole pieces of a disk at an offset. */
import * as fs from "node:fs/promises";
import { constants } from "node:fs";
import { FailedError } from "../errors";
import { PAUSES_MS, withRetries } from "./copy/retry";
import { placeBehind } from "./handleName";

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

/**
 * Exactly `length` bytes from `offset` on, tried again if that fails. Throws `FailedError` if the disk ends before,
 * and by disk and byte if it cannot be read.
 */
export async function readAt(
  disk: Handle,
  offset: number,
  length: number,
  pausesMs = PAUSES_MS,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const fill = async () => {
    for (let done = 0; done < length;) {
      const { bytesRead } = await disk.read(buffer, done, length - done, offset + done);
      if (bytesRead === 0) throw truncated(offset + done, offset, length);
      done += bytesRead;
    }
  };
  await withRetries(fill, offset, { pausesMs, onRetry: () => undefined }).catch((error: Error) => {
    throw describeError(error, disk, offset, `${length} bytes from there on cannot be read`);
  });
  return buffer;
}

function truncated(end: number, offset: number, length: number): FailedError {
  return new FailedError(
    `disk: ends at byte ${end}, ${length} bytes from byte ${offset} on were needed. It is truncated: make the volume anew (a new revision does).`,
  );
}

/** Writes the whole buffer at `offset`. Throws `FailedError` by disk and byte if it cannot be written. */
export async function writeAt(disk: Handle, offset: number, bytes: Buffer): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await disk.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
  } catch (error) {
    throw describeError(
      error as Error,
      disk,
      offset,
      `${bytes.length} bytes from there on cannot be written`,
    );
  }
}

/** Waits until everything written is on the disk. Throws `FailedError` by disk and byte if it did not get there. */
export async function syncAt(disk: Handle, offset: number): Promise<void> {
  await disk.sync().catch((error: Error) => {
    throw describeError(error, disk, offset, "what was written from there on did not reach the disk");
  });
}

/** A system's error says neither which disk nor where. */
function describeError(error: Error, disk: Handle, offset: number, what: string): Error {
  if ((error as NodeJS.ErrnoException).syscall === undefined) return error;
  const { name, byte } = placeBehind(disk.fd, offset);
  return new FailedError(`${name}, byte ${byte}: ${what} (${error.message}). ${VOLUME_ADVICE}`);
}

/** For either disk of a conversion. */
export const VOLUME_ADVICE =
  "Look at the kernel's messages (dmesg) and run the same command again. Where it fails again, the volume is to be made anew: a new revision does.";

const ZEROS = Buffer.alloc(1024 * 1024);

/** Whether nothing but zeros is in it. */
export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}
