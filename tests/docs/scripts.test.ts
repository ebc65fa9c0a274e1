/** The npm scripts that the documents name, with the words that they take. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { all, DOCUMENTS, read, ROOT } from "./documents";

const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** Words of npm itself, and no script's. */
const NPM = ["ci", "dedupe", "install", "link", "ls", "publish", "run", "test"];

/** What a script's words are judged by: the program behind it, with what stands beside it. */
function sourceOf(script: string): string {
  const program = programOf(script);
  const folder = program.slice(0, program.lastIndexOf("/"));
  const source = read(program);
  const beside = all(/from "\.\/([\w/.]+)"/g, source)
    .map((name) => `${folder}/${name.endsWith(".mjs") ? name : `${name}.ts`}`)
    .filter((file) => existsSync(join(ROOT, file)));
  return [source, ...beside.map(read)].join("\n");
}

function programOf(script: string): string {
  const [, built] = /node dist\/local\/(\w+)\.cjs/.exec(scripts[script]) ?? [];
  if (built) {
    const own = `${built}/main.ts`;
    return existsSync(join(ROOT, own)) ? own : `local/commands/${built}.ts`;
  }
  const programs = all(/((?:tests|docs|local)\/[\w/]+\.(?:ts|mjs))/g, scripts[script]);
  return programs[programs.length - 1];
}

for (const file of DOCUMENTS) {
  describe(`${file}, of npm,`, () => {
    const text = read(file);

    it("names scripts that there are", () => {
      const run = all(/npm run ([\w:-]*\w)/g, text);
      const other = all(/(?:`|^)npm ([a-z]+)\b/gm, text).filter((word) => !NPM.includes(word));
      assert.deepEqual(
        run.filter((script) => !scripts[script]),
        [],
      );
      assert.deepEqual(other, [], "as `npm WORD`");
    });

    it("gives scripts words that they take", () => {
      for (const [, script, word] of text.matchAll(/npm (?:run )?([\w:-]*\w) -- ([\w-]+)/g)) {
        // A row of the faults or of the matrix is named by any word of its own.
        if (["test:faults", "test:matrix"].includes(script) && !word.startsWith("-")) continue;
        const said = new RegExp(`\\b${word.replace(/^-+/, "")}\\b`);
        assert.match(sourceOf(script), said, `npm run ${script} -- ${word}`);
      }
    });
  });
}
