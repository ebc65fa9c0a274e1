import assert from "node:assert/strict";
import { evaluate } from "./module";

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  why?: string[];
}

function outcomeOf(report: object | undefined, ended: object): Outcome {
  const words = [report, { files: ["a.test.ts"], status: 0, hung: false, ...ended }].map((each) =>
    JSON.stringify(each),
  );
  return evaluate(
    ["running/summary.mjs"],
    `outcomeOf(${words.map((word) => word ?? "undefined").join(", ")})`,
  );
}

const REPORT = { passes: 3, failures: 0, pending: 1, files: ["a.test.ts"] };

describe("what became of a suite", () => {
  it("is what its reporter has counted", () =>
    assert.deepEqual(outcomeOf(REPORT, {}), { passed: 3, failed: 0, skipped: 1, why: [] }));

  const FAILURES: [what: string, report: object | undefined, ended: object, why: RegExp][] = [
    ["it died before its end", undefined, { status: 139 }, /died with status 139/],
    ["it was interrupted", REPORT, { interrupted: true, status: 130 }, /interrupted/],
    ["it hung", undefined, { hung: true, status: 130 }, /hung/],
    [
      "a file of it has run no test",
      REPORT,
      { files: ["a.test.ts", "b.test.ts"] },
      /b\.test\.ts: no test in it has run/,
    ],
    ["it ends badly though no test failed", REPORT, { status: 7 }, /status 7/],
  ];
  for (const [what, report, ended, why] of FAILURES) {
    it(`is a failure where ${what}`, () => {
      const outcome = outcomeOf(report, ended);
      assert.equal(outcome.failed, 1);
      assert.match(outcome.why?.join() ?? "", why);
    });
  }
});

describe("the end of a test run", () => {
  interface Summary {
    totals: Outcome;
    text: string;
  }
  const summary = (preparation: object | undefined) =>
    evaluate<Summary>(
      ["running/summary.mjs"],
      `summaryOf([{ name: "lint" }, { name: "disks" }, { name: "boots" }], {
        results: new Map([
          ["lint", { passed: 1, failed: 0, skipped: 0, seconds: 9 }],
          ["disks", { passed: 30, failed: 1, skipped: 2, seconds: 120, why: ["it hung"] }],
        ]),
        preparation: ${JSON.stringify(preparation)},
      })`,
    );

  it("is a table of all suites with their seconds, what is to be said of some, and the totals last", () => {
    const { text, totals } = summary({ failed: 0, seconds: 40 });
    assert.deepEqual(totals, { passed: 31, failed: 1, skipped: 2 });
    assert.deepEqual(text.split("\n"), [
      "suite                 passed  failed  skipped  seconds",
      "(engine and images)                                 40",
      "lint                       1       0        0        9",
      "disks                     30       1        2      120",
      "boots                not run",
      "",
      "disks: it hung.",
      "",
      "31 passed, 1 failed, 2 skipped",
    ]);
  });

  it("counts a local cloud that could not be prepared as a failure", () =>
    assert.equal(summary({ failed: 1, seconds: 40 }).totals.failed, 2));
});
