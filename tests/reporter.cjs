/** mocha's spec reporter, which also writes its totals to the file named in PV_TO_HVM_TOTALS. */
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class TotalsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      if (process.env.PV_TO_HVM_TOTALS) {
        writeFileSync(process.env.PV_TO_HVM_TOTALS, JSON.stringify({ passes, failures, pending }));
      }
    });
  }
};
