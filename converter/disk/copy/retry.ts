/** Tries failed requests again: a network error may pass, and one bad sector does not make a megabyte unreadable. */
import { SECTOR } from "../sizes";
import type { DirectDisk } from "./directDisk";
import type { Range } from "./ranges";

/** The pause before each new try of a failed request. Milliseconds. */
export const PAUSES_MS = [500, 2000, 8000];

/** After so many unreadable sectors, the rest of a piece is not tried: each may take the disk's own time-out. */
const MOST_BAD_SECTORS = 64;

/** Called before a failed request is tried again. Dozens may fail at the same time. */
export type OnRetry = (error: Error, byte: number) => void;

export interface RetryOptions {
  pausesMs: number[];
  onRetry: OnRetry;
}

/** Runs a request until it succeeds, at most once more than there are pauses. Throws the last error. */
export async function withRetries(
  request: () => Promise<void>,
  byte: number,
  { pausesMs, onRetry }: RetryOptions,
): Promise<void> {
  for (const pause of pausesMs) {
    try {
      return await request();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      onRetry(error as Error, byte);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return request();
}

/** All errors of the system, except a full disk: that does not pass by waiting. */
function isRetryable(error: unknown): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall !== undefined && code !== "ENOSPC" && code !== "EDQUOT";
}

/** The ranges of a disk that cannot be read, and the system's error. */
export interface Unreadable {
  ranges: Range[];
  /** Not everything was tried: there may be more unreadable ranges. */
  givenUp: boolean;
  error: NodeJS.ErrnoException;
}

/**
 * Reads a piece with retries; if that fails, its halves, and their halves, down to a sector. The buffer then holds all that
 * could be read. Returns what could not be read, or nothing. Throws errors that are not the system's.
 */
export async function readWithRetries(
  disk: DirectDisk,
  bytes: Buffer,
  from: number,
  retries: RetryOptions,
): Promise<Unreadable | undefined> {
  try {
    await withRetries(() => disk.read(bytes, from), from, retries);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const found: Unreadable = { ranges: [], givenUp: false, error: error as NodeJS.ErrnoException };
    await salvage(disk, bytes, from, found);
    return found.ranges.length === 0 ? undefined : found;
  }
}

/** Reads the halves of a piece that could not be read as a whole, and their halves. */
async function salvage(disk: DirectDisk, bytes: Buffer, from: number, found: Unreadable): Promise<void> {
  if (bytes.length <= SECTOR) return enter(found, from, bytes.length);
  const half = Math.ceil(bytes.length / 2 / SECTOR) * SECTOR;
  for (const [at, piece] of [
    [from, bytes.subarray(0, half)],
    [from + half, bytes.subarray(half)],
  ] as const) {
    if (found.givenUp || piece.length === 0) return;
    const failed = await disk.read(piece, at).then(
      () => false,
      () => true,
    );
    if (failed) await salvage(disk, piece, at, found);
  }
}

function enter(found: Unreadable, start: number, length: number): void {
  const last = found.ranges.at(-1);
  if (last?.end === start) last.end += length;
  else found.ranges.push({ start, end: start + length });
  const bad = found.ranges.reduce((sum, range) => sum + range.end - range.start, 0);
  found.givenUp = bad >= MOST_BAD_SECTORS * SECTOR;
}
