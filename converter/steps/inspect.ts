/** Step `inspect`: everything that can be found out, and what would be done; not a byte is written. */
import { FailedError, ObstacleError, RefusedError, formatAdvice } from "../errors";
import { missingForConversion, missingForRehearsal } from "../disk/programs";
import { withReadOnly } from "../disk/readOnly";
import { replaysHere } from "../disk/filesystem/overlay";
import { readGuest } from "../guest/inspect";
import { type MountedGuest, withGuest } from "../guest/mounts";
import { refuseGenerator } from "../guest/runnable";
import { hasVsyscall } from "../guest/vsyscall";
import { refuseUnwritable } from "../guest/writable";
import { planConversion } from "../plan";
import type { Advice, DiskFacts, Facts, Plan, StepName, StepReport } from "../types";
import { type Context, type ConversionContext, fingerprintOf } from "./context";
import { inspectDestination } from "./destinationChecks";
import { refuseOutcome } from "./foresee";
import { inspectSource } from "./sourceChecks";
import { nameOf } from "./step";
import { tryOut } from "./tryOut";

/** What came of an inspection. With refusals, facts and plan are there as far as they could be made out. */
export interface Inspection {
  facts?: Facts;
  plan?: Plan;
  /** Empty if the source's filesystem cannot be read. */
  fingerprint: string;
  refusals: Advice[];
  warnings: Advice[];
}

/** Inspects source, destination and guest, and collects everything that speaks against the conversion. */
export function inspectDisks(context: Context): Promise<Inspection> {
  return withReadOnly(context.source, context.runner, () => inspectAll(context));
}

async function inspectAll(context: Context): Promise<Inspection> {
  const { destination, runner } = context;
  const missing = await missingForConversion(runner);
  if (missing.length > 0) return { fingerprint: "", refusals: missing, warnings: [] };

  const sourceFindings = await inspectSource(context);
  const fingerprint = sourceFindings.facts ? fingerprintOf(context, sourceFindings.facts) : "";
  const onDestination =
    destination && (await inspectDestination(destination, fingerprint || undefined, runner));
  const guest =
    sourceFindings.facts && (await inspectGuest(context, sourceFindings.facts, onDestination?.facts));
  return {
    facts: guest?.facts,
    plan: guest?.plan,
    fingerprint,
    refusals: [...sourceFindings.refusals, ...(onDestination?.refusals ?? []), ...(guest?.refusals ?? [])],
    warnings: [
      ...sourceFindings.warnings,
      ...(guest?.warnings ?? []),
      ...(destination ? await missingForRehearsal(runner) : []),
    ],
  };
}

interface GuestFindings {
  facts?: Facts;
  plan?: Plan;
  refusals: Advice[];
  warnings: Advice[];
}

async function inspectGuest(
  context: Context,
  source: DiskFacts,
  destination: Facts["destination"],
): Promise<GuestFindings> {
  context.log(`reading the guest on ${source.path}`);
  try {
    const found = await withGuest({ ...source, readOnly: true }, context.runner, async (guest) => {
      const { facts, plan } = await planForGuest(guest, { source, destination }, context);
      const beforehand = [...plan.refusals, ...refuseGenerator(guest.tree, plan)];
      const refusals = beforehand.length > 0 ? beforehand : refuseOutcome(guest.tree, facts, plan);
      return { facts, plan, refusals, warnings: plan.warnings };
    });
    if (found.refusals.length > 0) return found;
    context.log("trying the changes on a throw-away overlay");
    const { refusals, warnings } = await tryOut(found.facts, found.plan, context);
    return { ...found, refusals, warnings: [...found.warnings, ...warnings] };
  } catch (error) {
    if (error instanceof RefusedError) return { refusals: error.reasons, warnings: [] };
    if (error instanceof ObstacleError) return { refusals: [error.reason], warnings: [] };
    throw error;
  }
}

