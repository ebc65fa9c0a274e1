import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { endStrays, markedCommand } from "../../../local/machines/strays";
import { evaluate } from "../../running/module";

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

  it("bears the mark of the test run that started it, although it gets an environment of its own", async () => {
    const mark = `strays-${process.pid}`;
    const command = markedCommand("i-0123456789abcdef2", ["sh", "-c", "echo begun; read line"], {
      PV_TO_HVM_TEST_RUN: mark,
    });
    const machine = spawn("env", ["-i", ...command], { stdio: ["pipe", "pipe", "inherit"] });
    await once(machine.stdout, "data");
    const ended = once(machine, "close");
    evaluate(["running/processes.mjs"], `endMarked(${JSON.stringify(mark)}) ?? "ended"`);
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  });
});
