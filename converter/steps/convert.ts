/** All the steps in order, inspected once. */
import * as fs from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { monotonicMs, secondsSince } from "../clock";
import { withReadOnly } from "../disk/readOnly";
import { RefusedError, UsageError } from "../errors";
import type { Plan, StepReport } from "../types";
import { configure } from "./configure";
import type { ConversionContext } from "./context";
import { copy } from "./copy";
import { accept, inspectDisks } from "./inspect";
import { installGrub } from "./installGrub";
import { partition } from "./partition";
import { SEQUENCE, type ConversionStep } from "./progress";
import { verify } from "./verify";

/** What runs for each step's name. */
export const STEPS: Record<ConversionStep, (context: ConversionContext) => Promise<StepReport>> = {
  partition,
  copy,
  configure,
  "install-grub": installGrub,
  verify,
};

/**
 * Converts from the first step that is not finished on. `planFile`: an inspection's plan; `RefusedError` before
 * anything is written where the plan is another one now. The report is the last step's, with what the others did.
 */
export function convert(context: ConversionContext, planFile?: string): Promise<StepReport> {
  return withReadOnly(context.source, context.runner, () => convertAll(context, planFile));
}

async function convertAll(context: ConversionContext, planFile?: string): Promise<StepReport> {
  const started = monotonicMs();
  const agreed = planFile === undefined ? undefined : await readPlan(planFile);
  const inspection = await inspectDisks(context);
  const { facts, plan } = accept(inspection);
  if (agreed && planFile) refuseOtherPlan(agreed, plan, planFile);
  const reports: StepReport[] = [];
  for (const step of SEQUENCE) {
    const work = step === "partition" ? partition(context, inspection) : STEPS[step](context);
    const report = await work.catch((error: unknown) => {
      if (error instanceof Error) failedSteps.set(error, step);
      throw error;
    });
    context.log(`${step}: ${report.summary} (${report.seconds} s)`);
    reports.push(report);
  }
  const whole = { ...merge(reports), warnings: inspection.warnings, seconds: secondsSince(started) };
  // Of a conversion that was finished long ago, "to be changed" would be a lie.
  return whole.outcome === "CHANGED" ? { ...whole, facts, plan } : whole;
}

/** In which step of a conversion an error came. */
const failedSteps = new WeakMap<Error, ConversionStep>();

/** The step of a conversion that an error came from, or that the error behind it did; before the first, the inspection. */
export function stepOf(error: unknown): ConversionStep | "inspect" {
  if (!(error instanceof Error)) return "inspect";
  return failedSteps.get(error) ?? (error.cause === undefined ? "inspect" : stepOf(error.cause));
}

/** One report of them all: CHANGED if any step changed something. */
export function merge(reports: StepReport[]): StepReport {
  const whole = reports.reduce((sum, report) => ({ ...sum, ...report }));
  const changed = reports.filter((report) => report.outcome === "CHANGED").map((report) => report.step);
  if (changed.length === 0)
    return { ...whole, outcome: "NOCHANGE", summary: "converted already, every step was finished" };
  return { ...whole, outcome: "CHANGED", summary: `converted (${changed.join(", ")}); ${whole.summary}` };
}

async function readPlan(file: string): Promise<Plan> {
  try {
    const plan: unknown = JSON.parse(await fs.readFile(file, "utf8"));
    if (typeof plan !== "object" || plan === null || !("edits" in plan)) throw new Error("it has no edits");
    return plan as Plan;
  } catch (error) {
    throw new UsageError(
      `--plan ${file}: cannot be read as a plan (${(error as Error).message}). Write one with inspect --plan.`,
    );
  }
}

/** Without a destination, the plan is one for the smallest disk that does. */
const INSPECT_AGAIN =
  "Inspect again with --plan, the same SOURCE, DESTINATION and options as here, and read what changed.";

function refuseOtherPlan(agreed: Plan, now: Plan, file: string): void {
  // Through JSON, as the file went: what is undefined in one is absent in the other.
  if (isDeepStrictEqual(agreed, JSON.parse(JSON.stringify(now)))) return;
  const keys = Object.keys(now) as (keyof Plan)[];
  const differing = keys.filter(
    (key) => !isDeepStrictEqual(agreed[key], JSON.parse(JSON.stringify(now[key] ?? null))),
  );
  const found = `differs from the plan of now in ${differing.join(", ")}.`;
  throw new RefusedError([{ subject: `plan ${file}`, found, advice: INSPECT_AGAIN }]);
}
