/** Step `copy`: the source's filesystem, block by block, into partition 1; then checked and mended there. */
import { withDisk } from "../disk/bytes";
import { copyRanges } from "../disk/copier";
import { type Range, readUsedRanges, totalBytes } from "../disk/freeMap";
import { withLoop } from "../disk/loop";
import { PARTITION_OFFSET, formatBytes } from "../disk/sizes";
import { FailedError } from "../errors";
import type { Log } from "../progress";
import { dyingWithThisProgram } from "../run";
import type { DiskRecord, Plan, StepReport } from "../types";
import { type ConversionContext, partitionWindow } from "./context";
import { type StepResult, runStep } from "./step";

/** Filesystems of terabytes take their time. Seconds. */
const CHECK_TIMEOUT = 4 * 3600;
const PROGRESS_MS = 5000;

/** Copies the filesystem, replays its journal, mends it, and grows it where that was asked for. */
export function copy(context: ConversionContext): Promise<StepReport> {
  return runStep("copy", context, (record) => copyFilesystem(context, record));
}

async function copyFilesystem(context: ConversionContext, { plan }: DiskRecord): Promise<StepResult> {
  const started = Date.now();
  const ranges = await rangesToCopy(context, plan.copy.method);
  const bytes = totalBytes(ranges);
  const written = await copyAll(context, ranges);
  const megabytesPerSecond = rate(bytes, Date.now() - started);
  await mend(context);
  return {
    summary: `${formatBytes(bytes)} copied (${plan.copy.method}, ${formatBytes(written)} written), filesystem checked${context.options.grow ? " and grown" : ""}`,
    copied: { bytes: written, method: plan.copy.method, megabytesPerSecond },
  };
}

/**
 * A free-space map is true only while no journal waits to be replayed: copied by the map of a live source, 3500 of
 * 3500 freshly written files were wrong and e2fsck called the result clean (measured).
 */
async function rangesToCopy(
  { source, superblock, runner }: ConversionContext,
  method: Plan["copy"]["method"],
): Promise<Range[]> {
  if (method === "all-blocks") return [{ start: 0, end: superblock.blockCount * superblock.blockSizeBytes }];
  if (superblock.needsRecovery) {
    throw new FailedError(
      `source ${source.path}: its journal waits to be replayed, which it did not when the plan was made. It is in use elsewhere: start again with a blank destination.`,
    );
  }
  return readUsedRanges(source.path, runner);
}

async function copyAll({ source: from, destination: to, log }: ConversionContext, ranges: Range[]) {
  const total = totalBytes(ranges);
  log(`copying: ${formatBytes(total)} from ${from.path} to ${to.path}`);
  const copying = withDisk(from.path, "read", (source) =>
    withDisk(to.path, "write", (destination) =>
      copyRanges({
        source,
        destination,
        ranges,
        offset: PARTITION_OFFSET,
        onProgress: reporter(total, log),
      }),
    ),
  );
  return copying.catch((error: NodeJS.ErrnoException) => {
    throw describeDiskError(error, from.path, to.path);
  });
}

/** The system's error with the disk that it is about: a read's is the source's, any other the destination's. */
export function describeDiskError(error: NodeJS.ErrnoException, source: string, destination: string): Error {
  if (error.syscall === undefined) return error;
  const disk = error.syscall === "read" ? `source ${source}` : `destination ${destination}`;
  const advice =
    error.code === "ENOSPC"
      ? "Make room on the disk that the file lies on, and run the same command again."
      : "Look at the kernel's messages (dmesg); a disk that fails needs to be made again.";
  return new FailedError(`${disk}: ${error.message}. ${advice}`);
}

/** Logs at most every five seconds. */
function reporter(total: number, log: Log): (done: number) => void {
  const started = Date.now();
  let last = started;
  return (done) => {
    const now = Date.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    log(
      `copying: ${formatBytes(done)} of ${formatBytes(total)} (${Math.floor((100 * done) / total)} %), ${rate(done, now - started)} MB/s`,
    );
  };
}

/** Megabytes (of 1000 × 1000 bytes) a second, one decimal. */
export function rate(bytes: number, milliseconds: number): number {
  return Math.round(bytes / 100 / Math.max(1, milliseconds)) / 10;
}

/** Preening replays the journal and mends what needs no decision. Anything more stops the conversion. */
async function mend({ destination, options, runner, log }: ConversionContext): Promise<void> {
  await withLoop(partitionWindow(destination, false), runner, async (device) => {
    log("checking the copy's filesystem");
    const check = {
      purpose: "checking the copy's filesystem",
      timeoutSeconds: CHECK_TIMEOUT,
      accept: [0, 1],
    };
    await runner(dyingWithThisProgram(["e2fsck", "-fp", device]), check);
    if (!options.grow) return;
    log("growing the filesystem to the partition's size");
    const growth = { purpose: "growing the filesystem", timeoutSeconds: CHECK_TIMEOUT };
    await runner(dyingWithThisProgram(["resize2fs", device]), growth);
  });
}
