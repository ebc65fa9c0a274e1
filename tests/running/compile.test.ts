import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
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

/** It ends in another folder than it began in. */
const WANDERING = `
it("goes elsewhere", () => process.chdir("/"));
`;

describe("mocha", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-running-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs one test file of these words. */
  function runMocha(text: string, totals = "") {
    const file = join(folder, "one.test.ts");
    writeFileSync(file, text);
    const options = {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, PV_TO_HVM_TOTALS: totals },
    } as const;
    return { file, ...spawnSync(join("node_modules", ".bin", "mocha"), [file], options) };
  }

  it("shows a test that fails with its place in the TypeScript", () => {
    const { status, stdout } = runMocha(FAILING);
    assert.equal(status, 1);
    assert.match(stdout, /one\.test\.ts:13:10\)/);
  });

  it("counts a file by its name, wherever its tests end", () => {
    const totals = join(folder, "totals.json");
    const { file } = runMocha(WANDERING, totals);
    const { files } = JSON.parse(readFileSync(totals, "utf8")) as { files: string[] };
    assert.deepEqual(files, [relative(ROOT, file)]);
  });
});
