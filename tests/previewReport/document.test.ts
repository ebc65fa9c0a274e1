/** The sample in docs/pull-requests.md is a report as it really is. `UPDATE_GOLDEN=1` puts it in anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportFile } from "./fixtures";

const FILE = join(__dirname, "..", "..", "docs", "pull-requests.md");
const SAMPLE = /(<!-- sample: ([\w-]+) -->\n)(.*?)(<!-- end of sample -->)/s;

describe("the sample in docs/pull-requests.md", () => {
  it("is the golden report, one heading lower", () => {
    const document = readFileSync(FILE, "utf8");
    const [, begin, name, sample, end] = SAMPLE.exec(document) ?? [];
    assert.ok(name, "no sample between its marks");
    const report = readFileSync(reportFile(name), "utf8").replace(/^## /, "### ");
    if (process.env.UPDATE_GOLDEN)
      writeFileSync(
        FILE,
        document.replace(SAMPLE, () => begin + report + end),
      );
    else assert.equal(sample, report);
  });
});
