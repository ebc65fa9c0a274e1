import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./module";

/** The types are gone in what runs, so the failing line is an earlier one there. */
const FAILING = `
import assert from "node:assert/strict";

interface Disk {
  name: string;
  bytes: number;
}

type Named = Pick<Disk, "name">;

it("fails in line 13", () => {
  const disk: Named = { name: "xvda" };
  assert.equal(disk.name, "sda");
});
`;

describe("a test that fails", function () {
  this.timeout(60_000);
  it("is shown with its place in the TypeScript", () => {
    const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-running-"));
    try {
      const file = join(folder, "failing.test.ts");
      writeFileSync(file, FAILING);
      const { status, stdout } = spawnSync(join("node_modules", ".bin", "mocha"), [file], {
        cwd: ROOT,
        encoding: "utf8",
        env: { ...process.env, PV_TO_HVM_TOTALS: "" },
      });
      assert.equal(status, 1);
      assert.match(stdout, /failing\.test\.ts:13:10\)/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
