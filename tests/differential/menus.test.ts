/** A table of menus: which kernel GRUB 0.97 starts from the source, which one the report names, which one GRUB 2 starts from the result. */
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

const TABLE: Row[] = [...DEFAULTS, ...FALLBACKS, ...SYNTAX, ...ENTRIES];

/**
 * PV_TO_HVM_MENU: the rows with this in their names. PV_TO_HVM_ALL_MENUS=1: the whole table, which takes some minutes.
 * Otherwise every other row.
 */
const { PV_TO_HVM_MENU: only, PV_TO_HVM_ALL_MENUS: all } = process.env;
const ROWS = TABLE.filter(({ what }, index) => (only ? what.includes(only) : all === "1" || index % 2 === 0));

/** The row's files, its menu among them. */
function filesOf({ menu, files }: Row): Files {
  const named = Object.entries({ ...files, [MENU]: menu }).map(([name, content]) => [
    name,
    typeof content === "string" ? withFiles(content) : content,
  ]);
  return Object.fromEntries(named) as Files;
}

describe("a menu means the same to GRUB 0.97, to the report and to GRUB 2", function () {
  this.timeout(180_000);
  let asked: Promise<ThreeWays>[];

  before(function () {
    if (!isRoot) this.skip();
    asked = inTurn(ROWS, (row) => askThreeWays(filesOf(row), row.lying));
  });
  after(removeFolders);

  ROWS.forEach((row, index) => {
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
