import assert from "node:assert/strict";
import * as fs from "node:fs";
import fc from "fast-check";
import { countClear, runsOfSet, setBits } from "../../../../converter/disk/filesystem/bits";
import { type Range, usedRanges } from "../../../../converter/disk/filesystem/freeMap";
import {
  blankDisk,
  command,
  filesystemWith,
  isRoot,
  noise,
  removeFolders,
  withMountedImage,
} from "../images";

const FILES = { "etc/motd": "hello\n", "data.bin": noise(300_000, "map"), "more.bin": noise(70_000, "more") };

/** Which blocks dumpe2fs does not list as free. It names a bigalloc cluster by its first block alone. */
function usedByDumpe2fs(image: string): { used: boolean[]; blockSize: number } {
  const text = command("dumpe2fs", image);
  const field = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(text)?.[1] ?? NaN);
  const [blockSize, blockCount] = [field("Block size"), field("Block count")];
  const clusterBlocks = (field("Cluster size") || blockSize) / blockSize;
  const used = new Array<boolean>(blockCount).fill(true);
  for (const [, list] of text.matchAll(/^ +Free blocks: *(\d.*)$/gm)) {
    for (const item of list.split(",")) {
      const [first, last] = item.split("-").map(Number);
      used.fill(false, first, Math.min(blockCount, (last ?? first) + clusterBlocks));
    }
  }
  return { used, blockSize };
}

function blocksOf(ranges: Iterable<Range>, blockSize: number, blockCount: number): boolean[] {
  const used = new Array<boolean>(blockCount).fill(false);
  for (const { start, end } of ranges) used.fill(true, start / blockSize, end / blockSize);
  return used;
}

const LAYOUTS: [what: string, options: string[]][] = [
  ["ext2", ["-t", "ext2"]],
  [
    "ext2 with a superblock in every group",
    ["-t", "ext2", "-O", "^sparse_super,^resize_inode", "-g", "1024"],
  ],
  ["ext3 with blocks of 2 KiB", ["-t", "ext3", "-b", "2048"]],
  ["ext4", ["-t", "ext4"]],
  ["ext4 with blocks of 1 KiB in small groups", ["-t", "ext4", "-b", "1024", "-g", "256"]],
  ["ext4 without flex_bg", ["-t", "ext4", "-O", "^flex_bg"]],
  ["ext4 with meta_bg", ["-t", "ext4", "-b", "1024", "-g", "512", "-O", "^resize_inode,meta_bg"]],
  ["ext4 with meta_bg, not flexible", ["-t", "ext4", "-b", "1024", "-O", "^resize_inode,meta_bg,^flex_bg"]],
  ["ext4 with numbers of 32 bits", ["-t", "ext4", "-O", "^64bit"]],
  ["ext4 with uninit_bg", ["-t", "ext4", "-O", "uninit_bg,^metadata_csum"]],
  ["ext4 with bigalloc", ["-t", "ext4", "-O", "bigalloc"]],
  ["ext4 with bigalloc and blocks of 1 KiB", ["-t", "ext4", "-b", "1024", "-O", "bigalloc", "-C", "8192"]],
  ["ext4 with sparse_super2", ["-t", "ext4", "-b", "1024", "-g", "1024", "-O", "sparse_super2"]],
];

describe("the map of an ext filesystem's used blocks", () => {
  after(removeFolders);

  for (const [what, options] of LAYOUTS) {
    it(`has every block that dumpe2fs does not list as free, and counts them: ${what}`, async () => {
      const image = filesystemWith(FILES, 40, options);
      const { used, blockSize } = usedByDumpe2fs(image);
      const ranges = await usedRanges(image, { type: "ext4" });
      const ours = blocksOf(ranges, blockSize, used.length);
      assert.deepEqual(
        used.flatMap((is, block) => (is && !ours[block] ? [block] : [])),
        [],
      );
      assert.equal(ranges.usedBytes, used.filter(Boolean).length * blockSize);
    });
  }

  it("takes no notice of the groups of 2 TiB that were never used", async () => {
    const image = blankDisk(1);
    fs.truncateSync(image, 2 * 1024 ** 4);
    command("mke2fs", "-q", "-F", "-t", "ext4", "-T", "largefile4", image);
    const ranges = await usedRanges(image, { type: "ext4" });
    assert.ok([...ranges].length < 2000);
    assert.ok(ranges.totalBytes <= 1.05 * ranges.usedBytes);
  });

  it("is refused where a bitmap and its group's count disagree", async () => {
    const image = filesystemWith(FILES, 24, ["-t", "ext2"]);
    command("debugfs", "-w", "-R", "set_bg 0 free_blocks_count 17", image);
    await assert.rejects(
      usedRanges(image, { type: "ext2" }),
      /group 0: its bitmap has \d+ free, its descriptor 17\. The map cannot be trusted/,
    );
  });

  it("is refused where there is no ext filesystem", async () => {
    await assert.rejects(usedRanges(blankDisk(1), { type: "ext3" }), /no ext superblock at byte 1024/);
  });
});

