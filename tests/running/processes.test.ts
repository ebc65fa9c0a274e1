import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "./module";

interface Ended {
  status: number;
  hung: boolean;
}

describe("a program that the test run starts", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-running-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const words = () => readFileSync(join(folder, "log"), "utf8");

  /** @param more of the options, in JavaScript. `stop` is there, to interrupt. */
  function run(script: string, more = "", abortAfterMs?: number): Ended {
    const abort = abortAfterMs === undefined ? "" : `setTimeout(() => stop.abort(), ${abortAfterMs});`;
    return evaluate<Ended>(
      ["running/processes.mjs"],
      `(async () => {
        const stop = new AbortController();
        ${abort}
        return runMarked(["sh", "-c", ${JSON.stringify(script)}], {
          file: ${JSON.stringify(join(folder, "log"))}, mark: ${JSON.stringify(folder)}, silenceMs: 60_000,
          signal: stop.signal, ${more}
        });
      })()`,
    );
  }

  /** Of a process that the program left in a session of its own, as a machine of the local cloud is. Empty of a dead one. */
  function isAlive(): boolean {
    const file = `/proc/${readFileSync(join(folder, "pid"), "utf8").trim()}/cmdline`;
    return existsSync(file) && readFileSync(file, "utf8") !== "";
  }
  const leave = () =>
    `setsid sh -c 'echo $$ > ${folder}/pid; exec sleep 300' & while [ ! -s ${folder}/pid ]; do sleep 0.1; done`;

  it("has its words in a file, and its status told", () => {
    assert.deepEqual(run("echo one; echo two >&2; exit 7"), { status: 7, hung: false });
    assert.equal(words(), "one\ntwo\n");
  });

  it("has its answer apart from its words where that is asked for", () => {
    run("echo answer; echo word >&2", `answers: ${JSON.stringify(join(folder, "answer"))}`);
    assert.equal(words(), "word\n");
    assert.equal(readFileSync(join(folder, "answer"), "utf8"), "answer\n");
  });

  it("gets no input", () => assert.equal(run("read line && exit 1; exit 0").status, 0));

  it("is told to have hung where nothing is heard of it, and ended with all that it started", () => {
    const { status, hung } = run(`${leave()}; sleep 300`, "silenceMs: 100");
    assert.deepEqual([hung, status !== 0], [true, true]);
    assert.equal(isAlive(), false);
  });

  it("may tidy up when it is interrupted; what is left then is ended", () => {
    const { hung } = run(`trap 'echo tidied; exit 1' INT; ${leave()}; sleep 300 & wait`, "", 2000);
    assert.equal(hung, false);
    assert.equal(words(), "tidied\n");
    assert.equal(isAlive(), false);
  });

  it("has mounts that no other process sees, and that end with it", function () {
    const words = evaluate<string[]>(["running/testRun.mjs"], 'alone(["sh", "-c"])');
    if (words[0] === "sh") return this.skip();
    const script = `mount -t tmpfs none ${folder} && touch ${folder}/inside && ls ${folder}`;
    const ended = spawnSync(words[0], [...words.slice(1), script], { encoding: "utf8" });
    assert.deepEqual([ended.stdout, ended.stderr], ["inside\n", ""]);
    assert.equal(existsSync(join(folder, "inside")), false);
  });
});
