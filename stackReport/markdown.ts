/** The same in Markdown, for a ticket or a pull request. Pure. */
import { code, folded, htmlCode, plain, table } from "../cli/markdown";
import type { Migrations } from "./outputs";
import { formatPage } from "./pages";
import { paint } from "./paint";
import { rowsOf } from "./rows";
import { cellsOf, HEADER_CELLS, refusals, totalOf, warnings } from "./table";

/** `full`: with a page of each migration, folded away. */
export function asMarkdown(migrations: Migrations, full: boolean): string {
  const rows = rowsOf(migrations);
  const cells = rows.map((row) => {
    const [name, ...rest] = cellsOf(row);
    return [code(name), ...rest.map(plain)];
  });
  const parts = [
    table(HEADER_CELLS, cells),
    ...list("Refused", refusals(rows)),
    ...list("Warnings", warnings(rows)),
    plain(totalOf(rows)),
    ...(full
      ? Object.entries(migrations).map(([name, results]) =>
          folded(htmlCode(name), fenced(formatPage(name, results, paint(false)))),
        )
      : []),
  ];
  return parts.join("\n\n");
}

function list(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`**${title}**`, lines.map((line) => `- ${plain(line)}`).join("\n")];
}

/** As a diff, which GitHub colours. No line of a guest's file can end the fence. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const lines = text.split("\n").map((line) => line.replace(/^ {4}(?=[-+@])/, ""));
  return `${fence}diff\n${lines.join("\n")}\n${fence}`;
}
