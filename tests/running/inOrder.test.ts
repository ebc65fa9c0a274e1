import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./module";

/** A story in which one chapter fails, if any. */
const story = (name: string, failing?: string) => `
import { stopAtFailure } from ${JSON.stringify(join(ROOT, "tests", "running", "inOrder"))};
describe("${name}", function () {
  stopAtFailure(this);
  for (const chapter of ["one", "two", "three", "four"])
    it("${name} " + chapter, () => { if (chapter === "${failing}") throw new Error("it does not hold"); });
});
`;

describe("a suite that tells one story in order", function () {
  this.timeout(60_000);
  let folder: string;
  let said: string;
  let totals: { passes: number; failures: number; files: string[] };

  before("three of them in one run", () => {
    folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-running-"));
    const stories = { a: story("a", "two"), b: story("b"), c: story("c", "four") };
    const files = Object.entries(stories).map(([name, text]) => {
      writeFileSync(join(folder, `${name}.test.ts`), text);
      return join(folder, `${name}.test.ts`);
    });
    const report = join(folder, "totals.json");
    const { stdout } = spawnSync(join("node_modules", ".bin", "mocha"), files, {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, PV_TO_HVM_TOTALS: report },
    });
    said = stdout;
    totals = JSON.parse(readFileSync(report, "utf8")) as typeof totals;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("stops at the first test that fails, and the next one says which", () => {
    assert.match(
      said,
      /"a two" has failed\. This test and all after it go on from there, and were not run\./,
    );
    assert.doesNotMatch(said, /✔ a (three|four)/);
  });

  it("is told to its end where the story of another file has stopped", () =>
    assert.match(said, /✔ b one\n +✔ b two\n +✔ b three\n +✔ b four\n/));

  it("has nothing more to say where its last test has failed", () => {
    assert.doesNotMatch(said, /"c four" has failed/);
    assert.deepEqual([totals.passes, totals.failures, totals.files.length], [1 + 4 + 3, 2 + 0 + 1, 3]);
  });
});
