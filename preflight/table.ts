/** A preflight's answers on a page of text. Pure. */
import { columns } from "../cli/columns";
import type { Answer, Row } from "./row";

const WORDS: Record<Answer, string> = { yes: "yes", no: "NO", unknown: "not known" };

/** Names of migrations that a row shows; of more it says how many. */
const NAMES_SHOWN = 3;

/** What was asked, and the answer; below it, in the same order, what to do. */
export function formatTable(rows: Row[]): string {
  const lines = columns([
    ["answer", "asked", "for", "found"],
    ...rows.map((row) => [WORDS[row.answer], row.what, namesOf(row), row.found]),
  ]);
  const advised = rows.filter(({ advice }) => advice !== undefined);
  if (advised.length === 0) return `${lines.join("\n")}\n`;
  const todo = advised.map(({ what, advice }) => `  ${what}: ${advice}`);
  return [...lines, "", "What to do", ...todo, ""].join("\n");
}

function namesOf({ migrations }: Row): string {
  const more = migrations.length - NAMES_SHOWN;
  return migrations.slice(0, NAMES_SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The last line: one word and what it came to. */
export function outcomeOf(rows: Row[]): string {
  const number = (answer: Answer) => rows.filter((row) => row.answer === answer).length;
  const unknown = number("unknown") === 0 ? "" : `, ${number("unknown")} not known`;
  if (number("no") > 0) {
    return `REFUSED: ${number("no")} of ${rows.length} answers say no${unknown}. Mend what stands below "What to do", and ask again`;
  }
  return `OK: EC2 would refuse none of what it was asked (${number("yes")} yes${unknown})`;
}
