import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { TOOLBOX_VARIABLE } from "../../local/machines/toolbox";
import { runRow } from "./matrix";
import type { Bus, Row } from "./rows";
import { treeImage } from "./trees";

const cache = path.resolve(".cache");
const folder = path.join(cache, "matrix");

/** A row, and the disks that it is booted from. None: what does not boot, or need not. */
export interface BootedRow {
  row: Row;
  buses: Bus[];
}

/** A test for each of these. */
export function itBoots(title: string, rows: BootedRow[]): void {
  describe(title, function () {
    // Minutes without KVM; the rehearsal has a limit of its own.
    this.timeout(0);

    before(function () {
      if (!process.env[TOOLBOX_VARIABLE]) this.skip();
      fs.mkdirSync(folder, { recursive: true });
    });

    for (const { row, buses } of rows) {
      const where = buses.length > 0 ? `, on ${buses.join(", ")}` : "";
      it(`${row.name} (${row.tree}, ${row.layout}, ${row.menu}${where})`, async function () {
        const tree = await treeImage(row.tree, { cache, log: () => undefined });
        const { outcome, why } = runRow(row, { tree, folder, buses });
        if (outcome === "skipped") return this.skip();
        assert.equal(outcome, "passed", why.join("\n"));
      });
    }
  });
}
