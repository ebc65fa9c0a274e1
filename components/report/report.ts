import * as pulumi from "@pulumi/pulumi";
import type { Advice, Facts, FileEdit, Plan, StepName, StepReport, Verdict } from "../../converter/types";
import type { Steps } from "../steps/conversion";
import { orUnknown } from "../known";
import { visibleError } from "../checks/problems";
import { reportedLayout, type ReportedLayout } from "./reportedLayout";

/** A change to one of the guest's files, planned or made. */
export interface ReportedEdit {
  /** In the guest. */
  path: string;
  /** `edit`, `remove` or `create`. */
  action: string;
  /** One sentence a change. */
  why: string[];
  /** Unified diff, a line each. */
  diff: string[];
}

/** What was found, and what to do about it. */
export interface ReportedAdvice {
  subject: string;
  found: string;
  advice: string;
}

/** Whether the result boots on a family of instance types. */
export interface ReportedVerdict {
  /** `xen` or `nitro`. */
  family: string;
  boots: boolean;
  why: string;
  /**
   * The driver of the family's fast network card (`ena`, on Xen types `ixgbevf`) and the kernels that may boot without it.
   * Undefined where all have it.
   */
  lacks?: string;
}

/** What one step did. */
export interface ReportedStep {
  step: string;
  /** `CHANGED`, or `NOCHANGE` where it had been done before. */
  outcome: string;
  summary: string;
  seconds: number;
}

/** What a conversion will do, decided by the inspection before anything is written. */
export interface ConversionPlan {
  /** Kernel that boots by default, a path in the guest. */
  kernel: string;
  /** Its initramfs. */
  initrd?: string;
  /** Why that entry boots, in words. */
  why: string;
  /** The guest's own menu, which GRUB 2 goes on reading. */
  menuFile: string;
  /** UUID of the root filesystem. */
  filesystemUuid: string;
  /** Both disks' partitions and what is copied. Undefined where an earlier version inspected. */
  layout?: ReportedLayout;
  edits: ReportedEdit[];
  /** Kernels whose initramfs is rebuilt, each with the drivers that it lacks. */
  rebuiltInitramfs: string[];
  verdicts: ReportedVerdict[];
  warnings: ReportedAdvice[];
}

/** What a conversion found and did. */
export interface ConversionReport {
  /** The guest's operating system by its own name. */
  system: string;
  /** `x86_64` or `i386`, as found in the guest. */
  architecture: string;
  /** What was changed; before anything is, what would be. */
  edits: ReportedEdit[];
  verdicts: ReportedVerdict[];
  warnings: ReportedAdvice[];
  /** What `verify` checked, each with what it saw. */
  checks: string[];
  /** What the rehearsal saw, rung by rung. */
  rehearsal: string[];
  steps: ReportedStep[];
}

/** Reads what a step printed. Throws where that is not the step's record. */
export function parseStepReport(step: StepName, stdout: string): StepReport {
  let report: Partial<StepReport>;
  try {
    report = JSON.parse(stdout) as Partial<StepReport>;
  } catch {
    report = {};
  }
  if (report.format !== 1 || report.step !== step) {
    throw visibleError(
      `${step}: the converter's record of this step was expected on its standard output, found ` +
        `${JSON.stringify(stdout.slice(0, 80))}. Another version of it may have run: set a new revision.`,
    );
  }
  return report as StepReport;
}

/** Each step's record, once it has run. */
export function stepReports(steps: Steps): pulumi.Output<StepReport[]> {
  return pulumi.all(
    steps.map(({ step, command }) => orUnknown(command.stdout).apply((text) => parseStepReport(step, text))),
  );
}

/** The plan that the inspection made. */
export function conversionPlan(reports: StepReport[]): ConversionPlan {
  const { facts, plan } = inspected(reports);
  return {
    kernel: plan.boot.kernel,
    initrd: plan.boot.initrd,
    why: plan.boot.why,
    menuFile: plan.boot.menuFile,
    filesystemUuid: rootUuid(facts, plan),
    layout: reportedLayout(facts, plan),
    edits: plan.edits.map(reportedEdit),
    rebuiltInitramfs: plan.initramfs
      .filter(({ action }) => action === "rebuild")
      .map(({ kernel, missing }) => `${kernel}: ${missing.join(", ")}`),
    verdicts: plan.verdicts.map(reportedVerdict),
    warnings: plan.warnings.map(reportedAdvice),
  };
}

