/** The system's errors in words: which disk, which byte, what to do. */
import { FailedError } from "../../errors";
import { formatBytes } from "../sizes";
import { EndOfDisk } from "./directDisk";
import type { Unreadable } from "./retry";

/** What the source cannot give, with the place of it: whoever knows what lies there can say so. */
export class UnreadableError extends FailedError {
  /** @param goodBytes of what was to be copied, read so far; absent while others still read */
  constructor(
    readonly path: string,
    readonly unreadable: Unreadable,
    readonly attempts: number,
    readonly goodBytes?: number,
  ) {
    super(`source ${path}: ${describeUnreadable(unreadable, attempts)}. ${SOURCE_ADVICE}`);
  }
}

export const SOURCE_ADVICE =
  "Look at the kernel's messages (dmesg). A volume that fails is made anew from its snapshot: a new revision does. Where the snapshot itself cannot be read, rescue the rest onto a new volume (ddrescue -d, of the package gddrescue), mend its filesystem, and convert a snapshot of that.";

/** Ranges that are named one by one at most. */
const MOST_NAMED = 3;

/** `1024 bytes from byte 5246976 on cannot be read (EIO: i/o error, read), 4 times as a whole, then sector by sector`. */
export function describeUnreadable({ ranges, givenUp, error }: Unreadable, attempts: number): string {
  const named = ranges
    .slice(0, MOST_NAMED)
    .map(({ start, end }) => `${end - start} bytes from byte ${start} on`);
  const more = ranges.length > MOST_NAMED || givenUp ? ["more after them"] : [];
  const places = [...named, ...more].join(", ");
  return `${places} cannot be read (${error.message}): tried ${attempts} times as a whole, then sector by sector`;
}

/** An error of reading the source that has no place on it. */
export function describeSourceError(error: Error, path: string): Error {
  if (!(error instanceof EndOfDisk)) return error;
  return new FailedError(
    `source ${path}: ends at byte ${error.offset}, and its filesystems say that there is more. It is truncated: attach the whole volume.`,
  );
}

/** What was tried with the destination, from a byte on. */
export interface Request {
  doing: "read" | "written";
  path: string;
  byte: number;
  length: number;
}

/** A system's error of the destination, with the place that it is about; anything else as it is. */
export function describeDestinationError(error: Error, { doing, path, byte, length }: Request): Error {
  if (error instanceof EndOfDisk) {
    return new FailedError(
      `destination ${path}: ends at byte ${error.offset}, more is needed. Take a larger one.`,
    );
  }
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new FailedError(
    `destination ${path}, byte ${byte}: the ${formatBytes(length)} from there on cannot be ${doing} (${error.message}). ${destinationAdvice(code)}`,
  );
}

/** The disk did not take what was written: from where on is not known. */
export function describeSyncError(error: Error, path: string): Error {
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new FailedError(
    `destination ${path}: what was written did not reach the disk (${error.message}). ${destinationAdvice(code)}`,
  );
}

function destinationAdvice(code: string | undefined): string {
  return code === "ENOSPC"
    ? "Make room on the disk that the file lies on, and run the same command again: it goes on from there."
    : "Look at the kernel's messages (dmesg) and run the same command again: it goes on from there. Where it fails again, take a new volume: a new revision makes one.";
}

/** What lies on the destination is not what was written there. */
export function damaged(path: string, byte: number, length: number): FailedError {
  return new FailedError(
    `destination ${path}, byte ${byte}: the ${length} bytes from there on are not what was written. Something else writes to the disk, or it is damaged: take a new one.`,
  );
}
