/** What the documents name is there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { HELPER_TYPE } from "../components/lookups/findings";
import { LAUNCHING, register } from "./components/mockEngine";
import { ROWS as FAULTS } from "./faults/rows";
import { ROWS as MATRIX_ROWS } from "./matrix/rows";

const ROOT = join(__dirname, "..");
const MATRIX = "tests/matrix/rows.ts";
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`),
];

/** The first groups of all matches, each once. */
function all(pattern: RegExp, text: string): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, group]) => group))];
}

/** The names in the first column of a document's tables. */
function firstColumn(text: string): string[] {
  return all(/^\| `([A-Za-z.]+)` +\|/gm, text);
}

for (const file of DOCUMENTS) {
  describe(`${file}`, () => {
    const text = read(file);

    it("names npm scripts that exist, with the words that they take", () => {
      const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
      for (const [, script, , word] of text.matchAll(
        /npm (?:run )?(demo|cloud|bench|test|build)( -- (\w+))?/g,
      )) {
        assert.ok(scripts[script], `npm run ${script}`);
        if (word) assert.match(sourceOf(script), new RegExp(`\\b${word}\\b`), `npm run ${script} -- ${word}`);
      }
      const unknown = all(/npm run ([\w-]+)/g, text).filter((script) => !scripts[script]);
      assert.deepEqual(unknown, []);
    });

    it("links to files that exist", () => {
      const links = all(/\]\((?!https?:)([^)#]+)/g, text);
      const missing = links.filter((link) => !existsSync(join(ROOT, dirname(file), link)));
      assert.deepEqual(missing, []);
    });

    it("names paths that exist", () => {
      const paths = all(
        /`((?:components|converter|local|tests|stacks|docs)\/[\w./-]*|\w+\.ya?ml|index\.ts)`/g,
        text,
      );
      const missing = paths.filter(
        (path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, "stacks", path)),
      );
      assert.deepEqual(missing, []);
    });
  });
}

/** What a script's words are judged by: the program behind it, with what stands beside it. */
function sourceOf(script: string): string {
  if (script === "test") return read("tests/run.mjs");
  const program = read(`local/commands/${script}.ts`);
  const beside = all(/from "\.\/(\w+)"/g, program).map((name) => read(`local/commands/${name}.ts`));
  return [program, ...beside].join("\n");
}

describe("the documents", () => {
  interface Group {
    properties: Record<string, object>;
  }
  const schema = JSON.parse(read("tests/components/fixtures/schema.json")) as {
    resources: Record<string, Group & { inputProperties: Record<string, object> }>;
    types: Record<string, Group>;
  };
  const component = schema.resources["pv-to-hvm:index:PvToHvmMigration"];
  const groups = ["source", "helper", "destination", "guest", "image", "launch", "rehearsal", "timeouts"];

  it("list every argument, and no other", () => {
    const inGroups = groups.flatMap((group) => {
      const type = `pv-to-hvm:index:${group[0].toUpperCase()}${group.slice(1)}Args`;
      return Object.keys(schema.types[type].properties).map((name) => `${group}.${name}`);
    });
    const whole = Object.keys(component.inputProperties).filter((name) => !groups.includes(name));
    // `launch` itself has a line: whether it is there decides whether there is an instance.
    const expected = [...inGroups, ...whole, "launch"].sort();
    const outputs = Object.keys(component.properties);
    const listed = firstColumn(read("docs/arguments.md")).filter((name) => !outputs.includes(name));
    assert.deepEqual(listed.sort(), expected);
  });

  it("list every output", () => {
    const listed = firstColumn(read("docs/arguments.md").split("## Outputs")[1]);
    assert.deepEqual(listed.sort(), Object.keys(component.properties).sort());
  });

  it("give the helper the type that it has by default", () => {
    assert.match(read("docs/arguments.md"), new RegExp(`helper\\.instanceType.*\`${HELPER_TYPE}\``));
  });

  it("show in the README every resource of the graph, in one of the seven steps", async () => {
    const rows = read("README.md")
      .split("\n")
      .filter((line) => /^\| [1-7] /.test(line));
    const shown = rows.flatMap((row) => all(/`([\w-]+)`/g, row));
    const { registered } = await register(LAUNCHING);
    const made = registered.map(({ name }) => name.replace(/^web-?/, "")).filter(Boolean);
    assert.equal(rows.length, 7);
    assert.deepEqual(shown.sort(), made.sort());
  });
});

describe("docs/guests.md", function () {
  this.timeout(180_000);
  const rows = read("docs/guests.md")
    .split("## What goes wrong in the field")[1]
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

  it("answers everything that is known to go wrong", () => {
    assert.equal(rows.length, 62);
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

describe("docs/faults.md", () => {
  it("has a row for every fault that is played, says what is seen and what to do, and has no other", () => {
    const rows = read("docs/faults.md")
      .split("\n")
      .filter((line) => /^\| (?!-|fault )/.test(line) || line.startsWith("| --continue"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const [, name, seen, todo] of rows) assert.ok(seen && todo, name);
    assert.deepEqual(rows.map(([, name]) => name).sort(), FAULTS.map(({ name }) => name).sort());
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
