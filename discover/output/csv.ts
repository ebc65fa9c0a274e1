/** The record's images for a spreadsheet: a line each. Pure. */
import { stringify } from "csv-stringify/sync";
import type { Fleet } from "../types";
import { marksOf, reasonsOf, type Row, rowsOf, sizeOf, usersInWords } from "./summary";

const COLUMNS: [name: string, of: (row: Row) => string | number | undefined][] = [
  ["account", ({ accountId }) => accountId],
  ["region", ({ region }) => region],
  ["image", ({ image }) => image.imageId],
  ["name", ({ image }) => image.name],
  ["state", ({ image }) => image.state],
  ["owner", ({ image }) => image.ownerId],
  ["architecture", ({ image }) => image.architecture],
  ["size_gib", ({ image }) => sizeOf(image)],
  ["made", ({ image }) => image.createdAt],
  ["last_launched", ({ image }) => image.lastLaunchedAt],
  ["root", ({ image }) => image.root.kind],
  ["root_snapshot", ({ image }) => (image.root.kind === "ebs" ? image.root.snapshotId : "")],
  ["tier", ({ image }) => (image.root.kind === "ebs" ? image.root.tier : "")],
  ["key", ({ image }) => (image.root.kind === "ebs" ? image.root.kmsKeyId : "")],
  ["marks", ({ image }) => marksOf(image).join("; ")],
  ["used_by", ({ image }) => usersInWords(image.referrers)],
  ["users", ({ image }) => image.referrers.map(({ kind, id }) => `${kind} ${id}`).join("; ")],
  ["stage", ({ image }) => image.stage],
  ["converted_to", ({ image }) => image.conversions.map(({ imageId }) => imageId).join("; ")],
  ["verdict", ({ image }) => image.inspection.verdict],
  [
    "reasons",
    ({ image }) =>
      reasonsOf(image.inspection)
        .map(({ subject, found }) => `${subject}: ${found}`)
        .join(" "),
  ],
  [
    "remedies",
    ({ image }) => [...new Set(reasonsOf(image.inspection).map(({ advice }) => advice))].join(" "),
  ],
];

/** RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function formatCsv(fleet: Fleet): string {
  const rows = rowsOf(fleet).map((row) => COLUMNS.map(([, of]) => of(row) ?? ""));
  return stringify([COLUMNS.map(([name]) => name), ...rows], { escape_formulas: true });
}
