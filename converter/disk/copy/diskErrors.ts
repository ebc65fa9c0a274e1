/** The system's errors in words: which disk, which byte, what to do. */
import { FailedError } from "../../errors";
import { EndOfDisk } from "./directDisk";

/** An error of reading the source, after so many attempts. */
export function describeSourceError(error: Error, path: string, byte: number, attempts: number): Error {
  if (error instanceof EndOfDisk) {
    return new FailedError(
      `source ${path}: ends at byte ${error.offset}, and its filesystems say that there is more. It is truncated: attach the whole volume.`,
    );
  }
  return describeDiskError(error, "source", path, byte, ` ${attempts} attempts to read it failed.`);
}

/** A system's error with the disk that it is about; anything else as it is. */
export function describeDiskError(
  error: Error,
  role: "source" | "destination",
  path: string,
  byte: number,
  more = "",
): Error {
  if (error instanceof EndOfDisk) {
    return new FailedError(
      `destination ${path}: ends at byte ${error.offset}, more is needed. Take a larger one.`,
    );
  }
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new FailedError(
    `${role} ${path}, byte ${byte}: ${error.message}.${more} ${ADVICE[code ?? ""] ?? DEFAULT_ADVICE}`,
  );
}

const ADVICE: Record<string, string> = {
  ENOSPC: "Make room on the disk that the file lies on, and run the same command again.",
};
const DEFAULT_ADVICE =
  "Look at the kernel's messages (dmesg). A volume that fails is made anew from its snapshot; then run the same command again.";

/** What lies on the destination is not what was written there. */
export function damaged(path: string, byte: number, length: number): FailedError {
  return new FailedError(
    `destination ${path}, byte ${byte}: the ${length} bytes from there on are not what was written. Something else writes to the disk, or it is damaged: take a new one.`,
  );
}
