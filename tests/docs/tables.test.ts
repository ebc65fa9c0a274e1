/** No table of the documents is cut: a row that does not belong to a table's head is shown as text with bars. */
import assert from "node:assert/strict";
import { DOCUMENTS, read } from "./documents";

/** What is wrong with the tables of a page: its lines that GitHub shows as text, or with a cell too many or too few. */
function brokenRows(page: string): string[] {
  let isCode = false;
  let cells: number | undefined;
  return page.split("\n").flatMap((text, index, lines) => {
    if (/^ *```/.test(text)) isCode = !isCode;
    if (isCode || !text.startsWith("|")) {
      cells = undefined;
      return [];
    }
    const isHead = cells === undefined && /^\|[\s:|-]+\|$/.test(lines[index + 1] ?? "");
    if (isHead) cells = cellsIn(text);
    return cells === cellsIn(text) ? [] : [`line ${index + 1}: ${text.slice(0, 60)}`];
  });
}

/** A bar of a cell's own text is written with a backslash before it. */
function cellsIn(row: string): number {
  return row.split(/(?<!\\)\|/).length - 2;
}

for (const file of DOCUMENTS) {
  it(`${file} has whole tables`, () => assert.deepEqual(brokenRows(read(file)), []));
}

describe("a table", () => {
  const HEAD = ["| a | b |", "| --- | --- |"];
  const PAGES: [what: string, lines: string[], broken: string[]][] = [
    ["is whole", [...HEAD, "| 1 | 2 |", "", "text"], []],
    ["may have a bar in a cell", [...HEAD, "| 1 \\| 2 | 3 |"], []],
    ["is cut by a blank line", [...HEAD, "| 1 | 2 |", "", "| 3 | 4 |"], ["line 5: | 3 | 4 |"]],
    ["has a row with a cell too many", [...HEAD, "| 1 | 2 | 3 |"], ["line 3: | 1 | 2 | 3 |"]],
    ["is no table in a block", ["```", "| 1 | 2 |", "```"], []],
  ];
  for (const [what, lines, broken] of PAGES) {
    it(what, () => assert.deepEqual(brokenRows(lines.join("\n")), broken));
  }
});
