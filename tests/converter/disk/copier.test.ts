import assert from "node:assert/strict";
import * as fs from "node:fs";
import fc from "fast-check";
import { withDisk } from "../../../converter/disk/bytes";
import { chunksOf, copyRanges } from "../../../converter/disk/copier";
import { type Range, readUsedRanges, totalBytes } from "../../../converter/disk/freeMap";
import { MIB } from "../../../converter/disk/sizes";
import { run } from "../../../converter/run";
import {
  blankDisk,
  command,
  fileInside,
  filesystemWith,
  isRoot,
  noise,
  removeFolders,
  scratchFolder,
  sha256,
} from "./images";

const OFFSET = MIB;

function copyInto(source: string, destination: string, ranges: Range[]): Promise<number> {
  return withDisk(source, "read", (from) =>
    withDisk(destination, "write", (to) =>
      copyRanges({ source: from, destination: to, ranges, offset: OFFSET, onProgress: () => undefined }),
    ),
  );
}

describe("the copier", () => {
  after(removeFolders);

  const FILES = {
    "boot/vmlinuz": noise(3_000_000, "kernel"),
    "etc/fstab": "/dev/sda1 / ext3 defaults 0 0\n",
    "zeros.bin": Buffer.alloc(2 * MIB),
  };

  for (const type of ["ext2", "ext3", "ext4"]) {
    it(`carries every file of an ${type} filesystem by its used blocks alone`, async () => {
      const source = filesystemWith(FILES, 24, ["-t", type]);
      const destination = blankDisk(26);
      await copyInto(source, destination, await readUsedRanges(source, run));
      for (const [name, bytes] of Object.entries(FILES)) {
        assert.equal(sha256(fileInside(destination, `/${name}`, OFFSET)), sha256(Buffer.from(bytes)), name);
      }
      command("e2fsck", "-fn", `${destination}?offset=${OFFSET}`);
    });
  }

  it("takes along every block that e2image takes along, as it is", async () => {
    const source = filesystemWith(FILES);
    const [ours, theirs] = [blankDisk(25), blankDisk(24)];
    await copyInto(source, ours, await readUsedRanges(source, run));
    command("e2image", "-ra", source, theirs);
    const [a, b] = [fs.readFileSync(ours).subarray(OFFSET), fs.readFileSync(theirs)];
    // e2image leaves the unused ends of inode tables out: only what it took is compared.
    const taken = Array.from({ length: b.length / 1024 }, (_, block) => block * 1024).filter((at) =>
      b.subarray(at, at + 1024).some((byte) => byte !== 0),
    );
    assert.ok(taken.length > 3000, `${taken.length} blocks taken`);
    assert.deepEqual(
      taken.filter((at) => !a.subarray(at, at + 1024).equals(b.subarray(at, at + 1024))),
      [],
    );
  });

  it("writes zeros over what a once used disk holds", async () => {
    const source = blankDisk(2);
    const destination = blankDisk(3);
    fs.writeFileSync(destination, Buffer.alloc(3 * MIB, 0xff));
    await copyInto(source, destination, [{ start: 0, end: 2 * MIB }]);
    const bytes = fs.readFileSync(destination);
    assert.ok(
      bytes.subarray(0, OFFSET).every((byte) => byte === 0xff),
      "the gap before partition 1 was touched",
    );
    assert.ok(bytes.subarray(OFFSET).every((byte) => byte === 0));
  });

  it("leaves a blank disk thin, and counts what it wrote", async () => {
    const source = filesystemWith({ "a.bin": noise(MIB, "thin") });
    const destination = blankDisk(26);
    const written = await copyInto(source, destination, [{ start: 0, end: 24 * MIB }]);
    assert.ok(written >= MIB && written < 24 * MIB, `${written} bytes written`);
    assert.ok(fs.statSync(destination).blocks * 512 <= written + MIB);
  });

  it("finishes what an interruption left half done", async () => {
    const source = filesystemWith(FILES);
    const destination = blankDisk(26);
    const ranges = await readUsedRanges(source, run);
    await copyInto(source, destination, ranges.slice(0, 1));
    await copyInto(source, destination, ranges);
    command("e2fsck", "-fn", `${destination}?offset=${OFFSET}`);
  });

  it("says that the source ends too early", async () => {
    await assert.rejects(
      copyInto(blankDisk(1), blankDisk(4), [{ start: 0, end: 2 * MIB }]),
      /disk: ends at byte 1048576/,
    );
  });

  it("cuts ranges into pieces of at most 1 MiB that cover them, in order", () => {
    const range = fc
      .tuple(fc.nat(5 * MIB), fc.integer({ min: 1, max: 5 * MIB }))
      .map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(range, (whole) => {
        const chunks = [...chunksOf([whole])];
        assert.equal(totalBytes(chunks), totalBytes([whole]));
        assert.ok(chunks.every((chunk) => chunk.end - chunk.start <= MIB));
        assert.deepEqual([chunks[0].start, chunks.at(-1)?.end], [whole.start, whole.end]);
        chunks.slice(1).forEach((chunk, index) => assert.equal(chunk.start, chunks[index].end));
      }),
    );
  });

  // A snapshot of a running machine: its journal was never replayed, so that its map of free blocks lies.
  (isRoot ? it : it.skip)("carries every file of a live source when it takes all blocks", async () => {
    const { image, files } = liveImage();
    const destination = blankDisk(50);
    await copyInto(image, destination, [{ start: 0, end: 48 * MIB }]);
    const copied = `${destination}.partition`;
    fs.writeFileSync(copied, fs.readFileSync(destination).subarray(OFFSET));
    await run(["e2fsck", "-fp", copied], { purpose: "replaying the journal", accept: [0, 1] });
    for (const [name, bytes] of Object.entries(files))
      assert.equal(sha256(fileInside(copied, `/${name}`)), sha256(bytes), name);
  });
});

/** The image of a mounted filesystem, taken right after its files were fsynced. */
function liveImage(): { image: string; files: Record<string, Buffer> } {
  const image = blankDisk(48);
  command("mke2fs", "-q", "-F", "-t", "ext4", image);
  const folder = scratchFolder();
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`g${index}`, noise(20_000, `live ${index}`)]),
  );
  // A loop device that was once set read-only stays so for whoever takes it next.
  const loop = command("losetup", "--find", "--show", image).trim();
  command("blockdev", "--setrw", loop);
  command("mount", loop, folder);
  try {
    for (const [name, bytes] of Object.entries(files)) {
      const handle = fs.openSync(`${folder}/${name}`, "w");
      fs.writeSync(handle, bytes);
      fs.fsyncSync(handle);
      fs.closeSync(handle);
    }
    fs.copyFileSync(image, `${image}.snapshot`);
  } finally {
    command("umount", folder);
    command("losetup", "--detach", loop);
  }
  assert.match(command("dumpe2fs", "-h", `${image}.snapshot`), /needs_recovery/);
  return { image: `${image}.snapshot`, files };
}
