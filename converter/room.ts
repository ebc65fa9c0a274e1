/** Room on this machine's own filesystems, asked for before it is used, and named where it was not enough. */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import { forEver, isHalted } from "./cleanup";
import { formatBytes } from "./disk/sizes";
import { ObstacleError } from "./errors";
import type { Advice } from "./types";

/** Work that lays something down in a folder. */
export interface Deposit {
  folder: string;
  /** What is laid down there, as in "the overlay for a journal". */
  what: string;
  /** Bytes, where they are known before. Default: not known. */
  bytes?: number;
}

/**
 * Runs the work where there is room. Throws an `ObstacleError` with folder, need and room: before it, or where it filled the
 * disk. A signal that came while the room was asked for has taken away what there was: nothing is laid down after that.
 */
export async function withRoomFor<T>(deposit: Deposit, work: () => Promise<T>): Promise<T> {
  const { folder, bytes = 0 } = deposit;
  if (bytes > (await freeBytes(folder))) throw await noRoom(deposit);
  if (isHalted()) return forEver();
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoRoomError) throw error;
    throw isFull(error) || (await freeBytes(folder)) < FULL_BYTES
      ? await noRoom({ ...deposit, bytes: undefined })
      : error;
  }
}

/** There was too little room. */
export class NoRoomError extends ObstacleError {}

/** Less is as good as nothing: not every program says that this is why it failed, a filesystem's driver least of all. */
const FULL_BYTES = 64 * 1024;

/** What whoever is no root may still write there. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder);
  return bavail * bsize;
}

const FULL = /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i;

/** Whether an error, of the system or in a program's words, speaks of a full filesystem. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT" || FULL.test(error.message);
}

async function noRoom({ folder, what, bytes }: Deposit): Promise<NoRoomError> {
  return new NoRoomError(describeNoRoom({ folder, what, bytes }, await freeBytes(folder)));
}

/** The sentence: which folder, what for, how much is there and is needed, what to do. */
export function describeNoRoom({ folder, what, bytes }: Deposit, free: number): Advice {
  const needed = bytes === undefined ? "more is needed" : `${formatBytes(bytes)} are needed`;
  return {
    subject: `folder ${folder} of this machine`,
    found: `has ${formatBytes(free)} free, ${needed} for ${what}.`,
    advice: adviceFor(folder),
  };
}

function adviceFor(folder: string): string {
  const elsewhere = folder === os.tmpdir() ? "set TMPDIR to a folder with more room, " : "";
  return `Delete something there (du -xh ${folder} | sort -h | tail tells what is large), ${elsewhere}or take a helper with a larger root volume (in Pulumi: a helper.imageId that has one, and a new revision); then run the same command again.`;
}
