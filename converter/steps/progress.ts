/** How far a conversion has come, by the record on the destination: what a step may do next. Pure. */
import type { DiskRecord, StepName } from "../types";

/** The steps that write to the destination or judge it, in order. Each needs all before it. */
export const SEQUENCE = [
  "partition",
  "copy",
  "configure",
  "install-grub",
  "verify",
] as const satisfies StepName[];
export type ConversionStep = (typeof SEQUENCE)[number];

export type Decision = { kind: "run" } | { kind: "done"; at: string } | Stop;

/** Nothing is to be written: what was found, and what to do. */
export interface Stop {
  kind: "stop";
  found: string;
  advice: string;
}

/** Whether a step is to be run, has been, or cannot be yet. */
export function decide(step: ConversionStep, record: DiskRecord | undefined, fingerprint: string): Decision {
  const before = SEQUENCE.slice(0, SEQUENCE.indexOf(step));
  if (!record) {
    return before.length === 0
      ? { kind: "run" }
      : {
          kind: "stop",
          found: "the destination carries no record of a conversion.",
          advice: `Run ${before.join(", ")} first.`,
        };
  }
  if (record.fingerprint !== fingerprint) {
    return {
      kind: "stop",
      found: "the destination carries the record of another conversion (other disks or options).",
      advice: "Repeat it with the same ones, or take a blank disk.",
    };
  }
  const finished = new Map(record.finished.map((entry) => [entry.step, entry.at]));
  const missing = before.filter((name) => !finished.has(name));
  if (missing.length > 0 && record.restored !== undefined) return wasRestored(record.restored, missing);
  if (missing.length > 0)
    return {
      kind: "stop",
      found: `${missing.join(", ")} not finished on this disk.`,
      advice: `Run ${missing[0]} first.`,
    };
  const at = finished.get(step);
  return at ? { kind: "done", at } : { kind: "run" };
}

function wasRestored(at: string, missing: string[]): Stop {
  return {
    kind: "stop",
    found: `the guest's own files were put back at ${at} (restore), so that the guest on this disk is not converted.`,
    advice: `To convert it again, run convert, or ${missing.join(", ")} before this.`,
  };
}

/** The record of a disk whose guest got its own files back: partitions and their content are there still. */
export function withRestored(record: DiskRecord, at: Date): DiskRecord {
  const kept = record.finished.filter(({ step }) => step === "partition" || step === "copy");
  return { ...record, finished: kept, restored: at.toISOString() };
}

/** The record with one more step finished. */
export function withFinished(
  record: DiskRecord,
  step: ConversionStep,
  at: Date,
  seconds: number,
): DiskRecord {
  const finished = [...record.finished, { step, at: at.toISOString(), seconds }];
  return { ...record, finished, copying: undefined, copied: undefined };
}
