/** However many migrations there are, and whatever they are called, the report fits. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMENT_LIMIT, fit, LEAST } from "../../previewReport/fit";
import { reportOf } from "../../previewReport/report";
import { type MadeMigration, previewOf, whole } from "./made";

const many = (count: number, made: (index: number) => MadeMigration): Record<string, MadeMigration> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`web-server-${index}`, made(index)]));
const rowsIn = (report: string) => report.split("\n").filter((line) => /^\| `/.test(line)).length;
const detailsIn = (report: string) => report.match(/<details>/g)?.length ?? 0;

describe("a report of many migrations", () => {
  const CASES: [count: number, rows: number, everything: boolean][] = [
    [10, 10, true],
    [100, 100, false],
    [300, 300, false],
  ];
  for (const [count, rows, everything] of CASES) {
    it(`fits into a comment: ${count} converted anew`, () => {
      const report = reportOf(previewOf(many(count, () => whole("replace", 20))), COMMENT_LIMIT);
      assert.ok(report.length <= COMMENT_LIMIT);
      assert.equal(rowsIn(report), rows);
      assert.equal(/Left out for want of room/.test(report), !everything);
      assert.equal(detailsIn(report) === count, everything);
      assert.ok(detailsIn(report) > 0 || count > 100);
    });
  }

  it("says how many it left out, and where to see them", () => {
    const report = reportOf(previewOf(many(2000, () => whole("replace", 20))), COMMENT_LIMIT);
    const shown = rowsIn(report);
    assert.ok(report.length <= COMMENT_LIMIT && shown > 100);
    assert.match(
      report,
      new RegExp(`Left out for want of room: ${2000 - shown} more migrations that change, and all details`),
    );
    assert.match(report, /`pulumi preview`, or `pv-to-hvm preview-report` with a larger `--max-characters`/);
  });

  it("leaves out first what matters least: those that are deleted are at the top", () => {
    const preview = previewOf(many(500, (index) => whole(index === 499 ? "delete" : "replace", 20)));
    const report = reportOf(preview, 20_000);
    assert.match(report, /> - `web-server-499`: \*\*deleted\*\*/);
    assert.match(report.split("\n").find((line) => /^\| `/.test(line)) ?? "", /web-server-499/);
  });

  it("names a lot of unchanged ones in a line", () => {
    const report = reportOf(previewOf(many(1000, () => whole("same", 20))), COMMENT_LIMIT);
    assert.match(report, /1000 unchanged/);
    assert.match(report, /Nothing changes: `web-server-0`, .*, 800 more\./);
  });
});

describe("fitting", () => {
  const part = fc.string({ maxLength: 400 });
  const parts = fc.record({
    head: fc.array(part, { minLength: 1, maxLength: 8 }),
    rows: fc.array(fc.array(part, { minLength: 2, maxLength: 2 }), { maxLength: 60 }),
    tail: fc.array(part, { maxLength: 5 }),
  });

  it("is never longer than it may be, and has no half of a character at its end", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: LEAST, max: 20_000 }), ({ head, rows, tail }, limit) => {
        const details = rows.map(([first], index) => (index % 3 === 0 ? "" : `details of ${first}`));
        const report = fit({ head, rows, details, tail, table: (all) => all.join("\n") }, limit);
        assert.ok(report.length <= limit);
      }),
    );
  });

  it("shows all where there is room for it", () => {
    const table = (rows: string[][]) => rows.join("\n");
    const report = fit({ head: ["h"], rows: [["r"]], details: ["d"], tail: ["t"], table }, LEAST);
    assert.equal(report, "h\n\nr\n\nd\n\nt\n");
  });

  it("cuts even the head, where that alone is too long, and says so", () => {
    const report = reportOf(
      previewOf(
        {},
        {
          diagnostics: Array.from({ length: 50 }, (_, index) => ({
            severity: "error",
            message: `${index} ${"x".repeat(5000)}`,
          })),
        },
      ),
      2000,
    );
    assert.ok(report.length <= 2000);
    assert.match(report, /_Cut off for want of room\./);
  });

  it("counts characters outside the basic plane as two, which no count of GitHub's exceeds", () => {
    const names = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`${"😀".repeat(90)}${index}`, whole("create", 9)]),
    );
    const report = reportOf(previewOf(names), COMMENT_LIMIT);
    assert.ok(report.length <= COMMENT_LIMIT);
    assert.ok([...report].length < report.length);
    // Its other limit: four bytes for each character that it counts.
    assert.ok(Buffer.byteLength(report) <= 4 * COMMENT_LIMIT);
  });
});

describe("names that are Markdown", () => {
  const NAMES = [
    "a|b",
    "a`b",
    "<img src=x>",
    "@octocat",
    "fix #1",
    "[x](http://y)",
    "a\nb",
    "**",
    "a\\",
    "&lt;",
    "-->",
  ];

  for (const name of NAMES) {
    it(`break neither the table nor the page: ${JSON.stringify(name)}`, () => {
      const report = reportOf(previewOf({ [name]: whole("create", 9) }), COMMENT_LIMIT);
      const [row, ...others] = report.split("\n").filter((line) => line.startsWith("| ") && /new/.test(line));
      assert.deepEqual(others, []);
      assert.equal(row.split(/(?<!\\)\|/).length, 7, row);
      const visible = report.replace(/(`+)(?!`).*?(?<!`)\1(?!`)|<code>[^<]*<\/code>/gs, "");
      assert.doesNotMatch(visible, /<img|@octocat|#1\b|\]\(http/);
    });
  }
});
