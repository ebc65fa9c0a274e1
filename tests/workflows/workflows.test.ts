/** The workflows: what they may do, and that their scripts do what they say. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bash, FOLDER, jobs, ROOT, steps, using, workflow } from "./workflow";

const FILES = readdirSync(FOLDER);

for (const file of FILES) {
  describe(file, () => {
    it("gives no right to all of its jobs", () => assert.deepEqual(workflow(file).permissions, {}));

    it("pins every action to a commit, and says which version that is", () => {
      const text = readFileSync(join(FOLDER, file), "utf8");
      const uses = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
      assert.equal(uses.length, steps(file).filter((step) => step.uses !== undefined).length);
      for (const action of uses) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it("leaves no token in a checkout", () => {
      for (const checkout of using(file, "actions/checkout")) {
        assert.equal(checkout.with?.["persist-credentials"], false);
      }
    });

    it("has no long-lived key, and puts no text of others into a script", () => {
      assert.doesNotMatch(
        readFileSync(join(FOLDER, file), "utf8"),
        /AWS_(ACCESS_KEY|SECRET)|PULUMI_ACCESS_TOKEN|access-key-id/,
      );
      for (const { run, with: inputs } of steps(file)) {
        assert.doesNotMatch(run ?? "", /\$\{\{/);
        assert.doesNotMatch(String(inputs?.script ?? ""), /\$\{\{/);
      }
    });

    it("ends each job by itself", () => {
      for (const [name, job] of jobs(file)) assert.ok(job["timeout-minutes"], name);
    });

    for (const { name, id, run } of steps(file).filter((step) => step.run !== undefined)) {
      it(`has a script that bash can read: ${name ?? id ?? run}`, () => {
        const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
        assert.deepEqual([stderr, status], ["", 0]);
      });
    }

    for (const script of steps(file).flatMap((step) => step.with?.script ?? [])) {
      it("has a script that Node can read", () => {
        const source = `(async () => {\n${String(script)}\n})`;
        const { status, stderr } = spawnSync(process.execPath, ["--check", "-"], {
          input: source,
          encoding: "utf8",
        });
        assert.deepEqual([stderr, status], ["", 0]);
      });
    }
  });
}

/** The stacks that a workflow's first job finds in a folder like this project's, run as GitHub runs it. */
function stacksFound(file: string, files: string[], env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "workflows-test-"));
  try {
    mkdirSync(join(folder, "stacks"));
    for (const name of files) writeFileSync(join(folder, "stacks", name), "");
    const script = workflow(file).jobs.stacks.steps.find(({ id }) => id === "find")?.run ?? "";
    const output = join(folder, "output");
    writeFileSync(output, "");
    const { status, stdout } = bash(script, { GITHUB_OUTPUT: output, ONLY: "", ...env }, folder);
    const [, json] = /^stacks=(.*)$/m.exec(readFileSync(output, "utf8")) ?? [];
    return { status, stdout, stacks: json === undefined ? undefined : (JSON.parse(json) as string[]) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const file of ["preview.yml", "up.yml"]) {
  describe(`the stacks of ${file}`, () => {
    it("are all of this project's, but for the local cloud's", () => {
      const files = readdirSync(join(ROOT, "stacks"));
      const wanted = files
        .map((name) => name.replace(/^Pulumi\.|\.yaml$/g, ""))
        .filter((name) => name !== "local");
      assert.ok(wanted.length > 0);
      assert.deepEqual(stacksFound(file, files).stacks, wanted.sort());
    });

    const CASES: [what: string, files: string[], stacks: string[]][] = [
      ["none where there is the local cloud's alone", ["Pulumi.local.yaml"], []],
      ["none of other files", ["README.md", "Pulumi.yaml", "prod.yaml"], []],
      [
        "such with dots and hyphens",
        ["Pulumi.eu-west-1.prod.yaml", "Pulumi.local-2.yaml"],
        ["eu-west-1.prod", "local-2"],
      ],
      [
        "such that are called like a word of the shell",
        ["Pulumi.$(id).yaml", 'Pulumi.a"b.yaml'],
        ["$(id)", 'a"b'],
      ],
    ];
    for (const [what, files, stacks] of CASES) {
      it(`are ${what}`, () => assert.deepEqual(stacksFound(file, files), { status: 0, stdout: "", stacks }));
    }

    it("have a job each, and one that fails stops no other", () => {
      const matrices = jobs(file).flatMap(([, { strategy }]) => strategy ?? []);
      assert.deepEqual(matrices, [
        { "fail-fast": false, matrix: { stack: "${{ fromJSON(needs.stacks.outputs.stacks) }}" } },
      ]);
    });
  });
}

describe("the stack that up.yml is started for by hand", () => {
  const files = ["Pulumi.dev.yaml", "Pulumi.prod.yaml"];

  it("is that one alone", () => {
    assert.deepEqual(stacksFound("up.yml", files, { ONLY: "prod" }).stacks, ["prod"]);
  });

  it("is refused with a sentence where there is none of that name", () => {
    const { status, stdout, stacks } = stacksFound("up.yml", files, { ONLY: "pord" });
    assert.deepEqual([status, stacks], [1, undefined]);
    assert.match(stdout, /::error::pord: no stack has this name\. Name one that has a file/);
  });
});

describe("what a pull request's jobs may do", () => {
  const { on, jobs: all } = workflow("preview.yml");

  it("is nothing with the base branch's rights and the pull request's code", () => {
    assert.deepEqual(Object.keys(on), ["pull_request"]);
  });

  it("is reading, and taking a role; the one that writes comments runs none of its code", () => {
    const rights = Object.entries(all).map(([name, { permissions }]) => [name, permissions]);
    assert.deepEqual(Object.fromEntries(rights), {
      stacks: { contents: "read" },
      "from-a-fork": undefined,
      "set-up": { actions: "read" },
      build: { contents: "read" },
      preview: { contents: "read", "id-token": "write" },
      comment: { "pull-requests": "write" },
    });
    assert.ok(
      all.comment.steps.every(({ uses, run }) => run === undefined && !uses?.startsWith("actions/checkout@")),
    );
  });

  it("is nothing for one from a fork but to say so", () => {
    const ours = "github.event.pull_request.head.repo.full_name == github.repository";
    assert.ok(all.preview.if?.includes(ours));
    for (const name of ["set-up", "build"]) assert.equal(all[name].if, ours);
    assert.equal(all["from-a-fork"].if, ours.replace("==", "!="));
  });

  it("is to preview with a role of its own for an hour at the most, and never to update", () => {
    const [credentials] = using("preview.yml", "aws-actions/configure-aws-credentials");
    assert.match(String(credentials.with?.["role-to-assume"]), /AWS_PREVIEW_ROLE_ARN/);
    assert.equal(credentials.with?.["role-duration-seconds"], 3600);
    assert.ok(
      steps("preview.yml").every(({ run }) => !/pulumi (up|destroy|refresh|stack (init|rm))/.test(run ?? "")),
    );
  });

  it("is to write a comment that is short enough, its marker and last line included", () => {
    const script = steps("preview.yml")
      .map(({ run }) => run ?? "")
      .join("\n");
    const most = Number(/--max-characters (\d+) preview\.json > "\$comment"/.exec(script)?.[1]);
    assert.ok(most + 500 <= 65_536 && most > 60_000);
    // A summary has 1 MiB; a character has at most 3 bytes of UTF-8 for each of its units.
    const whole = Number(/--max-characters (\d+) preview\.json >> "\$GITHUB_STEP_SUMMARY"/.exec(script)?.[1]);
    assert.ok(whole > most && whole * 3 < 1024 * 1024);
  });
});

describe("ci.yml", () => {
  it("runs what continuous integration runs everywhere, and nothing of its own", () => {
    const runs = steps("ci.yml").flatMap(({ run }) => run ?? []);
    assert.deepEqual(runs, [".ci/run"]);
    assert.ok(existsSync(join(ROOT, ".ci", "run")));
  });
});
