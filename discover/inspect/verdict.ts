/** What the converter's report says of an image, as the record has it. Pure. */
import { visibleValue } from "../../components/visible";
import type { Advice, StepReport } from "../../converter/types";
import { VERSION } from "../../converter/version";
import type { Inspection, Known } from "../types";

/** A system's own name may be anything: no more of it is kept. */
const LONGEST_NAME = 100;

/** Whether the guest would boot on Xen types, and not on Nitro types: then it is worth an inspection for these alone. */
export function mayBeForXen({ outcome, plan }: StepReport): boolean {
  const boots = (family: "xen" | "nitro") => plan?.verdicts.find((each) => each.family === family)?.boots;
  return outcome === "REFUSED" && boots("xen") === true && boots("nitro") === false;
}

/** @param forXen the report of the inspection for Xen types alone, if there was one. */
export function verdictOf(
  snapshotId: string,
  report: StepReport,
  forXen: StepReport | undefined,
  inspectedAt: string,
): Inspection {
  if (report.outcome !== "REFUSED")
    return { verdict: "convertible", ...known(snapshotId, report, inspectedAt) };
  const reasons = visibleValue(reasonsOf(report));
  if (forXen !== undefined && forXen.outcome !== "REFUSED")
    return { verdict: "convertible for Xen types alone", reasons, ...known(snapshotId, forXen, inspectedAt) };
  return { verdict: "refused", reasons, ...known(snapshotId, report, inspectedAt) };
}

function known(snapshotId: string, { facts, plan, warnings }: StepReport, inspectedAt: string): Known {
  const system = facts?.guest.os.name.slice(0, LONGEST_NAME);
  return visibleValue({
    ...{ snapshotId, inspectedAt, converter: VERSION, system },
    warnings: [...(plan?.warnings ?? []), ...warnings].filter(isFirst),
    copyBytes: plan?.copy.bytes,
  });
}

function isFirst(each: Advice, index: number, all: Advice[]): boolean {
  return all.findIndex(({ subject, found }) => subject === each.subject && found === each.found) === index;
}

/** With a plan there are the reasons; without one the summary has them, a line each. */
function reasonsOf({ plan, summary }: StepReport): Advice[] {
  if (plan !== undefined && plan.refusals.length > 0) return plan.refusals;
  return summary.split("\n").map((line) => {
    const [, subject, found, advice] = /^(.+?): (.+?[.)]) ([A-Z].*)$/.exec(line) ?? [];
    if (subject === undefined) return { subject: "the disk", found: line, advice: "" };
    return { subject, found, advice };
  });
}
