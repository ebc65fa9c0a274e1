import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execute } from "../../../local/engine/execute";

const ROOT = join(__dirname, "..", "..", "..");

describe("starting a program of the set-up", () => {
  const ENDS: [what: string, command: string[], said: RegExp][] = [
    ["has ended", ["sh", "-c", "echo yes"], /^yes$/],
    [
      "could not be started",
      ["/nowhere/pulumi"],
      /^asking: \/nowhere\/pulumi could not be started: .*ENOENT/,
    ],
    ["has failed", ["sh", "-c", "echo no; exit 3"], /^asking: sh -c .* ended with exit code 3:\nno$/],
  ];
  for (const [what, command, said] of ENDS) {
    it(`says what came of it, and waits for its time no longer once it ${what}`, () => {
      const program = `require("./local/engine/execute.ts")
        .execute(${JSON.stringify(command)}, { purpose: "asking", timeoutSeconds: 600 })
        .then((text) => console.log(text.trim()), (error) => console.log(error.message));`;
      const options = { cwd: ROOT, encoding: "utf8" as const, timeout: 15_000 };
      const { status, stdout } = spawnSync(
        process.execPath,
        ["-r", "./tests/compile.cjs", "-e", program],
        options,
      );
      assert.match(stdout.trim(), said);
      assert.equal(status, 0, "it was still there after 15 s");
    });
  }

  it("ends it after its time, and says so with its last words", () =>
    assert.rejects(
      execute(["sh", "-c", "echo slow >&2; exec sleep 60"], { purpose: "waiting", timeoutSeconds: 0.5 }),
      /^Error: waiting: sh -c .* was ended by SIGTERM:\nslow$/,
    ));
});
