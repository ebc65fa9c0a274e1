/** Free space on this machine's own filesystems: checked before use, and named in the error if it was not enough. */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import { forEver, isHalted } from "./cleanup";
import { formatBytes } from "./disk/sizes";
import { ObstacleError } from "./errors";
import type { Advice } from "./types";

/** The space that some work needs in a folder. */
export interface SpaceRequest {
  folder: string;
  /** What the work writes there, as in "the overlay for a journal". */
  what: string;
  /** Bytes, if they are known before. Default: not known. */
  bytes?: number;
}

/**
 * Runs the work if there is enough free space. Otherwise, and if the work filled the disk, throws an `ObstacleError` that
 * names the folder, the free space and the need. A signal may come during the check; its clean-up has then already run, so
 * the work is not started.
 */
export async function withFreeSpace<T>(request: SpaceRequest, work: () => Promise<T>): Promise<T> {
  const { folder, bytes = 0 } = request;
  if (bytes > (await freeBytes(folder))) throw await noSpaceError(request);
  if (isHalted()) return forEver();
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoSpaceError) throw error;
    throw isFull(error) || (await freeBytes(folder)) < FULL_BYTES
      ? await noSpaceError({ ...request, bytes: undefined })
      : error;
  }
}

/** There was too little free space. */
export class NoSpaceError extends ObstacleError {}

/** A filesystem with less than this counts as full. Not every program says that a full disk made it fail. Bytes. */
const FULL_BYTES = 64 * 1024;

/** Bytes that a user other than root can still write there. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder);
  return bavail * bsize;
}

const FULL = /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i;

/** Whether an error means a full filesystem: by the system's code, or by a program's words. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT" || FULL.test(error.message);
}

async function noSpaceError({ folder, what, bytes }: SpaceRequest): Promise<NoSpaceError> {
  return new NoSpaceError(describeNoSpace({ folder, what, bytes }, await freeBytes(folder)));
}

/** The sentence: which folder, what for, how much is there and is needed, what to do. */
export function describeNoSpace({ folder, what, bytes }: SpaceRequest, free: number): Advice {
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
