import type { Advice, Facts, FileEdit, Plan, StepName, StepReport, Verdict } from "../../converter/types";
import { MetadataTokens } from "../enums";
import { visibleError } from "../checks/problems";
import { visibleValue } from "../visible";
import type {
  ConversionPlan,
  ConversionReport,
  ReportedAdvice,
  ReportedEdit,
  ReportedVerdict,
} from "./reported";
import { reportedLayout } from "./reportedLayout";

/** Reads what a step printed. Throws where that is not the step's record. */
export function parseStepReport(step: StepName, stdout: string): StepReport {
  let report: Partial<StepReport>;
  try {
    // Made fit by the converter already, and here once more: whoever is on the helper may have said it.
    report = visibleValue(JSON.parse(stdout) as Partial<StepReport> | null) ?? {};
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

/** The plan that the inspection made. */
export function conversionPlan(reports: StepReport[]): ConversionPlan {
  const { facts, plan } = inspected(reports);
  return {
    kernel: plan.boot.kernel,
    initrd: plan.boot.initrd,
    why: plan.boot.why,
    menuFile: plan.boot.menuFile,
    ...(facts.guest.hostKeys && { hostKeys: facts.guest.hostKeys }),
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
 * Whether the guest can do with metadata that wants tokens: nothing in it reads any without. Where an earlier version inspected
 * nobody knows, and what that one launched gave metadata without.
 */
export function metadataTokens(reports: StepReport[]): MetadataTokens {
  const { metadataReaders } = inspected(reports).facts.guest;
  return metadataReaders?.length === 0 ? MetadataTokens.Required : MetadataTokens.Optional;
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
