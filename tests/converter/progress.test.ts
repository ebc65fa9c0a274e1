import assert from "node:assert/strict";
import type { Clock } from "../../converter/clock";
import { Heartbeat, describeCommand } from "../../converter/progress";
import type { Runner, RunResult } from "../../converter/run";

/** A clock that goes when it is told to, and a heart that goes by it. */
function watched() {
  const lines: string[] = [];
  let time = 0;
  let tick: (() => void) | undefined;
  const clock: Clock = {
    now: () => time,
    every: (milliseconds, work) => {
      assert.equal(milliseconds, 1000);
      tick = work;
      return () => (tick = undefined);
    },
  };
  /** Lets seconds pass, each with its tick. */
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      time += 1000;
      tick?.();
    }
  };
  const heart = new Heartbeat((line) => lines.push(`${time / 1000} ${line}`), clock);
  return { heart, lines, pass, beats: () => tick !== undefined };
}

const RESULT: RunResult = {
  ...{ command: [], exitCode: 0, signal: null, timedOut: false, durationMs: 0, stdout: "", stderr: "" },
};

/** A program that runs until it is ended. */
function lasting(): { runner: Runner; end: () => void } {
  let end = () => undefined as void;
  const ended = new Promise<RunResult>((resolve) => (end = () => resolve(RESULT)));
  return { runner: () => ended, end: () => end() };
}

const E2FSCK = ["setpriv", "--pdeathsig", "KILL", "e2fsck", "-fp", "/dev/loop3"];

describe("a silence", () => {
  it("is broken before ten seconds are over, by what runs and for how long", async () => {
    const { heart, lines, pass } = watched();
    const { runner, end } = lasting();
    await heart.during(async () => {
      heart.log("checking the copy's filesystems");
      pass(2);
      const running = heart.watching(runner)(E2FSCK, { purpose: "checking the copy's filesystem" });
      pass(26);
      end();
      await running;
    });
    const still = (at: number, seconds: number) =>
      `${at} still: e2fsck -fp /dev/loop3 (checking the copy's filesystem), ${seconds} s`;
    assert.deepEqual(lines, ["0 checking the copy's filesystems", still(8, 6), still(16, 14), still(24, 22)]);
  });

  it("in which no program is waited for is broken by what was last spoken of", async () => {
    const { heart, lines, pass } = watched();
    await heart.during(async () => {
      pass(9);
      heart.log("copying: 43 % of 2810 MiB");
      pass(17);
    });
    assert.deepEqual(lines, [
      "8 still: starting, 8 s",
      "9 copying: 43 % of 2810 MiB",
      "17 still: copying: 43 % of 2810 MiB, 8 s",
      "25 still: copying: 43 % of 2810 MiB, 16 s",
    ]);
  });

  it("is none while something is said", async () => {
    const { heart, lines, pass } = watched();
    await heart.during(async () => {
      for (let round = 0; round < 5; round++) {
        heart.log(`round ${round}`);
        pass(7);
      }
    });
    assert.equal(lines.filter((line) => line.includes("still")).length, 0);
  });

  it("is not put down to a program in the background, nor to one that has ended or failed", async () => {
    const { heart, lines, pass } = watched();
    const failing: Runner = () => Promise.reject(new Error("exit code 8"));
    await heart.during(async () => {
      void heart.watching(lasting().runner)(["qemu-system-x86_64"], { purpose: "booting", background: true });
      await heart
        .watching(failing)(E2FSCK, { purpose: "checking" })
        .catch(() => undefined);
      heart.log("reading the guest");
      pass(8);
    });
    assert.deepEqual(lines, ["0 reading the guest", "8 still: reading the guest, 8 s"]);
  });

  it("after the work is nobody's to break, however it ended", async () => {
    const { heart, lines, pass, beats } = watched();
    await assert.rejects(heart.during(() => Promise.reject(new Error("refused"))));
    assert.equal(beats(), false);
    pass(20);
    assert.deepEqual(lines, []);
  });
});

describe("a program that is waited for", () => {
  const CASES: [what: string, command: string[], said: string][] = [
    ["its command and what it is for", ["losetup", "--find"], "losetup --find (a purpose)"],
    ["its own words, without what only wraps it", E2FSCK, "e2fsck -fp /dev/loop3 (a purpose)"],
    [
      "what it is for alone, where it is the guest's",
      [
        "setpriv",
        "--pdeathsig",
        "KILL",
        "choom",
        "-n",
        "1000",
        "--",
        "bwrap",
        "--bind",
        "/guest",
        "/",
        "--",
        "sh",
      ],
      "a purpose",
    ],
    [
      "the beginning of a long command",
      ["grub-mkimage", "m".repeat(300)],
      `grub-mkimage ${"m".repeat(107)}… (a purpose)`,
    ],
  ];
  for (const [what, command, said] of CASES)
    it(`is told by ${what}`, () => assert.equal(describeCommand(command, "a purpose"), said));
});
