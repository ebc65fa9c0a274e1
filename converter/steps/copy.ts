/** Step `copy`: what is in use on the source, block by block, into the destination's partitions; checked and mended there. */
import { monotonicMs } from "../clock";
import { type Copied, copyPieces } from "../disk/copy/copier";
import { copyProgressLogger, rate, retryLogger } from "../disk/copy/copyProgress";
import { type Replayed, withReplayed } from "../disk/filesystem/overlay";
import { withMappedDevice } from "../disk/extents";
import { totalBytes } from "../disk/copy/ranges";
import { UnreadableError } from "../disk/copy/diskErrors";
import { formatBytes } from "../disk/sizes";
import { filesystemsOf, extentsOfFilesystem } from "../guest/mounts";
import type { DiskRecord, ExtentFacts, PartFacts, Plan, StepReport } from "../types";
import type { ConversionContext } from "./context";
import { mendCopy } from "./mend";
import { type StepResult, runStep, saveRecord } from "./step";
import { explainUnreadable } from "./unreadable";
import { onDisk, usedPieces } from "./usedPieces";

/** Copies what is in use, replays journals, mends the filesystems, and grows the root where that was asked for. */
export function copy(context: ConversionContext): Promise<StepReport> {
  return runStep("copy", context, (record) => copyDisk(context, record));
}

async function copyDisk(context: ConversionContext, record: DiskRecord): Promise<StepResult> {
  const { plan } = record;
  const copied = record.copied
    ? await goOnMending(context, record, record.copied)
    : await copyAndMend(context, record);
  const methods = plan.copy.parts.map(({ what, method }) => `${what} by ${method}`).join(", ");
  return {
    summary: `${formatBytes(copied.bytesRead)} copied (${methods}; ${formatBytes(copied.bytesWritten)} written) and verified, filesystems checked${context.options.grow ? " and grown" : ""}`,
    copied,
  };
}

type CopiedAll = NonNullable<DiskRecord["copied"]>;

async function copyAndMend(context: ConversionContext, record: DiskRecord): Promise<CopiedAll> {
  const started = monotonicMs();
  const copied = await copyUsed(context, record);
  const all = { ...copied, megabytesPerSecond: rate(copied.bytesRead, monotonicMs() - started) };
  await writeReplayed(context, record.plan);
  // From here on, a run that continues only mends.
  await saveRecord(context, { ...record, copying: undefined, copied: all });
  await mendCopy(context);
  return all;
}

/** Continues after an interruption. A filesystem that was left half grown may be beyond repair: then it is copied again. */
async function goOnMending(
  context: ConversionContext,
  record: DiskRecord,
  copied: CopiedAll,
): Promise<CopiedAll> {
  try {
    await mendCopy(context);
    return copied;
  } catch (error) {
    context.log(`the copy was left half mended (${firstLine(error as Error)}), so it is made anew`);
    const anew = { ...record, copied: undefined, copying: undefined };
    await saveRecord(context, anew);
    return copyAndMend(context, anew);
  }
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0];
}

async function copyUsed(context: ConversionContext, record: DiskRecord): Promise<Copied> {
  const { source, destination, disk, runner, log } = context;
  const { pieces, totalBytes: total } = await usedPieces(disk, record.plan, runner);
  const done = record.copying?.done ?? 0;
  log(
    `copying: ${formatBytes(total)} from ${source.path} to ${destination.path}${done > 0 ? `, from ${formatBytes(done)} on` : ""}`,
  );
  return copyPieces({
    source: source.path,
    destination: destination.path,
    pieces,
    totalBytes: total,
    resume: record.copying,
    onProgress: copyProgressLogger(total, done, log),
    onRetry: retryLogger(log),
    // If this run is ended, the next one continues from here.
    onVerified: (copying) => saveRecord(context, { ...record, copying }),
  }).catch((error: unknown) => {
    throw error instanceof UnreadableError ? explainUnreadable(error, disk, record.plan, total) : error;
  });
}

/** What a replayed journal changes is not on the source: it comes from the overlay, over the source's older blocks. */
async function writeReplayed(
  context: ConversionContext,
  { copy: { parts }, destination }: Plan,
): Promise<void> {
  const { disk, runner, log } = context;
  const replayed = new Set(parts.filter(({ method }) => method === "replayed").map(({ part }) => part));
  for (const one of filesystemsOf(disk.parts)) {
    if (!replayed.has(one.part) || !one.filesystem.needsRecovery) continue;
    const part = disk.parts.find(({ number }) => number === one.part) as PartFacts;
    const partition = destination.partitions.find(({ from }) => from === one.part);
    if (!partition) continue;
    log(`replaying the journal of the ${one.filesystem.type} filesystem ${one.filesystem.uuid}`);
    await withMappedDevice(extentsOfFilesystem(disk, one), true, runner, (device) =>
      withReplayed(device, one.filesystem, runner, async (replayed) => {
        const { extents } = extentsOfFilesystem(disk, one);
        await copyChanged(context, replayed, extents, partition.startBytes - part.startBytes);
      }),
    );
  }
}

/** @param shift from a byte's place on the source disk to its place on the destination */
async function copyChanged(
  { destination }: ConversionContext,
  { device, changedRanges }: Replayed,
  extents: ExtentFacts[],
  shift: number,
): Promise<void> {
  const pieces = changedRanges.flatMap((range) => {
    let from = range.start;
    return [...onDisk([range], extents)].map(({ start, end }) => {
      const piece = { from, to: start + shift, length: end - start };
      from += piece.length;
      return piece;
    });
  });
  await copyPieces({
    ...{ source: device, destination: destination.path, pieces, totalBytes: totalBytes(changedRanges) },
    onProgress: () => undefined,
    onVerified: () => undefined,
  });
}
