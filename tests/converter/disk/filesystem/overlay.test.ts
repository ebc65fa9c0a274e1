import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { copyPieces } from "../../../../converter/disk/copy/copier";
import { type Range, usedRanges } from "../../../../converter/disk/filesystem/freeMap";
import { withLoop } from "../../../../converter/disk/loop";
import { canReplay, parseMap, withReplayed } from "../../../../converter/disk/filesystem/overlay";
import { piecesOf } from "../../../../converter/disk/copy/pieces";
import { totalBytes } from "../../../../converter/disk/copy/ranges";
import { MIB } from "../../../../converter/disk/sizes";
import { nodesOf } from "../../../../converter/disk/filesystem/storageDaemon";
import { run } from "../../../../converter/run";
import { blankDisk, command, isRoot, liveImage, removeFolders, sha256, withMountedImage } from "../images";

const asRoot = isRoot ? it : it.skip;

/** Copies as the conversion does: what is in use by the true map from the disk, then what the replay changed. */
async function copyReplayed(source: string, device: string, type: "ext3" | "ext4" | "xfs", offset: number) {
  const destination = blankDisk(fs.statSync(source).size / MIB);
  const copy = (from: string, ranges: Iterable<Range>, start: number) =>
    copyPieces({
      source: from,
      destination,
      pieces: piecesOf(ranges, start, 0),
      totalBytes: totalBytes(ranges),
      onProgress: () => undefined,
      onVerified: () => undefined,
    });
  return withReplayed(device, { type }, run, async (replayed) => {
    const used = await usedRanges(replayed.device, { type });
    await copy(source, used, offset);
    await copy(replayed.device, replayed.changedRanges, 0);
    return { copy: destination, usedBytes: used.usedBytes };
  });
}

/** Kernels of our day are built without XFS's fourth format; Debian 12's has it. */
async function canMount(options: string[]): Promise<boolean> {
  const image = blankDisk(320);
  command("mkfs.xfs", "-q", "-f", ...options, image);
  return withMountedImage(image, () => true).catch(() => false);
}

async function wrongFiles(image: string, files: Record<string, Buffer>): Promise<string[]> {
  return withMountedImage(image, (folder) =>
    Object.keys(files).filter((name) => {
      const file = path.join(folder, name);
      return !fs.existsSync(file) || !fs.readFileSync(file).equals(files[name]);
    }),
  );
}

describe("the snapshot of a running machine, whose journal was never replayed", () => {
  after(removeFolders);

  const TYPES: [type: "ext3" | "ext4" | "xfs", options: string[], what: string][] = [
    ["ext3", [], "ext3"],
    ["ext4", [], "ext4"],
    ["ext4", ["-b", "1024", "-O", "^64bit,^metadata_csum"], "ext4 as it was made ten years ago"],
    ["xfs", [], "XFS v5"],
    ["xfs", ["-m", "crc=0"], "XFS v4"],
  ];
  for (const [type, options, what] of TYPES) {
    asRoot(
      `has a map that lies, and is copied with every file by its replayed one: ${what}`,
      async function () {
        if (what === "XFS v4" && !(await canMount(options))) return this.skip();
        const { image, files } = await liveImage(type, options);
        const before = sha256(fs.readFileSync(image));
        const stale = await usedRanges(image, { type }).then(
          ({ usedBytes }) => usedBytes,
          () => 0,
        );
        const { copy, usedBytes } = await copyReplayed(image, image, type, 0);
        const written = Object.keys(files).length * 20_000;
        assert.ok(usedBytes - stale >= written, `${stale} bytes on the disk, ${usedBytes} when replayed`);
        assert.deepEqual(await wrongFiles(copy, files), []);
        command(...(type === "xfs" ? ["xfs_repair", "-n", copy] : ["e2fsck", "-fn", copy]));
        assert.equal(sha256(fs.readFileSync(image)), before, "the source was written");
      },
    ).timeout(60_000);
  }

  asRoot(
    "is copied out of the middle of a disk too, as a partition or logical volume lies there",
    async () => {
      const { image, files } = await liveImage("ext4");
      const offset = 63 * 512;
      const disk = blankDisk(70);
      fs.writeFileSync(disk, Buffer.concat([Buffer.alloc(offset), fs.readFileSync(image)]));
      const { copy } = await withLoop(
        { path: disk, offset, size: fs.statSync(image).size, readOnly: true },
        run,
        (device) => copyReplayed(disk, device, "ext4", offset),
      );
      assert.deepEqual(await wrongFiles(copy, files), []);
    },
  );

  asRoot("can be looked into as it will be, and nothing is left behind", async () => {
    const { image, files } = await liveImage("ext4");
    const names = await withReplayed(image, { type: "ext4" }, run, async ({ device }) => {
      assert.throws(() => fs.writeFileSync(device, "x"), "the device can be written");
      return command("debugfs", "-R", "ls -p /", device);
    });
    assert.ok(Object.keys(files).every((name) => names.includes(`/${name}/`)));
    assert.doesNotMatch(
      fs.readFileSync("/proc/self/mounts", "utf8"),
      new RegExp(`pv-to-hvm-root-${process.pid}-`),
    );
  });

  asRoot("leaves nothing behind either when the work on it fails", async () => {
    const { image } = await liveImage("xfs");
    const work = () => Promise.reject(new Error("the work failed"));
    await assert.rejects(withReplayed(image, { type: "xfs" }, run, work), /the work failed/);
    assert.doesNotMatch(
      fs.readFileSync("/proc/self/mounts", "utf8"),
      new RegExp(`pv-to-hvm-root-${process.pid}-`),
    );
  });

  asRoot("is told of where its journal cannot be replayed", async () => {
    await assert.rejects(
      withReplayed(blankDisk(8), { type: "ext4" }, run, async () => undefined),
      /^Error: journal: e2fsck cannot replay it: .*Mend a copy of the volume/s,
    );
  });
});

describe("what an overlay needs", () => {
  it("is all there, or named with its package", async () => {
    const missing: typeof run = async (words, options) =>
      words[0] === "which" ? { ...(await run(["false"], { ...options, accept: [1] })) } : run(words, options);
    const [advice] = await canReplay(missing);
    assert.match(advice.found, /qemu-storage-daemon, qemu-img not found/);
    assert.match(advice.advice, /apt-get install qemu-system-common qemu-utils/);
  });

  it("is a disk that is opened for reading alone", () => {
    const exported = { device: blankDisk(1), sizeBytes: MIB, overlay: "/o", folder: "/f", writable: true };
    const disk = nodesOf(exported) as Record<string, unknown>[];
    assert.equal(disk.find((options) => options["node-name"] === "disk")?.["read-only"], true);
    assert.equal(disk.find((options) => options["node-name"] === "overlay")?.backing, "below");
  });
});

describe("the list of what an overlay holds", () => {
  const entry = (start: number, present: boolean, data: boolean) => ({
    start,
    length: 65536,
    depth: 0,
    present,
    zero: !data,
    data,
  });
  const CASES: [what: string, entries: ReturnType<typeof entry>[], ranges: Range[]][] = [
    ["what was written", [entry(0, false, false), entry(65536, true, true)], [{ start: 65536, end: 131072 }]],
    ["zeros that were written", [entry(0, true, false)], [{ start: 0, end: 65536 }]],
    ["nothing", [entry(0, false, false)], []],
  ];
  for (const [what, entries, ranges] of CASES) {
    it(`has ${what}`, () => assert.deepEqual(parseMap(JSON.stringify(entries)), ranges));
  }
});
