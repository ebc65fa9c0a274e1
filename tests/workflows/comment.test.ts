/** The steps of preview.yml that make the comment and write it, run as GitHub runs them, with GitHub's own side played. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecording } from "../previewReport/fixtures";
import { bash, ROOT, stepOf } from "./workflow";

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), "comment-test-"))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe("what a preview's job makes of its preview", () => {
  /** Runs the step on what `pulumi preview --json` left. */
  function putInWords(preview: string) {
    fs.writeFileSync(join(folder, "preview.json"), preview);
    fs.symlinkSync(join(ROOT, "dist"), join(folder, "dist"));
    const summary = join(folder, "summary");
    const { status, stderr } = bash(
      stepOf("preview.yml", "preview", "Put it in words").run,
      { STACK: "prod", RUN: "https://example.com/run", GITHUB_STEP_SUMMARY: summary },
      folder,
    );
    assert.equal(status, 0, stderr);
    return {
      comment: fs.readFileSync(join(folder, "report", "prod", "comment.md"), "utf8"),
      summary: fs.existsSync(summary) ? fs.readFileSync(summary, "utf8") : "",
    };
  }

  it("is the report, with a link to the run", () => {
    const { comment, summary } = putInWords(readRecording("bigger-disk"));
    assert.match(comment, /^## Migrations of `prod`\n.*converted anew/s);
    assert.match(comment, /\n\[The whole report, and the run\]\(https:\/\/example\.com\/run\)\n$/);
    assert.match(summary, /converted anew/);
  });

  it("is the reason where the preview was refused", () => {
    assert.match(putInWords(readRecording("refused")).comment, /The preview failed\..*hvm already/s);
  });

  it("says so where there is no preview at all", () => {
    const { comment, summary } = putInWords("");
    assert.match(
      comment,
      /^## Migrations of `prod`\n\nThe preview failed before it came to anything: the run says why\./,
    );
    assert.equal(summary, "");
  });
});

describe("the comments of a pull request", () => {
  interface Comment {
    id: number;
    body: string;
    user: { type: string };
  }

  /** Runs the script for these reports; gives what it asked GitHub for. */
  async function comment(reports: Record<string, string>, there: Comment[], stacks = Object.keys(reports)) {
    for (const [stack, text] of Object.entries(reports)) {
      fs.mkdirSync(join(folder, "reports", stack), { recursive: true });
      fs.writeFileSync(join(folder, "reports", stack, "comment.md"), text);
    }
    const asked: [what: string, args: Record<string, unknown>][] = [];
    const ask = (what: string) => async (args: Record<string, unknown>) => void asked.push([what, args]);
    const issues = { listComments: "list", updateComment: ask("update"), createComment: ask("create") };
    const github = { rest: { issues }, paginate: async () => there };
    const context = { repo: { owner: "o", repo: "r" }, payload: { pull_request: { number: 7 } } };
    const here = (path: string) => join(folder, path);
    const files = {
      existsSync: (path: string) => fs.existsSync(here(path)),
      lstatSync: (path: string, options: { throwIfNoEntry: false }) => fs.lstatSync(here(path), options),
      readdirSync: (path: string) => fs.readdirSync(here(path)),
      readFileSync: (path: string) => fs.readFileSync(here(path), "utf8"),
    };
    const script =
      stepOf("preview.yml", "comment", "Write each stack's comment, or bring it up to date").with?.script ??
      "";
    const warnings: string[] = [];
    const core = { warning: (text: string) => void warnings.push(text) };
    const run = new Function(
      "github",
      "context",
      "core",
      "require",
      "process",
      `return (async () => {${script}})()`,
    ) as (...given: unknown[]) => Promise<void>;
    const process = { env: { STACKS: JSON.stringify(stacks) } };
    await run(github, context, core, () => files, process);
    for (const text of warnings) asked.push(["warn", { text }]);
    return asked;
  }

  const bot = (id: number, body: string): Comment => ({ id, body, user: { type: "Bot" } });
  const marker = (stack: string) => `<!-- pv-to-hvm preview of ${stack} -->`;
  const where = { owner: "o", repo: "r" };

  it("are one for each stack", async () => {
    assert.deepEqual(await comment({ dev: "D", prod: "P" }, []), [
      ["create", { ...where, issue_number: 7, body: `${marker("dev")}\nD` }],
      ["create", { ...where, issue_number: 7, body: `${marker("prod")}\nP` }],
    ]);
  });

  it("are brought up to date where they are, each its own", async () => {
    const there = [bot(1, "hello"), bot(2, `${marker("prod")}\nold`), bot(3, `${marker("prod-2")}\nold`)];
    assert.deepEqual(await comment({ prod: "P" }, there), [
      ["update", { ...where, comment_id: 2, body: `${marker("prod")}\nP` }],
    ]);
  });

  it("are not those of people who quote one", async () => {
    const quoted = { id: 4, body: `${marker("prod")}\nold`, user: { type: "User" } };
    const [[what]] = await comment({ prod: "P" }, [quoted]);
    assert.equal(what, "create");
  });

  const leftOut = (count: number): [string, { text: string }] => [
    "warn",
    {
      text: `Left out: ${count} reports that are no plain file, longer than a comment, of no stack, or more than 50.`,
    },
  ];
  const dev = ["create", { ...where, issue_number: 7, body: `${marker("dev")}\nD` }];

  it("are made of plain files alone, and never of what a link names", async () => {
    const secret = join(folder, "secret");
    fs.mkdirSync(secret);
    fs.writeFileSync(join(secret, "comment.md"), "secret");
    fs.mkdirSync(join(folder, "reports", "link"), { recursive: true });
    fs.symlinkSync(join(secret, "comment.md"), join(folder, "reports", "link", "comment.md"));
    fs.symlinkSync(secret, join(folder, "reports", "folder"));
    fs.mkdirSync(join(folder, "reports", "none"));
    fs.writeFileSync(join(folder, "reports", "file"), "");
    const asked = await comment({ dev: "D" }, [], ["dev", "link", "folder", "none", "file"]);
    assert.deepEqual(asked, [dev, leftOut(4)]);
  });

  it("are of stacks that there are", async () => {
    const asked = await comment({ dev: "D", other: "O" }, [], ["dev", "prod"]);
    assert.deepEqual(asked, [dev, leftOut(1)]);
  });

  it("are as long as GitHub takes, their first line included", async () => {
    const most = 65_536 - `${marker("dev")}\n`.length;
    for (const character of ["x", "\u20ac"]) {
      assert.equal((await comment({ dev: character.repeat(most) }, [])).length, 1);
      assert.deepEqual(await comment({ dev: character.repeat(most + 1) }, []), [leftOut(1)]);
    }
    assert.deepEqual(await comment({ dev: "D", huge: "x".repeat(300_000) }, []), [dev, leftOut(1)]);
  });

  it("are no more than 50", async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`s${index}`, "S"]));
    const asked = await comment(many, []);
    assert.equal(asked.filter(([what]) => what === "create").length, 50);
    assert.deepEqual(asked.at(-1), leftOut(10));
  });

  it("are none where no preview came to a report", async () => assert.deepEqual(await comment({}, []), []));
});
