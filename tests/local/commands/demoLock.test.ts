/** Two demos at once: the second is told so, and nothing that a dead one has left is in the way. */
import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outcomeOf } from "../ordinaryUser";

const ROOT = join(__dirname, "..", "..", "..");

/** Takes the lock, says so, and works on; a first Ctrl-C does not end it, as the demo's does not. */
const HOLDER = `
require(${JSON.stringify(join(ROOT, "tests", "compile.cjs"))});
process.on("SIGINT", () => console.log("interrupted"));
const { holdDemoLock } = require(${JSON.stringify(join(ROOT, "local/commands/demoLock.ts"))});
holdDemoLock(process.argv[1]).then(
  () => { console.log("held"); if (process.argv[2] === "wait") setTimeout(() => undefined, 30_000); },
  (error) => { console.log(error.message); process.exitCode = 1; },
);
`;

describe("the demo's lock", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    file = join(folder, "cache", "demo.lock");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const hold = (word = "end") =>
    spawn(process.execPath, ["--eval", HOLDER, file, word], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });

  /** Waits until it has said the word; the outcome is for later. */
  function saying(child: ChildProcess, word: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      outcomeOf(child, (said) => said.includes(word) && resolve(undefined)).then(({ said }) =>
        reject(new Error(`it ended, and had said: ${said}`)),
      );
    });
  }

  it("lets the process end that has it", async () => {
    assert.deepEqual(await outcomeOf(hold()), { status: 0, said: "held\n" });
  });

  it("is free where a file names a process that lives, and is another", async () => {
    writeFileSync(file, "1");
    assert.deepEqual(await outcomeOf(hold()), { status: 0, said: "held\n" });
  });

  it("is refused to a second process, which names the first, and free once that was killed", async () => {
    const first = hold("wait");
    await saying(first, "held");
    const second = await outcomeOf(hold());
    assert.equal(second.status, 1);
    assert.equal(
      second.said,
      `demo: process ${first.pid} is running it already. Wait for it, or end it with Ctrl-C.\n`,
    );
    const gone = new Promise((resolve) => first.once("close", resolve));
    first.kill("SIGKILL");
    await gone;
    assert.deepEqual(await outcomeOf(hold()), { status: 0, said: "held\n" });
  });

  it("is kept by a process that goes on after Ctrl-C", async () => {
    const first = hold("wait");
    const interrupted = saying(first, "interrupted");
    await new Promise((resolve) => first.stdout!.once("data", resolve));
    // As a terminal does it: to all of the group.
    process.kill(-first.pid!, "SIGINT");
    await interrupted;
    assert.equal((await outcomeOf(hold())).status, 1);
    first.kill("SIGKILL");
  });
});
