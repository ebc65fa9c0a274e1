/** The rows of the matrix that `npm test` has time for: the widest coverage, one boot each. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { TOOLBOX_VARIABLE } from "../../local/machines/toolbox";
import { runRow } from "./matrix";
import { ROWS } from "./rows";
import { treeImage } from "./trees";

const cache = path.resolve(".cache");
const folder = path.join(cache, "matrix");

describe("a guest that is converted and booted", function () {
  // Minutes without KVM; the rehearsal has a limit of its own.
  this.timeout(0);

  before(function () {
    if (!process.env[TOOLBOX_VARIABLE]) this.skip();
    fs.mkdirSync(folder, { recursive: true });
  });

  for (const row of ROWS) {
    if (row.part === undefined) continue;
    const { part } = row;
    it(`${row.name} (${row.tree}, ${row.layout}, ${row.menu}, on ${part})`, async function () {
      const tree = await treeImage(row.tree, { cache, log: () => undefined });
      const { outcome, why } = runRow(row, { tree, folder, buses: [part] });
      if (outcome === "skipped") return this.skip();
      assert.equal(outcome, "passed", why.join("\n"));
    });
  }
});