const XFS: [what: string, options: string[]][] = [
  ["v5", []],
  ["v4", ["-m", "crc=0"]],
  ["blocks of 1 KiB", ["-b", "size=1024"]],
  ["three groups", ["-d", "agcount=3"]],
];

describe("the map of an XFS filesystem's used blocks", () => {
  after(removeFolders);

  for (const [what, options] of XFS) {
    it(`has every block that xfs_db does not list as free: ${what}`, async () => {
      const image = blankDisk(400);
      command("mkfs.xfs", "-q", "-f", ...options, image);
      await compareWithXfsDb(image);
    });
  }

  (isRoot ? it : it.skip)(
    "goes down a tree of several levels, and gathers what lies close together",
    async () => {
      const image = blankDisk(400);
      command("mkfs.xfs", "-q", "-f", "-b", "size=1024", "-d", "agcount=2", image);
      await withMountedImage(image, (folder) => {
        const names = Array.from({ length: 3000 }, (_, index) => `${folder}/f${index}`);
        for (const name of names) fs.writeFileSync(name, Buffer.alloc(4000, 1));
        command("sync", "-f", folder);
        names.filter((_, index) => index % 2 === 0).forEach((name) => fs.rmSync(name));
      });
      assert.ok(freeByXfsDb(image).length > 1000, "freesp lists the holes");
      await compareWithXfsDb(image);
    },
  );

  it("is refused where a tree and its group's count disagree", async () => {
    const image = blankDisk(400);
    command("mkfs.xfs", "-q", "-f", "-m", "crc=0", image);
    command("xfs_db", "-x", "-c", "agf 1", "-c", "write freeblks 17", image);
    await assert.rejects(
      usedRanges(image, { type: "xfs" }),
      /allocation group 1 lists \d+ blocks as free and counts 17\. The map cannot be trusted/,
    );
  });

  it("is refused where there is no XFS filesystem", async () => {
    await assert.rejects(usedRanges(blankDisk(1), { type: "xfs" }), /no XFS superblock at byte 0/);
  });
});

/**
 * Every block that xfs_db does not list as free is in the map, which counts no others. The blocks that are kept to refill
 * the trees (AGFL) are listed as free too; the map has them in use.
 */
async function compareWithXfsDb(image: string): Promise<void> {
  const ranges = await usedRanges(image, { type: "xfs" });
  const blocks = fs.statSync(image).size / 1024;
  const free = blocksOf(freeByXfsDb(image), 1024, blocks);
  const ours = blocksOf(ranges, 1024, blocks);
  assert.deepEqual(
    free.flatMap((is, block) => (!is && !ours[block] ? [block] : [])),
    [],
  );
  const kept = Array.from({ length: fieldOf(image, "sb 0", "agcount") }, (_, group) =>
    fieldOf(image, `agf ${group}`, "flcount"),
  ).reduce((sum, count) => sum + count * fieldOf(image, "sb 0", "blocksize"), 0);
  assert.equal(ranges.usedBytes, free.filter((is) => !is).length * 1024 + kept);
}

function freeByXfsDb(image: string): Range[] {
  const [blockSize, groupBlocks] = [fieldOf(image, "sb 0", "blocksize"), fieldOf(image, "sb 0", "agblocks")];
  return [...command("xfs_db", "-r", "-c", "freesp -d", image).matchAll(/^ +(\d+) +(\d+) +(\d+)$/gm)]
    .map(([, group, block, count]) => ({
      first: Number(group) * groupBlocks + Number(block),
      count: Number(count),
    }))
    .map(({ first, count }) => ({ start: first * blockSize, end: (first + count) * blockSize }));
}

function fieldOf(image: string, structure: string, name: string): number {
  const text = command("xfs_db", "-r", "-c", structure, "-c", `p ${name}`, image);
  return Number(/= (\d+)/.exec(text)?.[1]);
}

describe("a bitmap", () => {
  it("gives back the runs of what was set in it", () => {
    const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(bits, (wanted) => {
        const buffer = Buffer.alloc(32);
        wanted.forEach((is, at) => is && setBits(buffer, at, at + 1));
        const found = new Array<boolean>(wanted.length).fill(false);
        for (const { start, end } of runsOfSet(buffer, wanted.length)) found.fill(true, start, end);
        assert.deepEqual(found, wanted);
        assert.equal(countClear(buffer, wanted.length), wanted.filter((is) => !is).length);
      }),
    );
  });

  it("sets a run of bits and no other", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 100 }), (start, length) => {
        const buffer = Buffer.alloc(32);
        setBits(buffer, start, start + length);
        assert.deepEqual([...runsOfSet(buffer, 256)], [{ start, end: start + length }]);
      }),
    );
  });
});