/** Reads a mounted guest and plans its conversion. */
export async function planForGuest(
  guest: MountedGuest,
  disks: Pick<Facts, "source" | "destination">,
  { options, runner }: Pick<Context, "options" | "runner">,
): Promise<{ facts: Facts; plan: Plan }> {
  const helper = { vsyscall: hasVsyscall(), replays: await replaysHere(runner) };
  const { tree, mounts } = guest;
  const facts: Facts = { ...disks, mounts, helper, guest: await readGuest(guest, runner) };
  const plan = planConversion({
    facts,
    read: (path) => tree.read(path),
    resolve: (path) => tree.resolve(path),
    options,
  });
  return { facts, plan: { ...plan, refusals: [...plan.refusals, ...refuseUnwritable(tree, plan.edits)] } };
}

/** The same for the copy on the destination: planned as the source would be, where a bare disk has no partition. */
export function planForCopy(
  guest: MountedGuest,
  context: ConversionContext,
): Promise<{ facts: Facts; plan: Plan }> {
  const { disk: source, destination } = context;
  const bare = source.table === "none";
  const asOnSource: MountedGuest = bare ? onBareDisk(guest) : guest;
  const disks = { source, destination: { ...nameOf(destination), content: "resumable" as const } };
  return planForGuest(asOnSource, disks, context);
}

function onBareDisk({ tree, mounts, bootFile }: MountedGuest): MountedGuest {
  return {
    tree,
    mounts: mounts.map((mount) => ({ ...mount, part: 0 })),
    ...(bootFile ? { bootFile: { ...bootFile, part: 0, isMoved: true } } : {}),
  };
}

/** Facts and plan of an inspection that found nothing against it. Throws `RefusedError` with every reason otherwise. */
export function accept(inspection: Inspection): { facts: Facts; plan: Plan } {
  const { facts, plan, refusals } = inspection;
  if (refusals.length > 0) throw new RefusedError(refusals);
  if (!facts || !plan)
    throw new FailedError(
      "inspect: found no plan and no reason why. Report this with the source's dumpe2fs -h.",
    );
  return { facts, plan };
}

/** The report of step `inspect`: outcome NOCHANGE or REFUSED, plan and facts as far as there are any. */
export function inspectionReport(
  inspection: Inspection,
): Pick<StepReport, "step" | "outcome" | "summary" | "fingerprint" | "facts" | "plan" | "warnings"> {
  const { facts, plan, fingerprint, refusals, warnings } = inspection;
  const base = {
    step: "inspect",
    fingerprint,
    facts,
    plan: plan && { ...plan, refusals },
    warnings,
  } as const;
  if (refusals.length > 0) return { ...base, outcome: "REFUSED", summary: summarizeRefusals(refusals) };
  return { ...base, outcome: "NOCHANGE", summary: plan ? summarizePlan(plan) : "nothing planned" };
}

/** A report of what went wrong in a step. `message`: what is said of one that is no refusal. */
export function reportOfError(step: StepName, error: unknown, seconds: number, message: string): StepReport {
  const base = { format: 1, step, seconds, fingerprint: "" } as const;
  if (error instanceof RefusedError)
    return { ...base, warnings: [], outcome: "REFUSED", summary: summarizeRefusals(error.reasons) };
  return { ...base, warnings: [], outcome: "FAILED", summary: message };
}

/** The one reason, or how many there are and each on a line of its own. */
export function summarizeRefusals(refusals: Advice[]): string {
  const lines = refusals.map(formatAdvice);
  return lines.length === 1
    ? lines[0]
    : [`${lines.length} reasons, nothing was written`, ...lines].join("\n");
}

function summarizePlan({ edits, initramfs, verdicts }: Plan): string {
  const rebuilt = initramfs.filter((one) => one.action === "rebuild").length;
  const boots = verdicts.filter((verdict) => verdict.boots).map((verdict) => verdict.family);
  return `can be converted for ${boots.join(" and ")}: ${edits.length} files to change, ${rebuilt} initramfs to rebuild; nothing was written`;
}
