/** What the documents name is there. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HELPER_TYPE } from "../components/findings";
import { LAUNCHING, register } from "./components/mockEngine";

const ROOT = join(__dirname, "..");
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

/** What a script's words are judged by: the program behind it. */
function sourceOf(script: string): string {
  return read(script === "test" ? "tests/run.mjs" : `local/commands/${script}.ts`);
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
  const groups = ["source", "helper", "destination", "guest", "image", "launch", "rehearsal"];

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
