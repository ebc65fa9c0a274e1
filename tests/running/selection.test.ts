import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { evaluate, ROOT } from "./module";

interface Suite {
  name: string;
  needs: "nothing" | "cloud";
  files?: string[];
}

interface Answer {
  problem?: string;
  suites?: Suite[];
}

const TABLE = JSON.stringify([
  { name: "lint", needs: "nothing", command: ["eslint"] },
  { name: "disks", needs: "nothing", folders: ["tests/disks"] },
  { name: "odd-disks", needs: "nothing", folders: ["tests/disks/odd"] },
  { name: "boots", needs: "cloud", folders: ["tests/boots"] },
]);
const FILES = ["tests/disks/a.test.ts", "tests/disks/odd/b.test.ts", "tests/boots/c.test.ts"];

const select = (words: string[]) =>
  evaluate<Answer>(["running/selection.mjs"], `select(${JSON.stringify(words)}, ${TABLE})`);
const assign = (files: string[], isAll = false, table = TABLE) =>
  evaluate<Answer>(["running/selection.mjs"], `assign(${table}, ${JSON.stringify(files)}, ${isAll})`);
const names = ({ suites }: Answer) => suites?.map(({ name }) => name);
const filesOf = ({ suites }: Answer, suite: string) => suites?.find(({ name }) => name === suite)?.files;

describe("the words of npm test", () => {
  const RUN: [words: string[], suites: string[]][] = [
    [[], ["lint", "disks", "odd-disks", "boots"]],
    [["disks"], ["disks"]],
    [
      ["boots", "lint"],
      ["lint", "boots"],
    ],
    [["unit"], ["lint", "disks", "odd-disks"]],
    [
      ["unit", "boots", "--all"],
      ["lint", "disks", "odd-disks", "boots"],
    ],
  ];
  for (const [words, suites] of RUN) {
    it(`run ${suites.join(", ")} where they are: ${words.join(" ") || "none"}`, () =>
      assert.deepEqual(names(select(words)), suites));
  }

  it("are refused where one is no suite's name, with all names", () => {
    assert.match(select(["disks", "disk"]).problem ?? "", /^disk: no such suite\. .*\n {2}lint\n {2}disks\n/);
  });
  it("are refused where one is no option", () =>
    assert.match(select(["--al"]).problem ?? "", /--al: no such option/));

  it("are refused with status 2 before anything runs", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["tests/run.mjs", "lvie"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
    assert.match(stderr, /^lvie: no such suite\. Name one or several of:\n(?: {2}[a-z-]+\n)+$/);
  });
});

describe("a test file", () => {
  it("belongs to the suite with the nearest folder", () => {
    const answer = assign(FILES);
    assert.deepEqual(filesOf(answer, "disks"), [FILES[0]]);
    assert.deepEqual(filesOf(answer, "odd-disks"), [FILES[1]]);
  });

  it("is rare by its name, and then in test:all alone", () => {
    const rare = "tests/boots/d.rare.test.ts";
    assert.deepEqual(filesOf(assign([...FILES, rare]), "boots"), [FILES[2]]);
    assert.deepEqual(filesOf(assign([...FILES, rare], true), "boots"), [FILES[2], rare]);
  });

  const REFUSED: [what: string, files: string[], table: string, problem: RegExp][] = [
    [
      "a file that is no suite's",
      [...FILES, "tests/new/d.test.ts"],
      TABLE,
      /^tests\/new\/d\.test\.ts: belongs to no suite/,
    ],
    [
      "a folder without tests",
      FILES.slice(1),
      TABLE,
      /^tests\/disks: the suite disks has it, but no test file/,
    ],
    [
      "a folder of two suites",
      FILES,
      TABLE.replace("tests/boots", "tests/disks"),
      /^tests\/disks: two suites/,
    ],
    ["a name of two suites", FILES, TABLE.replace("odd-disks", "disks"), /^disks: two suites have this name/],
  ];
  for (const [what, files, table, problem] of REFUSED) {
    it(`is nowhere lost: ${what} is refused`, () =>
      assert.match(assign(files, false, table).problem ?? "", problem));
  }

  it("is the only one of a suite that npm test leaves out where it is rare", () => {
    const rare = FILES.map((file) => file.replace("c.test.ts", "c.rare.test.ts"));
    assert.ok(!assign(rare).suites?.some(({ name }) => name === "boots"));
    assert.ok(assign(rare, true).suites?.some(({ name }) => name === "boots"));
  });

  it("of this project belongs to exactly one suite, as test:all has them", () => {
    const answer = evaluate<Answer>(
      ["running/selection.mjs", "suites.mjs"],
      'assign(SUITES, testFilesIn("tests"), true)',
    );
    assert.equal(answer.problem, undefined);
    const given = answer.suites?.flatMap(({ files = [] }) => files) ?? [];
    const there = (readdirSync(join(ROOT, "tests"), { recursive: true }) as string[])
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => `tests/${file}`);
    assert.deepEqual(given.sort(), there.sort());
  });
});

describe("the commands of the test run", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };

  it("are npm test, and npm run test:all with what is rare besides", () => {
    assert.equal(scripts.test, "node tests/run.mjs");
    assert.equal(scripts["test:all"], `${scripts.test} --all`);
  });

  it("have a workflow for the night, which runs everything", () => {
    const file = join(ROOT, ".github", "workflows", "nightly.yml");
    assert.ok(existsSync(file));
    const { jobs } = parse(readFileSync(file, "utf8")) as {
      jobs: Record<string, { steps: { run?: string }[] }>;
    };
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run));
    assert.ok(runs.includes("npm run test:all"));
  });
});
