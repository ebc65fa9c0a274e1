/** Step `inspect`: everything that can be found out, and what would be done; not a byte is written. */
import { FailedError, RefusedError, formatAdvice } from "../errors";
import { missingForConversion, missingForRehearsal } from "../disk/programs";
import { withFilesystem } from "../disk/mount";
import { readGuest } from "../guest/inspect";
import { GuestTree } from "../guest/tree";
import { hasVsyscall } from "../guest/vsyscall";
import { planConversion } from "../plan";
import type { Advice, DiskFacts, Facts, Plan, StepReport } from "../types";
import { type Context, fingerprintOf } from "./context";
import { inspectDestination } from "./destinationChecks";
import { inspectSource } from "./sourceChecks";

/** What came of an inspection. With refusals, facts and plan are there as far as they could be made out. */
export interface Inspection {
  facts?: Facts;
  plan?: Plan;
  /** Empty where the source's filesystem cannot be read. */
  fingerprint: string;
  refusals: Advice[];
  warnings: Advice[];
}

/** Inspects source, destination and guest, and collects everything that speaks against the conversion. */
export async function inspectDisks(context: Context): Promise<Inspection> {
  const { source, destination, runner, log } = context;
  const missing = await missingForConversion(runner);
  if (missing.length > 0) return { fingerprint: "", refusals: missing, warnings: [] };

  const sourceFindings = await inspectSource(source, runner, log);
  const uuid = sourceFindings.facts?.filesystem.uuid;
  const fingerprint = uuid ? fingerprintOf(context, uuid) : "";
  const onDestination =
    destination && (await inspectDestination(source, destination, fingerprint || undefined, runner));
  const guest =
    sourceFindings.facts && (await inspectGuest(context, sourceFindings.facts, onDestination?.facts));
  return {
    facts: guest?.facts,
    plan: guest?.plan,
    fingerprint,
    refusals: [
      ...sourceFindings.refusals,
      ...withoutEchoes(onDestination?.refusals ?? [], guest?.refusals ?? []),
    ],
    warnings: [
      ...sourceFindings.warnings,
      ...(guest?.plan?.warnings ?? []),
      ...(destination ? await missingForRehearsal(runner) : []),
    ],
  };
}

/** The plan judges the destination's size too, for those who have nothing but facts: not to be told twice. */
function withoutEchoes(onDestination: Advice[], onGuest: Advice[]): Advice[] {
  const told = onDestination.length > 0;
  return [...onDestination, ...onGuest.filter(({ subject }) => !(told && subject === "destination"))];
}

interface GuestFindings {
  facts?: Facts;
  plan?: Plan;
  refusals: Advice[];
}

async function inspectGuest(
  context: Context,
  source: DiskFacts,
  destination: Facts["destination"],
): Promise<GuestFindings> {
  context.log(`reading the guest on ${source.path}`);
  try {
    return await withFilesystem({ path: source.path, readOnly: true }, context.runner, async (root) => {
      const { facts, plan } = await planFromTree(root, { source, destination }, context);
      return { facts, plan, refusals: plan.refusals };
    });
  } catch (error) {
    if (error instanceof RefusedError) return { refusals: error.reasons };
    throw error;
  }
}

/** Reads the guest in a mounted tree and plans its conversion. */
export async function planFromTree(
  root: string,
  disks: Pick<Facts, "source" | "destination">,
  context: Pick<Context, "options" | "runner">,
): Promise<{ facts: Facts; plan: Plan }> {
  const tree = new GuestTree(root);
  const helper = { vsyscall: hasVsyscall() };
  const facts: Facts = { ...disks, helper, guest: await readGuest(tree, context.runner) };
  return {
    facts,
    plan: planConversion({ facts, read: (path) => tree.read(path), options: context.options }),
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