/** The plan's own UUID is that of the filesystem with the menu, which may be `/boot`. Earlier versions knew one filesystem. */
function rootUuid({ mounts }: Partial<Facts>, { boot }: Plan): string {
  return mounts?.find(({ point }) => point === "/")?.filesystem.uuid ?? boot.filesystemUuid;
}

/** The whole of what the steps found and did. */
export function conversionReport(reports: StepReport[]): ConversionReport {
  const { facts, plan } = inspected(reports);
  const of = (step: StepName) => reports.find((report) => report.step === step);
  return {
    system: facts.guest.os.name,
    architecture: facts.guest.architecture,
    edits: (of("configure")?.edits ?? plan.edits).map(reportedEdit),
    verdicts: plan.verdicts.map(reportedVerdict),
    warnings: distinct(reports.flatMap(({ warnings }) => warnings).map(reportedAdvice)),
    checks: (of("verify")?.checks ?? []).map(
      ({ name, ok, seen }) => `${ok ? "ok" : "NOT OK"} ${name}: ${seen}`,
    ),
    rehearsal: rehearsalLines(of("rehearse")),
    steps: reports.map(({ step, outcome, summary, seconds }) => ({ step, outcome, summary, seconds })),
  };
}

/**
 * Whether every kernel that may boot has the driver for the enhanced networking of Xen types. Where an earlier version
 * inspected nobody knows, and true is what it registered.
 */
export function hasEnhancedNetworking(reports: StepReport[]): boolean {
  const xen = inspected(reports).plan.verdicts.find(({ family }) => family === "xen");
  return xen?.enhancedNetworking === undefined || xen.enhancedNetworking.lackedBy.length === 0;
}

/**
 * The volume that the rehearsal saw booting. The snapshot takes its volume from here and nowhere else.
 * Throws where the record does not prove the destination.
 */
export function provenVolume(rehearse: StepReport, destinationId: string): string {
  const volumeId = volumeOf(rehearse, "booted", destinationId);
  if (rehearse.rehearsal?.booted !== true) {
    throw visibleError(
      `rehearse: ${destinationId} did not boot (${rehearse.summary}). Nothing is published. ` +
        "Read the step's output, mend the source, and set a new revision.",
    );
  }
  return volumeId;
}

/**
 * The volume that was verified: all the proof that `rehearsal.skip` leaves. Throws where the record is of another volume,
 * or a check did not pass.
 */
export function verifiedVolume(verify: StepReport, destinationId: string): string {
  const volumeId = volumeOf(verify, "checked", destinationId);
  // A verification that is asked for again says that it is finished, and lists no checks.
  if ((verify.checks ?? []).every(({ ok }) => ok)) return volumeId;
  throw visibleError(
    `verify: ${destinationId} did not pass every check (${verify.summary}). Nothing is published. ` +
      "Set a new revision to convert again.",
  );
}

function volumeOf({ step, destination }: StepReport, did: string, destinationId: string): string {
  const volumeId = destination?.volumeId;
  if (volumeId === destinationId) return volumeId;
  throw visibleError(
    `${step}: ${did} ${volumeId ?? "a disk without a volume id"}, ${destinationId} was to be proved. ` +
      "Nothing is published. Set a new revision to convert again.",
  );
}

function inspected(reports: StepReport[]): { facts: Facts; plan: Plan } {
  const { facts, plan } = reports.find(({ step }) => step === "inspect") ?? {};
  if (!plan || !facts) {
    throw visibleError("inspect: its record has no facts and no plan. Set a new revision to inspect again.");
  }
  return { facts, plan };
}

function rehearsalLines(report: StepReport | undefined): string[] {
  const rehearsal = report?.rehearsal;
  if (!rehearsal) return [];
  const rungs = rehearsal.rungs.map(({ name, second }) =>
    second === undefined ? `${name}: not reached` : `${name}: after ${second} s`,
  );
  return [
    `with ${rehearsal.accelerator}, disk as ${rehearsal.diskBus}, network ${rehearsal.networkCard}`,
    ...rungs,
  ];
}

function reportedVerdict({ family, boots, why, enhancedNetworking }: Verdict): ReportedVerdict {
  const { driver, lackedBy = [] } = enhancedNetworking ?? {};
  return {
    family,
    boots,
    why,
    ...(lackedBy.length > 0 ? { lacks: `${driver}: ${lackedBy.join(", ")}` } : {}),
  };
}

function reportedEdit({ path, action, why, diff }: FileEdit): ReportedEdit {
  return { path, action, why, diff };
}

function reportedAdvice({ subject, found, advice }: Advice): ReportedAdvice {
  return { subject, found, advice };
}

function distinct<T>(values: T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
