import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { ROWS as MATRIX_ROWS } from "../matrix/rows";
import { read, ROOT } from "./documents";

const MATRIX = "tests/matrix/rows.ts";

describe("docs/guests.md", function () {
  this.timeout(180_000);
  const rows = read("docs/guests.md")
    .split("## What goes wrong in the field")[1]
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

  it("answers everything that is known to go wrong", () => {
    assert.equal(rows.length, 63);
    for (const [, what, where, answer, shownBy] of rows) {
      assert.ok(what && where, what);
      assert.match(answer, /^_(Handled|Reported|Refused|Not ours)_: ./, what);
      if (!answer.startsWith("_Not ours_")) assert.match(shownBy, /^`tests\/[^`]+`: "[^"]+"/, what);
    }
  });

  it("names tests that are there, by their titles", () => {
    const named = rows.flatMap(([, , , , shownBy]) =>
      [...shownBy.matchAll(/`(tests\/[^`]+)`: "([^"]+)"/g)].map(([, file, title]) => ({ file, title })),
    );
    const titles = testTitles(
      [...new Set(named.map(({ file }) => file))].filter((file) => existsSync(join(ROOT, file))),
    );
    const missing = named.filter(({ file, title }) => !isAmong(titles.get(file) ?? new Set(), title));
    assert.deepEqual(missing, []);
  });
});

/** An ellipsis at a title's end stands for what a table puts there. */
function isAmong(titles: Set<string>, title: string): boolean {
  if (!title.endsWith("…")) return titles.has(title);
  return [...titles].some((one) => one.startsWith(title.slice(0, -1)));
}

/** The titles of all tests in these files, as mocha makes them of the tables; of the matrix, the names of its rows. */
function testTitles(files: string[]): Map<string, Set<string>> {
  const titles = new Map(files.map((file) => [file, new Set<string>()]));
  const byMocha = files.filter((file) => file.endsWith(".test.ts"));
  const words = ["--dry-run", "--reporter", "json", ...byMocha];
  const printed = execFileSync(join(ROOT, "node_modules/.bin/mocha"), words, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const { tests } = JSON.parse(printed) as { tests: { title: string; file: string }[] };
  for (const { title, file } of tests) titles.get(relative(ROOT, file))?.add(title);
  if (titles.has(MATRIX)) titles.set(MATRIX, new Set(MATRIX_ROWS.map(({ name }) => name)));
  return titles;
}
