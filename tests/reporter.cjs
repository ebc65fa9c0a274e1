/**
 * mocha's spec reporter, which shows places in the TypeScript, and also writes its totals, and the files whose tests it has seen, to the file named in
 * PV_TO_HVM_TOTALS.
 */
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { reporters } = require("mocha");
const { translated } = require("./compile.cjs");

module.exports = class TotalsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.prependListener("fail", (_test, error) => {
      if (typeof error?.stack === "string") error.stack = translated(error.stack);
    });
    const files = new Set();
    // As it is now: a test may go to another folder.
    const root = process.cwd();
    for (const event of ["pass", "fail", "pending"]) {
      runner.on(event, ({ file }) => file && files.add(relative(root, file)));
    }
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      if (process.env.PV_TO_HVM_TOTALS) {
        writeFileSync(
          process.env.PV_TO_HVM_TOTALS,
          JSON.stringify({ passes, failures, pending, files: [...files] }),
        );
      }
    });
  }
};
