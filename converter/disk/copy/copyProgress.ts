/** How far a copy has come, in lines for the person who waits. */
import { monotonicMs } from "../../clock";
import type { Log } from "../../progress";
import { formatBytes } from "../sizes";
import type { OnRetry } from "./retry";

const EVERY_MS = 5000;

/**
 * Logs at most every five seconds: percent, rate since the start, time left. `alreadyDone`: bytes that an earlier run
 * copied, so they do not count for the rate of this run.
 */
export function copyProgressLogger(
  totalBytes: number,
  alreadyDone: number,
  log: Log,
  now: () => number = monotonicMs,
): (bytesDone: number) => void {
  const started = now();
  let last = started;
  return (bytesDone) => {
    const at = now();
    if (at - last < EVERY_MS) return;
    last = at;
    log(formatProgress(bytesDone, totalBytes, bytesDone - alreadyDone, at - started));
  };
}

/** Logs requests that failed and are tried again, at most every five seconds: dozens can fail at once. */
export function retryLogger(log: Log, now: () => number = monotonicMs): OnRetry {
  let last = -Infinity;
  return (error, byte) => {
    if (now() - last < EVERY_MS) return;
    last = now();
    // A read here is of the source: reading the destination back is not tried again.
    const disk = (error as NodeJS.ErrnoException).syscall === "write" ? "destination" : "source";
    log(`${disk}, byte ${byte}: ${error.message}; trying again`);
  };
}

/** `copying: 43 % of 2810 MiB, 118.2 MB/s, 14 s left`. */
export function formatProgress(done: number, total: number, copied: number, milliseconds: number): string {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const left = copied > 0 ? `, ${formatSeconds(((total - done) * milliseconds) / copied / 1000)} left` : "";
  return `copying: ${percent} % of ${formatBytes(total)}, ${rate(copied, milliseconds)} MB/s${left}`;
}

/** Megabytes (of 1000 × 1000 bytes) a second, one decimal. */
export function rate(bytes: number, milliseconds: number): number {
  return Math.round(bytes / 100 / Math.max(1, milliseconds)) / 10;
}

/** `14 s`, `3 min`, `2 h 5 min`. */
function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
