import assert from "node:assert/strict";
import {
  formatProgress,
  copyProgressLogger,
  retryLogger,
} from "../../../../converter/disk/copy/copyProgress";
import { MIB } from "../../../../converter/disk/sizes";

const LINES: [what: string, args: Parameters<typeof formatProgress>, line: string][] = [
  ["the beginning", [0, 1000 * MIB, 0, 1], "copying: 0 % of 1000 MiB, 0 MB/s"],
  ["the middle", [500 * MIB, 1000 * MIB, 500 * MIB, 5000], "copying: 50 % of 1000 MiB, 104.9 MB/s, 5 s left"],
  [
    "a resumed copy",
    [900 * MIB, 1000 * MIB, 100 * MIB, 60_000],
    "copying: 90 % of 1000 MiB, 1.7 MB/s, 60 s left",
  ],
  ["minutes", [100 * MIB, 1000 * MIB, 100 * MIB, 60_000], "copying: 10 % of 1000 MiB, 1.7 MB/s, 9 min left"],
  ["hours", [10 * MIB, 1000 * MIB, 10 * MIB, 100_000], "copying: 1 % of 1000 MiB, 0.1 MB/s, 2 h 45 min left"],
  ["the end", [1000 * MIB, 1000 * MIB, 1000 * MIB, 5000], "copying: 100 % of 1000 MiB, 209.7 MB/s, 0 s left"],
  ["nothing to copy", [0, 0, 0, 0], "copying: 100 % of 0 bytes, 0 MB/s"],
];

describe("the line that tells how far a copy has come", () => {
  for (const [what, args, line] of LINES) {
    it(`has percent, rate and the time left: ${what}`, () => assert.equal(formatProgress(...args), line));
  }

  it("comes at most every five seconds", () => {
    const lines: string[] = [];
    let now = 0;
    const tell = copyProgressLogger(
      100 * MIB,
      0,
      (line) => lines.push(line),
      () => now,
    );
    for (now = 0; now <= 16_000; now += 1000) tell((now / 1000) * MIB);
    assert.equal(lines.length, 3);
  });
});

describe("the line that tells of a request that failed", () => {
  const failed = (syscall: string) => Object.assign(new Error(`EIO: i/o error, ${syscall}`), { syscall });

  it("names the disk and the byte, and comes at most every five seconds", () => {
    const lines: string[] = [];
    let now = 0;
    const tell = retryLogger(
      (line) => lines.push(line),
      () => now,
    );
    tell(failed("read"), MIB);
    tell(failed("read"), 2 * MIB);
    now = 5000;
    tell(failed("write"), 3 * MIB);
    assert.deepEqual(lines, [
      "source, byte 1048576: EIO: i/o error, read; trying again",
      "destination, byte 3145728: EIO: i/o error, write; trying again",
    ]);
  });
});
