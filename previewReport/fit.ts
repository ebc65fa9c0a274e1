/** Makes a report short enough for where it goes, leaving out first what matters least. Pure. */
import { cut } from "./markdown";

export interface Fitting {
  /** Never left out. */
  head: string[];
  /** Cells of the table's rows, what matters most first. */
  rows: string[][];
  table: (rows: string[][]) => string;
  /** One for each row; empty where there is none. */
  details: string[];
  /** Left out where not even the table fits. */
  tail: string[];
}

/** GitHub's limit of a comment: 65,536 characters. */
export const COMMENT_LIMIT = 65_536;
/** Below it there is no room for a sentence. */
export const LEAST = 1_000;

const WHERE = "All of it: `pulumi preview`, or `pv-to-hvm preview-report` with a larger `--max-characters`.";

/** The report; its length is at most `limit`. */
export function fit(parts: Fitting, limit: number): string {
  const { head, rows, tail } = parts;
  const rowCount = longestPrefix(rows.length, (count) => length(compose(parts, count, 0)) <= limit);
  if (rowCount < rows.length) return last(compose(parts, rowCount, 0), head, limit);
  const detailCount = longestPrefix(
    rows.length,
    (count) => length(compose(parts, rows.length, count)) <= limit,
  );
  const whole = compose(parts, rows.length, detailCount);
  return length(whole) <= limit
    ? join(whole)
    : last(compose({ ...parts, tail: tail.slice(0, 0) }, 0, 0), head, limit);
}

/** The largest number for which it holds, where it holds for all smaller ones; 0 where it holds for none. */
function longestPrefix(most: number, holds: (count: number) => boolean): number {
  let [yes, no] = [0, most + 1];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

function compose(
  { head, rows, table, details, tail }: Fitting,
  rowCount: number,
  detailCount: number,
): string[] {
  const shown = rows.slice(0, rowCount);
  const told = details.slice(0, detailCount).filter((detail) => detail !== "");
  const untold = details.slice(detailCount).filter((detail) => detail !== "").length;
  return [
    ...head,
    ...(shown.length > 0 ? [table(shown)] : []),
    ...told,
    ...leftOut(rows.length - rowCount, untold),
    ...tail,
  ];
}

function leftOut(rows: number, details: number): string[] {
  if (rows > 0)
    return [`_Left out for want of room: ${rows} more migrations that change, and all details. ${WHERE}_`];
  return details > 0 ? [`_Left out for want of room: the details of ${details} migrations. ${WHERE}_`] : [];
}

/** Where even the head is too long it is cut. */
function last(parts: string[], head: string[], limit: number): string {
  if (length(parts) <= limit) return join(parts);
  const note = `\n\n_Cut off for want of room. ${WHERE}_\n`;
  return `${cut(join(head), limit - note.length)}${note}`;
}

function length(parts: string[]): number {
  return parts.reduce((sum, part) => sum + part.length + 2, 0);
}

function join(parts: string[]): string {
  return `${parts.join("\n\n")}\n`;
}
