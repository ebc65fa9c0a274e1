/** What there is to know of each migration at a glance. Pure. */
import type { ReportedAdvice, ReportedVerdict } from "../components/report/reported";
import { monthlyOf } from "./cost";
import type { Migrations, Results } from "./outputs";

/** How far a migration has come. */
export type State = "not inspected" | "inspected" | "converted" | "rehearsed" | "published" | "launched";

export interface Row {
  name: string;
  state: State;
  /** The guest's operating system; undefined where nothing was inspected, or the workbench is removed. */
  system?: string;
  architecture?: string;
  /** Whether the result boots on a family of instance types, and why. */
  verdicts: ReportedVerdict[];
  /** Files of the guest that are changed, or will be. */
  files: string[];
  /** Kernels whose initramfs is rebuilt, with the drivers that it lacks. */
  initramfs: string[];
  warnings: ReportedAdvice[];
  /** What stands in the way, a sentence each. */
  refused: string[];
  imageId?: string;
  /** US dollars a month, while nothing happens and the helper is stopped; undefined where it is not known. */
  monthlyDollars?: number;
}

export function rowsOf(migrations: Migrations): Row[] {
  return Object.entries(migrations).map(([name, results]) => rowOf(name, results));
}

function rowOf(name: string, results: Results): Row {
  const { report, plan, imageId } = results;
  return {
    name,
    state: stateOf(results),
    system: report?.system,
    architecture: report?.architecture,
    verdicts: report?.verdicts ?? plan?.verdicts ?? [],
    files: (report?.edits ?? plan?.edits ?? []).map(({ path }) => path),
    initramfs: plan?.rebuiltInitramfs ?? [],
    warnings: report?.warnings ?? plan?.warnings ?? [],
    refused: refusalsOf(results),
    imageId,
    monthlyDollars: monthlyOf(results),
  };
}

function stateOf({ instanceId, imageId, report, plan }: Results): State {
  if (instanceId !== undefined) return "launched";
  if (imageId !== undefined) return "published";
  const has = (step: string) => report?.steps.some((each) => each.step === step) === true;
  if (has("rehearse")) return "rehearsed";
  if (has("verify")) return "converted";
  return report || plan ? "inspected" : "not inspected";
}

/**
 * An inspection on the helper that refuses a guest fails, and its update has no new outputs: then the engine's messages say
 * why. What an inspection in place finds is an output.
 */
function refusalsOf(results: Results): string[] {
  const { report, plan, sourceReport } = results;
  const verdicts = (report?.verdicts ?? plan?.verdicts ?? []).filter(({ boots }) => !boots);
  const found = sourceReport?.preparation ?? sourceReport?.inspection;
  return [
    ...verdicts.map(({ family, why }) => `does not boot on ${family} types: ${why}`),
    ...(found?.problems ?? []).map(({ found: what, needed, fix }) => `${what}; needed: ${needed}. ${fix}`),
    ...(stateOf(results) === "not inspected" && !found
      ? ["there is no inspection of it yet. Where it was refused, `pulumi up` says why"]
      : []),
  ];
}
