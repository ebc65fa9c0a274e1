/** The job that updates a stack: who begins it, what it may do, and how it ends. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bash, evaluate, FOLDER, stepOf, using, workflow } from "./workflow";

/** A role's session: no longer than this, whatever the role says (https://docs.aws.amazon.com/STS/latest/APIReference/). */
const LONGEST_SESSION = 43_200;

describe("the time of an update's job", () => {
  const { stacks, up } = workflow("up.yml").jobs;
  const { env, run } = stepOf("up.yml", "stacks", "Find how long an update's job may take");

  function found(minutes: string) {
    const folder = mkdtempSync(join(tmpdir(), "workflows-test-"));
    const output = join(folder, "output");
    writeFileSync(output, "");
    try {
      const { status, stdout } = bash(run, { GITHUB_OUTPUT: output, MINUTES: minutes });
      return { status, stdout, output: readFileSync(output, "utf8") };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it("is found once, by a job of no environment, for the job and for the step that ends before it", () => {
    const text = readFileSync(join(FOLDER, "up.yml"), "utf8");
    assert.equal(text.match(/vars\.UP_TIMEOUT_MINUTES/g)?.length, 1);
    assert.equal(stacks.environment, undefined);
    assert.equal(stacks.outputs?.minutes, "${{ steps.time.outputs.minutes }}");
    assert.equal(up["timeout-minutes"], "${{ fromJSON(needs.stacks.outputs.minutes) }}");
    assert.equal(stepOf("up.yml", "up", "Update").env?.MINUTES, "${{ needs.stacks.outputs.minutes }}");
  });

  it("is the repository's variable, or less than the 6 hours after which GitHub ends jobs on its own machines", () => {
    assert.equal(evaluate(env?.MINUTES, { UP_TIMEOUT_MINUTES: "7200" }), "7200");
    assert.ok(Number(evaluate(env?.MINUTES, {})) < 360);
  });

  for (const minutes of ["30", "355", "7200"]) {
    it(`may be ${minutes} minutes`, () =>
      assert.deepEqual(found(minutes), { status: 0, stdout: "", output: `minutes=${minutes}\n` }));
  }

  for (const minutes of ["29", "15", "0", "-5", "7201", "99999", "0355", "5.5", "6h", "355 "]) {
    it(`is refused with a sentence where it is "${minutes}"`, () => {
      const { status, stdout, output } = found(minutes);
      assert.deepEqual([status, output], [1, ""]);
      assert.ok(stdout.startsWith(`::error::UP_TIMEOUT_MINUTES is ${minutes}, and must be a whole number`));
    });
  }
});

describe("what an update's job may do", () => {
  const { up } = workflow("up.yml").jobs;

  it("is begun by its environment's reviewers, one at a time for a stack, and never ended for the next", () => {
    assert.equal(up.environment, "${{ matrix.stack }}");
    assert.deepEqual(up.concurrency, { group: "up-${{ matrix.stack }}", "cancel-in-progress": false });
    assert.equal((workflow("up.yml") as { concurrency?: unknown }).concurrency, undefined);
  });

  it("is to read, and to take a role", () => {
    assert.deepEqual(up.permissions, { contents: "read", "id-token": "write" });
  });

  it("has credentials that last longer than the job, in every place that asks for them", () => {
    const defaults = (text: unknown) => Number(/\|\| '(\d+)'/.exec(String(text))?.[1]);
    const [credentials] = using("up.yml", "aws-actions/configure-aws-credentials");
    const session = defaults(credentials.with?.["role-duration-seconds"]);
    const time = stepOf("up.yml", "stacks", "Find how long an update's job may take");
    const minutes = defaults(time.env?.MINUTES);
    assert.ok(session >= minutes * 60 && session <= LONGEST_SESSION);
    assert.equal(defaults(using("up.yml", "pulumi/auth-actions")[0].with?.["token-expiration"]), session);
  });

  it("can do without a session, on a runner whose own role renews itself", () => {
    assert.equal(
      using("up.yml", "aws-actions/configure-aws-credentials")[0].if,
      "vars.UP_CREDENTIALS != 'runner'",
    );
  });

  it("interrupts the engine before the job ends, and passes its failure on", () => {
    const folder = mkdtempSync(join(tmpdir(), "workflows-test-"));
    const script = stepOf("up.yml", "up", "Update").run ?? "";
    const run = (pulumi: string, timeout = 'shift 4; exec "$@"') => {
      for (const [name, body] of Object.entries({ pulumi, timeout })) {
        writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
      }
      const env = { PATH: `${folder}:${process.env.PATH}`, QUALIFIED_STACK: "prod", MINUTES: "355" };
      const { status, stdout } = bash(script, env);
      // Whatever the update says is between two lines that only the script itself can write.
      const [, , said, own] = /^::stop-commands::([0-9a-f-]{36})\n([^]*?)::\1::\n([^]*)$/.exec(stdout) ?? [];
      return { status, said, own };
    };
    try {
      assert.deepEqual(run('echo "$@"'), {
        status: 0,
        said: "up --stack prod --non-interactive --yes --suppress-outputs\n",
        own: "",
      });
      // In the foreground: or else it interrupts the engine and then its group, twice, which ends it at once.
      const options = run("", 'echo "$1 $2 $3 $4"').said;
      assert.equal(options, "--foreground --signal=INT --kill-after=5m 340m\n");
      const failed = run("exit 7");
      assert.deepEqual([failed.status, failed.said], [7, ""]);
      assert.match(
        failed.own ?? "",
        /^::error::What was made so far stands, .* Run this workflow again: .* preflight --stack prod names the policy that has it\.\n$/,
      );
      const ended = run("", "exit 124");
      assert.equal(ended.status, 124);
      assert.match(
        ended.own ?? "",
        /^::error::Not through after 340 minutes\. Run this workflow again: .*\n$/,
      );
      // What timeout ends with once it had to kill, too.
      const killed = run("", "exit 137");
      assert.equal(killed.status, 137);
      assert.match(
        killed.own ?? "",
        /^::error::Killed: .* Run this workflow again: .* pulumi cancel --stack prod\n$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
