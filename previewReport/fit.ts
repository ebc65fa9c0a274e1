/** Makes a report short enough for where it goes, leaving out first what matters least. Pure. */
import { cut } from "../cli/markdown";

export interface Fitting {
  /** Never left out. */
  head: string[];
  /** Cells of the table's rows, what matters most first. */
  rows: string[][];
  table: (rows: string[][]) => string;
  /** One for each row; empty where there is none. */
  details: string[];
  /** Left out where not even the head fits beside it. */
  tail: string[];
}

/** GitHub's limit of a comment: 65,536 characters. */
export const COMMENT_LIMIT = 65_536;
/** Below it there is no room for a sentence. */
export const LEAST = 1_000;

const WHERE = "All of it: `pulumi preview`, or `pv-to-hvm preview-report` with a larger `--max-characters`.";

/** The report; its length is at most `limit`. */
export function fit(parts: Fitting, limit: number): string {
  const note = `\n\n_Cut off for want of room. ${WHERE}_\n`;
  // The details go first, the last of them before the others; then the rows.
  const most = 2 * parts.rows.length;
  const level = longest(most, (each) => compose(parts, each).length <= limit);
  const candidates = [compose(parts, level), compose({ ...parts, tail: [] }, 0)];
  return (
    candidates.find(({ length }) => length <= limit) ?? `${cut(join(parts.head), limit - note.length)}${note}`
  );
}

/** The largest number for which it holds, where it holds for all smaller ones; 0 where it holds for none. */
function longest(most: number, holds: (count: number) => boolean): number {
  let [yes, no] = [0, most + 1];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** With so many rows; once all of them are there, with so many parts of the details besides. */
function compose({ head, rows, table, details, tail }: Fitting, level: number): string {
  const shown = rows.slice(0, level);
  const detailCount = Math.max(0, level - rows.length);
  const told = details.slice(0, detailCount).filter((detail) => detail !== "");
  const untold = details.slice(detailCount).filter((detail) => detail !== "").length;
  return join([
    ...head,
    ...(shown.length > 0 ? [table(shown)] : []),
    ...told,
    ...leftOut(rows.length - shown.length, untold),
    ...tail,
  ]);
}

function leftOut(rows: number, details: number): string[] {
  if (rows === 0 && details === 0) return [];
  const what =
    rows > 0
      ? `${rows} more migrations that change, and all details`
      : `the details of ${details} migrations`;
  return [`_Left out for want of room: ${what}. ${WHERE}_`];
}

function join(parts: string[]): string {
  return `${parts.join("\n\n")}\n`;
}
