import assert from "node:assert/strict";
import { UnreadableError } from "../../../converter/disk/copy/diskErrors";
import { MIB } from "../../../converter/disk/sizes";
import { explainUnreadable, whatLiesAt } from "../../../converter/steps/unreadable";
import type { CopyPlan, DiskFacts } from "../../../converter/types";
import { FILESYSTEM, SWAP, bare, disk, part } from "../disk/phonyDisks";

type Method = CopyPlan["parts"][number]["method"];
const by = (...methods: [part: number, method: Method][]) => ({
  copy: { parts: methods.map(([part, method]) => ({ part, method, what: "" })) } as unknown as CopyPlan,
});

const PARTITIONED = disk("mbr", 100 * MIB, [part(1, 1, 50), part(2, 51, 10, { content: SWAP })]);
const UUID = FILESYSTEM.uuid;

describe("what lies at a byte of the source", () => {
  const CASES: [what: string, byte: number, facts: DiskFacts, method: [number, Method][], said: string][] = [
    [
      "a bare filesystem",
      4096,
      bare(50 * MIB),
      [[0, "used-blocks"]],
      `byte 4096 of its ext4 filesystem ${UUID}, which its map of free blocks has in use, or beside what is`,
    ],
    [
      "a filesystem in a partition",
      MIB + 512,
      PARTITIONED,
      [[1, "all-blocks"]],
      `partition 1, byte 512 of its ext4 filesystem ${UUID}, all of which is copied`,
    ],
    ["swap", 52 * MIB, PARTITIONED, [[2, "header"]], `partition 2, byte ${MIB} of its swap`],
    ["no partition", 0, PARTITIONED, [], "nothing of any partition"],
  ];
  for (const [what, start, facts, methods, said] of CASES) {
    it(`is told: ${what}`, () =>
      assert.equal(whatLiesAt({ start, end: start + 512 }, facts, by(...methods)), said));
  }
});

describe("a source that cannot be read", () => {
  const error = Object.assign(new Error("EIO: i/o error, read"), { code: "EIO", syscall: "read" });
  const ranges = [1, 3, 5, 7].map((sector) => ({
    start: MIB + sector * 512,
    end: MIB + (sector + 1) * 512,
  }));
  const explain = (count: number, givenUp: boolean): string => {
    const unreadable = { ranges: ranges.slice(0, count), givenUp, error };
    const failure = new UnreadableError("/dev/source", unreadable, 4, 600 * MIB);
    const facts = { ...PARTITIONED, volumeId: "vol-0123456789abcdef0" };
    return explainUnreadable(failure, facts, by([1, "used-blocks"]), 2810 * MIB).message;
  };

  it("is told by volume, place, what lies there, what was read well, and what to do", () =>
    assert.match(
      explain(1, false),
      /^source vol-0123456789abcdef0 \(\/dev\/source\): 512 bytes from byte 1049088 on cannot be read \(EIO: i\/o error, read\): tried 4 times .* There lies partition 1, byte 512 of its ext4 .* 600 MiB of the 2810 MiB to be copied were read well\. .*new revision.*ddrescue/,
    ));
  it("is told by three places at most", () =>
    assert.match(explain(4, false), /512 bytes from byte 1051136 on, more after them cannot be read/));
  it("is told to have more of them where the search was given up", () =>
    assert.match(explain(1, true), /from byte 1049088 on, more after them cannot be read/));
});
