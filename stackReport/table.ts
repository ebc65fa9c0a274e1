/** All migrations on a page of text: a row each, and below it what is worth a sentence. Pure. */
import { formatDollars } from "../cli/dollars";
import { PRICES_OF } from "../cli/prices";
import { columns } from "../cli/columns";
import type { Paint } from "./paint";
import type { Row } from "./rows";

/** Names of files that a row shows; of more it says how many. */
const FILES_SHOWN = 3;

const HEADER = ["migration", "state", "system", "boots on", "changes", "warnings", "a month"];

export function formatTable(rows: Row[], { bold }: Paint): string {
  const [header, ...lines] = columns([HEADER, ...rows.map(cellsOf)]);
  return [
    bold(header),
    ...lines,
    ...section("Refused", refusals(rows), bold),
    ...section("Warnings", warnings(rows), bold),
    "",
    totalOf(rows),
  ].join("\n");
}

/** A row's cells, for a table of text or of Markdown. */
export function cellsOf(row: Row): string[] {
  const { name, state, system, architecture, verdicts, warnings: told, refused } = row;
  return [
    name,
    refused.length > 0 ? `${state}, refused` : state,
    system === undefined ? "" : `${system}, ${architecture}`,
    verdicts.map(({ family, boots }) => (boots ? family : `not ${family}`)).join(", "),
    changesOf(row),
    told.length > 0 ? String(told.length) : "",
    row.monthlyDollars === undefined ? "" : formatDollars(row.monthlyDollars),
  ];
}

export const HEADER_CELLS = HEADER;

function changesOf({ files, initramfs }: Row): string {
  const names = files.slice(0, FILES_SHOWN).map((path) => path.split("/").pop() ?? path);
  const more = files.length > FILES_SHOWN ? [`${files.length - FILES_SHOWN} more`] : [];
  const rebuilt = initramfs.length > 0 ? [`${initramfs.length} initramfs rebuilt`] : [];
  return [...names, ...more, ...rebuilt].join(", ");
}

/** Why a migration is refused, by migration. */
export function refusals(rows: Row[]): string[] {
  return rows.flatMap(({ name, refused }) => refused.map((why) => `${name}: ${why}`));
}

/** Each warning once, with the migrations that it is about: of a hundred old images most say the same. */
export function warnings(rows: Row[]): string[] {
  const names = new Map<string, string[]>();
  for (const row of rows) {
    for (const { subject, found, advice } of row.warnings) {
      const text = `${subject}: ${found} ${advice}`;
      names.set(text, [...(names.get(text) ?? []), row.name]);
    }
  }
  return [...names].map(([text, of]) => `${of.join(", ")}: ${text}`);
}

/** `3 migrations: 2 inspected, 1 published; …` */
export function totalOf(rows: Row[]): string {
  const states = new Map<string, number>();
  for (const { state } of rows) states.set(state, (states.get(state) ?? 0) + 1);
  const counted = [...states].map(([state, number]) => `${number} ${state}`).join(", ");
  const known = rows.flatMap(({ monthlyDollars }) => monthlyDollars ?? []);
  const sum = known.reduce((total, each) => total + each, 0);
  const cost =
    known.length === 0
      ? ""
      : ` Roughly ${formatDollars(sum)} a month while they wait with their helpers stopped (us-east-1, ${PRICES_OF}).`;
  return `${rows.length} ${rows.length === 1 ? "migration" : "migrations"}: ${counted}.${cost}`;
}

function section(title: string, lines: string[], bold: Paint["bold"]): string[] {
  return lines.length === 0 ? [] : ["", bold(title), ...lines.map((line) => `  ${line}`)];
}
