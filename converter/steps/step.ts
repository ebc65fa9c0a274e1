/** The frame of every step that works on the destination: held against the record before, entered in it after. */
import { monotonicMs, secondsSince } from "../clock";
import { withDisk } from "../disk/bytes";
import { confirmDisk } from "../disk/disk";
import { withReadOnly } from "../disk/readOnly";
import { readRecord, writeRecord } from "../disk/record";
import { readDisk } from "../disk/parts";
import { missingForConversion } from "../disk/programs";
import { FailedError, RefusedError } from "../errors";
import type { DiskRecord, StepReport } from "../types";
import { type Context, type ConversionContext, fingerprintOf } from "./context";
import { type ConversionStep, decide, withFinished } from "./progress";
import { refuseUnreadable } from "./sourceChecks";

/** What a step's own work gives back. */
export type StepResult = Pick<StepReport, "summary"> & Partial<StepReport>;

/** Makes out which conversion this is. Throws `RefusedError` if the source, or this machine, does not allow that. */
export async function identify(context: Context): Promise<ConversionContext> {
  const { source, destination, runner } = context;
  if (!destination)
    throw new FailedError("destination: none was named. Name a blank disk behind the source.");
  const missing = await missingForConversion(runner);
  if (missing.length > 0) throw new RefusedError(missing);
  const disk = { ...nameOf(source), ...(await readDisk(source.path, source.sizeBytes, runner)) };
  const reasons = await refuseUnreadable(disk);
  if (reasons.length > 0) throw new RefusedError(reasons);
  return { ...context, destination, disk, fingerprint: fingerprintOf(context, disk) };
}

/**
 * Runs a step that has a record to go by. NOCHANGE if it is finished; `RefusedError` if the steps before it are
 * not. The plan may come back changed (`report.plan`): the record then keeps the new one.
 */
export async function runStep(
  step: ConversionStep,
  context: ConversionContext,
  work: (record: DiskRecord) => Promise<StepResult>,
): Promise<StepReport> {
  const started = monotonicMs();
  const record = await withDisk(context.destination.path, "read", readRecord);
  const decision = decide(step, record, context.fingerprint);
  if (decision.kind === "stop") throw new RefusedError([{ subject: step, ...decision }]);
  if (!record) throw new FailedError(`${step}: the destination carries no record of a conversion.`);
  if (decision.kind === "done") {
    return complete(step, context, started, {
      outcome: "NOCHANGE",
      summary: `finished on this disk at ${decision.at}`,
    });
  }
  // It may have been waited for long, behind another run.
  confirmDisk(context.destination);
  // Only `copy` reads the source, and where the kernel keeps it as it is, no other step can harm it by mistake.
  const result = await withReadOnly(context.source, context.runner, () => work(record));
  const seconds = secondsSince(started);
  await saveRecord(
    context,
    withFinished(
      { ...record, restored: undefined, plan: result.plan ?? record.plan },
      step,
      new Date(),
      seconds,
    ),
  );
  return complete(step, context, started, result);
}

/** Writes the record, on no other disk than the one that it speaks of, and waits until it is there. */
export async function saveRecord(context: ConversionContext, record: DiskRecord): Promise<void> {
  confirmDisk(context.destination);
  await withDisk(context.destination.path, "write", (disk) => writeRecord(disk, record));
}

/** Fills in what every report says. */
export function complete(
  step: ConversionStep,
  context: ConversionContext,
  started: number,
  result: StepResult,
): StepReport {
  return {
    format: 1,
    step,
    outcome: "CHANGED",
    seconds: secondsSince(started),
    fingerprint: context.fingerprint,
    source: nameOf(context.source),
    destination: nameOf(context.destination),
    warnings: [],
    ...result,
  };
}

/** A disk as reports name it. */
export function nameOf({ path, volumeId, sizeBytes }: Context["source"]): NonNullable<StepReport["source"]> {
  return { path, volumeId, sizeBytes };
}
