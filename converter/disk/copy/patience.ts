/** Requests that fail are tried again: a network's hiccup is no damaged disk, and one bad sector is no bad megabyte. */
import { SECTOR } from "../sizes";
import type { DirectDisk } from "./directDisk";
import type { Range } from "./ranges";

/** How long to wait before a request that failed is tried again. Milliseconds. */
export const PAUSES_MS = [500, 2000, 8000];

/** Sectors that may be found unreadable before the rest of a piece is given up: each may take the disk's own time-out. */
const MOST_BAD_SECTORS = 64;

/** Told of each request that failed and is tried again. Dozens may fail at the same time. */
export type Trouble = (error: Error, byte: number) => void;

export interface Patience {
  pausesMs: number[];
  onTrouble: Trouble;
}

/** Runs a request until it succeeds, or has failed once more than there are pauses. Throws what it failed with last. */
export async function patiently(
  request: () => Promise<void>,
  byte: number,
  { pausesMs, onTrouble }: Patience,
): Promise<void> {
  for (const pause of pausesMs) {
    try {
      return await request();
    } catch (error) {
      if (!isWorthAnother(error)) throw error;
      onTrouble(error as Error, byte);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return request();
}

/** The system's errors, but for a full disk: that is not one that passes. */
function isWorthAnother(error: unknown): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall !== undefined && code !== "ENOSPC" && code !== "EDQUOT";
}

/** Bytes of a disk that cannot be read, and in whose words. */
export interface Unreadable {
  ranges: Range[];
  /** Not everything was tried: there may be more of them. */
  givenUp: boolean;
  error: NodeJS.ErrnoException;
}

/**
 * Reads a piece patiently, then in smaller and smaller ones down to a sector. The buffer holds all that could be read;
 * given back is what could not, or nothing. Throws what is no error of the system's.
 */
export async function readPatiently(
  disk: DirectDisk,
  bytes: Buffer,
  from: number,
  patience: Patience,
): Promise<Unreadable | undefined> {
  try {
    await patiently(() => disk.read(bytes, from), from, patience);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const found: Unreadable = { ranges: [], givenUp: false, error: error as NodeJS.ErrnoException };
    await salvage(disk, bytes, from, found);
    return found.ranges.length === 0 ? undefined : found;
  }
}

/** Reads the halves of what failed as a whole, and theirs. */
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
