/** The table of menus, played. */
import assert from "node:assert/strict";
import { isRoot, removeFolders } from "../converter/disk/images";
import { describe as describeWays, disagreement } from "./disagreement";
import { type Files, MENU, withFiles } from "./guest";
import { DEFAULTS } from "./menus/defaults";
import { ENTRIES } from "./menus/entries";
import { FALLBACKS } from "./menus/fallbacks";
import type { Row } from "./menus/row";
import { SYNTAX } from "./menus/syntax";
import { inTurn } from "./pool";
import { askThreeWays, type ThreeWays } from "./threeWays";

export const TABLE: Row[] = [...DEFAULTS, ...FALLBACKS, ...SYNTAX, ...ENTRIES];

/** The row's files, its menu among them. */
function filesOf({ menu, files }: Row): Files {
  const named = Object.entries({ ...files, [MENU]: menu }).map(([name, content]) => [
    name,
    typeof content === "string" ? withFiles(content) : content,
  ]);
  return Object.fromEntries(named) as Files;
}

/** Tests of the rows: which kernel GRUB 0.97 starts from the source, which one the report names, which one GRUB 2 starts from the result. */
export function playRows(title: string, rows: Row[]): void {
  describe(title, function () {
    this.timeout(180_000);
    let asked: Promise<ThreeWays>[];

    before(function () {
      if (!isRoot) this.skip();
      asked = inTurn(rows, (row) => askThreeWays(filesOf(row), row.lying));
    });
    after(removeFolders);

    rows.forEach((row, index) => {
      const { starts, then = starts === "nothing" ? "refused" : "the same" } = row;
      it(`${row.what}: ${then === "refused" ? "refused" : starts}`, async () => {
        const ways = await asked[index];
        const shown = describeWays(String(filesOf(row)[MENU]), ways);
        const kernel = ways.legacy.kernel?.replace(/^3\.2\.0-(\d)-amd64$/, "K$1") ?? "nothing";
        assert.equal(kernel, starts, shown);
        assert.equal(Array.isArray(ways.plan) ? "refused" : "the same", then, shown);
        assert.equal(disagreement(ways), undefined, shown);
      });
    });
  });
}
