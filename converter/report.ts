/** Reports as text, for a person. */
import { formatBytes } from "./disk/sizes";
import type { Advice, Facts, Plan, Rehearsal, StepReport } from "./types";

/**
 * A whole report: what was found, what is or was done and why, verdicts, checks, warnings. Ends in a newline.
 * `command`: what was asked for, where that is more than one step.
 */
export function formatReport(report: StepReport, command: string = report.step): string {
  const { facts, plan, edits, grub, checks, rehearsal, warnings } = report;
  const sections = [
    [`pv-to-hvm ${command}: ${report.summary.split("\n")[0]}`],
    facts && section("Found", formatFacts(facts)),
    plan && section("Plan", formatPlan(plan, edits !== undefined)),
    (edits ?? plan?.edits)?.length
      ? section(edits ? "Changed" : "To be changed", formatEdits(edits ?? plan?.edits ?? []))
      : undefined,
    grub &&
      section("Boot loader", [
        `GRUB ${grub.version}, ${formatBytes(grub.coreBytes)}, before partition 1:`,
        ...indent(grub.configuration),
      ]),
    plan && section("Verdict", formatVerdicts(plan)),
    checks &&
      section(
        "Checks",
        checks.map(({ name, ok, seen }) => `${ok ? "ok    " : "NOT OK"} ${name} (${seen})`),
      ),
    rehearsal && section("Rehearsal", formatRehearsal(rehearsal)),
    warnings.length > 0 ? section("Warnings", warnings.flatMap(formatAdvices)) : undefined,
    plan && plan.refusals.length > 0
      ? section("Refused, because", plan.refusals.flatMap(formatAdvices))
      : undefined,
  ];
  return (
    sections
      .filter((lines) => lines !== undefined)
      .map((lines) => lines.join("\n"))
      .join("\n\n") + "\n"
  );
}

function section(title: string, lines: string[]): string[] {
  return [title, ...indent(lines)];
}

function indent(lines: string[]): string[] {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

const HEALTH: Record<Facts["source"]["filesystem"]["health"], string> = {
  clean: "clean",
  preenable: "with small faults, mended on the copy",
  recovers: "its journal still to be replayed, on the copy",
};

function formatFacts({ source, destination, guest }: Facts): string[] {
  const { filesystem: fs } = source;
  const used = (fs.blockCount - fs.freeBlocks) * fs.blockSizeBytes;
  const entry = guest.bootFile.entries[guest.bootFile.defaultEntry];
  return [
    `source       ${nameDisk(source)}, ${formatBytes(source.sizeBytes)}: ${fs.type}${fs.label ? ` "${fs.label}"` : ""}, ${formatBytes(used)} used, ${HEALTH[fs.health]}`,
    ...(destination
      ? [
          `destination  ${nameDisk(destination)}, ${formatBytes(destination.sizeBytes)}: ${destination.content}`,
        ]
      : []),
    `guest        ${guest.os.name} (${guest.architecture}, ${guest.init})`,
    `boot file    ${guest.bootFile.resolvedPath}, entry ${guest.bootFile.defaultEntry} boots${entry ? `: ${entry.title}` : ""}`,
    ...guest.kernels.map(
      (kernel) =>
        `kernel       ${kernel.version}: ${kernel.bootsHvm ? "boots as HVM" : "PV only"} (${kernel.evidence})`,
    ),
  ];
}

function nameDisk({ path, volumeId }: { path: string; volumeId?: string }): string {
  return volumeId ? `${volumeId} (${path})` : path;
}

function formatPlan({ destination, copy, boot, initramfs }: Plan, isDone: boolean): string[] {
  return [
    `partition    ${destination.layout.toUpperCase()}, partition 1 from ${formatBytes(destination.partitionStartBytes)}; at least ${formatBytes(destination.minimumSizeBytes)} needed`,
    `copy         ${formatBytes(copy.bytes)} (${copy.method}): ${copy.why}`,
    `boot         ${boot.kernel}`,
    `             ${boot.why}`,
    ...initramfs.map(({ path, action, missing }) =>
      action === "keep"
        ? `initramfs    ${path}: stays as it is`
        : `initramfs    ${path}: ${isDone ? "rebuilt" : "to be rebuilt"}, for ${missing.join(", ")}`,
    ),
  ];
}

function formatEdits(edits: Plan["edits"]): string[] {
  return edits.flatMap(({ path, action, why, diff }, index) => [
    ...(index > 0 ? [""] : []),
    `${path} (${action})`,
    ...why.map((reason) => `- ${reason}`),
    // The first two lines name the file once more.
    ...indent(diff.slice(2)),
  ]);
}

function formatVerdicts({ verdicts }: Plan): string[] {
  return verdicts.map(
    ({ family, boots, why }) => `${family.padEnd(12)} ${boots ? "boots" : "does not boot"}: ${why}`,
  );
}

function formatRehearsal({
  booted,
  accelerator,
  diskBus,
  networkCard,
  rungs,
  consoleTail,
}: Rehearsal): string[] {
  return [
    `${booted ? "booted" : "did not boot"} (${accelerator}, disk ${diskBus}, network card ${networkCard})`,
    ...rungs.map(
      ({ name, second, evidence }) =>
        `${name.padEnd(12)} ${second === undefined ? "not seen" : `${second} s: ${evidence}`}`,
    ),
    ...(booted ? [] : ["last lines of the console:", ...indent(consoleTail)]),
  ];
}

function formatAdvices({ subject, found, advice }: Advice): string[] {
  return [`${subject}: ${found}`, ...indent([advice])];
}
