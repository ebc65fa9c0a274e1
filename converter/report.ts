/** Reports as text, for a person: plain, in a log as on a terminal. */
import { formatBytes } from "./disk/sizes";
import { formatFacts } from "./report/found";
import { formatEdits, formatLeft, formatPlan } from "./report/planned";
import { ENTRY_WIDTH, WIDTH, entry, indent, section, table, wrap } from "./report/text";
import { formatVerdicts } from "./report/verdicts";
import type { Advice, Check, Rehearsal, StepReport } from "./types";

/**
 * A whole report: what was found, what is or was done and why, what stays, verdicts, checks, warnings. Ends in a newline.
 * `command`: what was asked for, where that is more than one step.
 */
export function formatReport(report: StepReport, command: string = report.step): string {
  const title = wrap(`pv-to-hvm ${command}: ${report.summary.split("\n")[0]}`, WIDTH);
  const sections = sectionsOf(report)
    .filter(([, lines]) => lines !== undefined && lines.length > 0)
    .map(([name, lines]) => section(name, lines ?? []));
  return [title, ...sections].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function sectionsOf(report: StepReport): [title: string, lines: string[] | undefined][] {
  const { facts, plan, edits, copied, grub, checks, rehearsal, restored, warnings } = report;
  return [
    ["Found", facts && formatFacts(facts)],
    ["Plan", plan && formatPlan(plan, edits !== undefined)],
    [edits ? "Changed" : "To be changed", formatEdits(edits ?? plan?.edits ?? [])],
    ["Left as it is", plan && formatLeft(plan, facts)],
    ["Copied", copied && formatCopied(copied)],
    ["Boot loader", grub && formatGrub(grub)],
    ["Verdict", plan && formatVerdicts(plan, facts)],
    ["Checks", checks && formatChecks(checks)],
    ["Rehearsal", rehearsal && formatRehearsal(rehearsal)],
    ["Files", restored && formatRestored(restored)],
    ["Warnings", warnings.flatMap(formatAdvice)],
    ["Refused, because", plan?.refusals.flatMap(formatAdvice)],
  ];
}

function formatCopied({ bytesRead, bytesWritten, megabytesPerSecond, sha256 }: Copied): string[] {
  return [
    ...entry("read", `${formatBytes(bytesRead)}, ${Math.round(megabytesPerSecond)} MB/s`),
    ...entry("written", formatBytes(bytesWritten)),
    ...entry("SHA-256", sha256),
  ];
}

type Copied = NonNullable<StepReport["copied"]>;

function formatGrub({ version, coreBytes, configuration }: NonNullable<StepReport["grub"]>): string[] {
  return [`GRUB ${version}, ${formatBytes(coreBytes)}; its configuration:`, ...indent(configuration)];
}

function formatChecks(checks: Check[]): string[] {
  const width = WIDTH - 2;
  return table(
    checks.map(({ name, ok, seen }) => [ok ? "ok" : "NOT OK", `${name} (${seen})`]),
    width,
  );
}

function formatRehearsal(rehearsal: Rehearsal): string[] {
  const { booted, accelerator, diskBus, networkCard, rungs, consoleTail, why, advice } = rehearsal;
  return [
    `${booted ? "booted" : "did not boot"} (${accelerator}, disk ${diskBus}, network card ${networkCard})`,
    ...rungs.flatMap(({ name, second, evidence }) =>
      entry(name, second === undefined ? "not seen" : `${second} s: ${evidence ?? "seen"}`),
    ),
    ...(why === undefined ? [] : entry("because", why)),
    ...(advice === undefined ? [] : entry("next", advice)),
    ...(booted ? [] : ["last lines of the console:", ...indent(consoleTail)]),
  ];
}

function formatRestored(restored: NonNullable<StepReport["restored"]>): string[] {
  const rows = restored.map(({ path, action, keptAs }) => [
    action,
    path + (keptAs === undefined ? "" : ` (what was there: ${keptAs})`),
  ]);
  return table(rows, ENTRY_WIDTH);
}

function formatAdvice({ subject, found, advice }: Advice): string[] {
  return [...wrap(`${subject}: ${found}`, WIDTH - 2), ...indent(wrap(advice, WIDTH - 4))];
}
