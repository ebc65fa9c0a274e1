/** The page that a person reads of a migration: what was changed, what booted, how long it took. Pure. */
import type { BootProof } from "../components/steps/bootProof";
import type {
  ConversionPlan,
  ConversionReport,
  ReportedEdit,
  ReportedStep,
} from "../components/report/reported";
import type { Migrations, Results } from "./outputs";
import type { Paint } from "./paint";

/** All migrations of a stack, by name. */
export function formatPages(migrations: Migrations, paint: Paint): string {
  const names = Object.keys(migrations);
  if (names.length === 0) return "No migration is configured: add one below `pv-to-hvm:migrations`.";
  return names.map((name) => formatPage(name, migrations[name], paint)).join("\n\n");
}

/** One migration, with the diff of each file. */
export function formatPage(name: string, results: Results, paint: Paint): string {
  return [
    paint.bold(name),
    ...(results.report ? formatReport(results.report, results.plan ?? {}, paint) : []),
    ...formatImage(results),
    ...(results.bootProof ? formatProof(results.bootProof, paint) : []),
  ].join("\n");
}

function formatReport(report: ConversionReport, plan: Partial<ConversionPlan>, paint: Paint): string[] {
  const { kernel, why, rebuiltInitramfs = [] } = plan;
  return [
    `  ${report.system}, ${report.architecture}`,
    ...(kernel === undefined ? [] : [`  boots ${kernel}: ${why}`]),
    ...rebuiltInitramfs.map((each) => `  initramfs rebuilt for ${each}`),
    ...report.edits.flatMap((edit) => formatEdit(edit, paint)),
    ...report.verdicts.map(({ family, boots, why }) => `\n  ${boots ? "✓" : "✗"} ${family}: ${why}`),
    ...report.warnings.map(({ subject, found, advice }) => `  ! ${subject}: ${found} ${advice}`),
    "",
    ...table(report.steps.map((step) => [step.step, `${step.seconds.toFixed(1)} s`, wordOf(step)])),
    "",
    ...report.rehearsal.map((line) => `  rehearsal ${line}`),
  ];
}

/** Steps that look and write nothing: to have changed nothing is their success. */
const LOOKING = ["inspect", "verify", "rehearse"];

function wordOf({ step, outcome }: ReportedStep): string {
  return outcome === "NOCHANGE" && LOOKING.includes(step) ? "OK" : outcome;
}

function formatEdit({ path, action, why, diff }: ReportedEdit, paint: Paint): string[] {
  const lines = diff.map((line) => `    ${colourDiff(line, paint)}`);
  return ["", `  ${paint.bold(path)} (${action})`, ...why.map((line) => `    ${line}`), ...lines];
}

function formatImage({ imageId, snapshotId, instanceId, address }: Results): string[] {
  const rows = [
    ["image", imageId],
    ["snapshot", snapshotId],
    ["instance", instanceId],
    ["address", address],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  return rows.length > 0 ? ["", ...table(rows)] : [];
}

function formatProof(proof: BootProof, { bold }: Paint): string[] {
  return [
    "",
    `  ${bold("boot proof")}, read from the running machine over ssh`,
    ...table([
      ["virtualization", `${proof.virtualization} (${proof.vendor})`],
      ["kernel", proof.kernel],
      ["root device", proof.rootDevice],
      ["its UUID", proof.rootUuid],
      ["addresses", proof.addresses.join(" ")],
      ["up for", `${proof.uptimeSeconds} s`],
    ]),
  ];
}

function table(rows: string[][]): string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, ...rest]) => `  ${first.padEnd(width)}  ${rest.join("  ")}`);
}

function colourDiff(line: string, { added, removed }: Paint): string {
  if (line.startsWith("+")) return added(line);
  return line.startsWith("-") ? removed(line) : line;
}
