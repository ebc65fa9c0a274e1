/** The steps of preview.yml that make the comment and write it, run as GitHub runs them, with GitHub's own side played. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readRecording } from "../previewReport/fixtures";

const ROOT = join(__dirname, "..", "..");

interface Step {
  name?: string;
  run?: string;
  with?: { script?: string };
}

function stepOf(job: string, name: string): Step {
  const text = fs.readFileSync(join(ROOT, ".github", "workflows", "preview.yml"), "utf8");
  const { jobs } = parse(text) as { jobs: Record<string, { steps: Step[] }> };
  const step = jobs[job].steps.find((each) => each.name === name);
  assert.ok(step, `${job} has no step "${name}"`);
  return step;
}

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), "comment-test-"))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe("what a preview's job makes of its preview", () => {
  /** Runs the step on what `pulumi preview --json` left. */
  function putInWords(preview: string) {
    fs.writeFileSync(join(folder, "preview.json"), preview);
    fs.symlinkSync(join(ROOT, "dist"), join(folder, "dist"));
    const summary = join(folder, "summary");
    const { status, stderr } = spawnSync(
      "bash",
      ["-eo", "pipefail", "-c", stepOf("preview", "Put it in words").run ?? ""],
      {
        cwd: folder,
        encoding: "utf8",
        env: {
          PATH: process.env.PATH,
          STACK: "prod",
          RUN: "https://example.com/run",
          GITHUB_STEP_SUMMARY: summary,
        },
      },
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
  async function comment(reports: Record<string, string>, there: Comment[]) {
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
    const script = stepOf("comment", "Write each stack's comment, or bring it up to date").with?.script ?? "";
    const warnings: string[] = [];
    const core = { warning: (text: string) => void warnings.push(text) };
    const run = new Function(
      "github",
      "context",
      "core",
      "require",
      `return (async () => {${script}})()`,
    ) as (...given: unknown[]) => Promise<void>;
    await run(github, context, core, () => files);
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

  it("are made of plain files of a comment's size, and of no more than there may be stacks", async () => {
    const secret = join(folder, "secret");
    fs.writeFileSync(secret, "secret");
    fs.mkdirSync(join(folder, "reports", "link"), { recursive: true });
    fs.symlinkSync(secret, join(folder, "reports", "link", "comment.md"));
    const asked = await comment({ dev: "D", huge: "x".repeat(300_000) }, []);
    assert.deepEqual(asked, [
      ["create", { ...where, issue_number: 7, body: `${marker("dev")}\nD` }],
      ["warn", { text: "2 reports are no file, too large, or more than 50: left out." }],
    ]);
    const many = await comment(
      Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`s${index}`, "S"])),
      [],
    );
    assert.equal(many.filter(([what]) => what === "create").length, 50);
  });

  it("are none where no preview came to a report", async () => assert.deepEqual(await comment({}, []), []));
});
