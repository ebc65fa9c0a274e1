/** A guest in a few lines: what a person wants who looks at many of them. */
import { FAMILIES } from "./verdicts";
import { entry } from "./text";
import type { StepReport } from "../types";

/** Warnings and refusals are named by what they are about; the whole report has their words. Ends in a newline. */
export function formatSummary({ facts, plan, warnings }: StepReport): string {
  const system = facts && `${facts.guest.os.name}, ${facts.guest.architecture}`;
  const lines = [
    ...row("system", system),
    ...row("boots", plan && `${plan.boot.kernel}, ${plan.boot.why}`),
    ...row(
      "on",
      plan?.verdicts.map(({ family, boots }) => `${boots ? "" : "not "}${FAMILIES[family]}`).join(", "),
    ),
    ...row("changes", plan && changes(plan)),
    ...row("warnings", countOf(warnings.map(({ subject }) => subject))),
    ...row("refused", countOf((plan?.refusals ?? []).map(({ subject }) => subject))),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function changes({ edits, initramfs }: NonNullable<StepReport["plan"]>): string {
  const rebuilt = initramfs.filter(({ action }) => action === "rebuild").map(({ kernel }) => kernel);
  return [
    ...edits.map(({ path }) => path),
    ...(rebuilt.length > 0 ? [`the initramfs of ${rebuilt.join(", ")}`] : []),
  ].join(", ");
}

function countOf(subjects: string[]): string | undefined {
  return subjects.length === 0 ? undefined : `${subjects.length}: ${[...new Set(subjects)].join(", ")}`;
}

function row(name: string, text: string | undefined): string[] {
  return text === undefined || text === "" ? [] : entry(name, text);
}
