/** The page that a person reads after a migration: what was changed, what booted, how long it took. Pure. */
import type { BootProof } from "../../components/steps/bootProof";
import type { ConversionReport, ReportedEdit } from "../../components/report/reported";

/** The stack's outputs: one of these a migration. */
export type Migrations = Record<string, Results>;

export interface Results {
  imageId?: string;
  snapshotId?: string;
  instanceId?: string;
  address?: string;
  report?: ConversionReport;
  bootProof?: BootProof;
}

/** All migrations of a stack, by name. */
export function formatResults(migrations: Migrations): string {
  const names = Object.keys(migrations);
  if (names.length === 0) return "No migration is configured: add one below `pv-to-hvm:migrations`.";
  return names.map((name) => formatMigration(name, migrations[name])).join("\n\n");
}

function formatMigration(name: string, results: Results): string {
  return [
    bold(name),
    ...(results.report ? formatReport(results.report) : []),
    ...formatImage(results),
    ...(results.bootProof ? formatProof(results.bootProof) : []),
  ].join("\n");
}

function formatReport(report: ConversionReport): string[] {
  return [
    `  ${report.system}, ${report.architecture}`,
    ...report.edits.flatMap(formatEdit),
    ...report.verdicts.map(({ family, boots, why }) => `\n  ${boots ? "✓" : "✗"} ${family}: ${why}`),
    ...report.warnings.map(({ subject, found, advice }) => `  ! ${subject}: ${found} ${advice}`),
    "",
    ...table(report.steps.map(({ step, outcome, seconds }) => [step, `${seconds.toFixed(1)} s`, outcome])),
    "",
    ...report.rehearsal.map((line) => `  rehearsal ${line}`),
  ];
}

function formatEdit({ path, action, why, diff }: ReportedEdit): string[] {
  return ["", `  ${bold(path)} (${action})`, ...why.map((line) => `    ${line}`), ...diff.map(colourDiff)];
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

function formatProof(proof: BootProof): string[] {
  return [
    "",
    `  ${bold("boot proof")}, read from the running machine over ssh`,
    ...table([
      ["virtualization", `${proof.virtualization} (${proof.vendor})`],
      ["kernel", proof.kernel],
      ["root device", proof.rootDevice],
      ["its UUID", proof.rootUuid],
      ["addresses", proof.addresses.join(" ")],
      ["up since", `${proof.uptimeSeconds} s`],
    ]),
  ];
}

function table(rows: string[][]): string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, ...rest]) => `  ${first.padEnd(width)}  ${rest.join("  ")}`);
}

function colourDiff(line: string): string {
  if (line.startsWith("+")) return `    \x1b[32m${line}\x1b[0m`;
  if (line.startsWith("-")) return `    \x1b[31m${line}\x1b[0m`;
  return `    ${line}`;
}

function bold(text: string): string {
  return `\x1b[1m${text}\x1b[0m`;
}
