import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { endStrays, markedCommand } from "../../../local/machines/strays";

describe("what a machine's killed starter left running", () => {
  it("is found by its mark and ended, with what it started; another machine's goes on", async () => {
    const start = (instanceId: string) => {
      const [program, ...args] = markedCommand(instanceId, [
        "sh",
        "-c",
        "echo begun; sh -c 'read line'; read line",
      ]);
      return spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    };
    const [stray, other] = [start("i-0123456789abcdef0"), start("i-0123456789abcdef1")];
    await Promise.all([once(stray.stdout, "data"), once(other.stdout, "data")]);
    const ended = once(stray, "close");
    await endStrays("i-0123456789abcdef0");
    assert.deepEqual(await ended, [null, "SIGKILL"]);
    assert.equal(other.exitCode, null);
    other.stdin.end("on\non\n");
    assert.deepEqual(await once(other, "close"), [0, null]);
  });
});
