/** Tests that documents name, by file and title. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { ROWS as MATRIX_ROWS } from "../matrix/rows";
import { ROOT } from "./documents";

const MATRIX = "tests/matrix/rows.ts";

/** Those of the tests that some texts name (`tests/a.test.ts`: "title") that are not there. */
export function missingTests(texts: string[]): { file: string; title: string }[] {
  const named = texts.flatMap((text) =>
    [...text.matchAll(/`(tests\/[^`]+)`: "([^"]+)"/g)].map(([, file, title]) => ({ file, title })),
  );
  const files = [...new Set(named.map(({ file }) => file))].filter((file) => existsSync(join(ROOT, file)));
  const titles = testTitles(files);
  return named.filter(({ file, title }) => !isAmong(titles.get(file) ?? new Set(), title));
}

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
