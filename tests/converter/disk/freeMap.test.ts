import assert from "node:assert/strict";
import { totalBytes, usedRanges } from "../../../converter/disk/freeMap";
import { command, filesystemWith, noise, removeFolders } from "./images";

const HEADER = "Block count:              100\nBlock size:               1024\n\n\n";

const CASES: [string, string, { start: number; end: number }[]][] = [
  // Lists as dumpe2fs prints them.
  [
    "one range",
    "Group 0: (Blocks 1-99)\n  90 free blocks, 1 free inodes\n  Free blocks: 10-99\n",
    [{ start: 0, end: 10 * 1024 }],
  ],
  [
    "single blocks between ranges",
    "Group 0: (Blocks 1-99)\n  3 free blocks, 1 free inodes\n  Free blocks: 2, 50-51\n",
    [
      { start: 0, end: 2048 },
      { start: 3 * 1024, end: 50 * 1024 },
      { start: 52 * 1024, end: 100 * 1024 },
    ],
  ],
  // What is not listed is in use.
  [
    "a group without a list",
    "Group 0: (Blocks 1-99)\n  90 free blocks, 1 free inodes\n",
    [{ start: 0, end: 100 * 1024 }],
  ],
  ["no group at all", "", [{ start: 0, end: 100 * 1024 }]],
  [
    "a full group",
    "Group 0: (Blocks 1-99)\n  0 free blocks, 1 free inodes\n  Free blocks: \n",
    [{ start: 0, end: 100 * 1024 }],
  ],
  // Groups that were never touched are listed by dumpe2fs like all others.
  [
    "neighbouring groups, one uninitialized",
    "Group 0: (Blocks 1-49)\n  10 free blocks, 1 free inodes\n  Free blocks: 40-49\nGroup 1: (Blocks 50-99) csum 0xf434 [BLOCK_UNINIT]\n  45 free blocks, 1 free inodes\n  Free blocks: 55-99\n",
    [
      { start: 0, end: 40 * 1024 },
      { start: 50 * 1024, end: 55 * 1024 },
    ],
  ],
];

const DISTRUSTED: [string, string][] = [
  [
    "a list that disagrees with its count",
    "Group 0: (Blocks 1-99)\n  5 free blocks, 1 free inodes\n  Free blocks: 10-99\n",
  ],
  [
    "a list beyond the filesystem's end",
    "Group 0: (Blocks 1-99)\n  20 free blocks, 1 free inodes\n  Free blocks: 90-109\n",
  ],
];

describe("the map of used blocks", () => {
  after(removeFolders);

  for (const [name, groups, expected] of CASES) {
    it(`takes everything that is not listed as free: ${name}`, () => {
      assert.deepEqual(usedRanges(HEADER + groups), expected);
    });
  }

  for (const [name, groups] of DISTRUSTED) {
    it(`is refused for ${name}`, () => {
      assert.throws(() => usedRanges(HEADER + groups), /group 0 lists .* cannot be trusted/);
    });
  }

  it("is refused where dumpe2fs shows no sizes", () => {
    assert.throws(() => usedRanges("Filesystem UUID: x\n"), /neither block size nor block count/);
  });

  for (const options of [
    ["-t", "ext2"],
    ["-t", "ext3"],
    ["-t", "ext4"],
    ["-t", "ext4", "-b", "4096"],
  ]) {
    it(`counts what the superblock counts on a real filesystem (${options.join(" ")})`, () => {
      const image = filesystemWith({ "etc/motd": "hello\n", "data.bin": noise(300_000, "map") }, 24, options);
      const text = command("dumpe2fs", image);
      const field = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(text)?.[1]);
      const used = (field("Block count") - field("Free blocks")) * field("Block size");
      assert.equal(totalBytes(usedRanges(text)), used);
    });
  }
});
