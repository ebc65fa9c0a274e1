/** What the superblocks of real filesystems say, held against what their own programs say of them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { readSuperblock } from "../../../../converter/disk/filesystem/filesystem";
import { checkHealth } from "../../../../converter/disk/filesystem/health";
import { run } from "../../../../converter/run";
import {
  blankDisk,
  command,
  filesystemWith,
  isRoot,
  noise,
  removeFolders,
  scratchFolder,
  xfsImage,
} from "../images";

after(removeFolders);

describe("an ext superblock", () => {
  for (const options of [
    ["-t", "ext2", "-r", "0"],
    ["-t", "ext2", "-b", "1024", "-O", "none"],
    ["-t", "ext3", "-b", "2048", "-L", "sixteen-letters!"],
    ["-t", "ext4", "-O", "^64bit,^metadata_csum,uninit_bg,quota"],
    ["-t", "ext4", "-O", "64bit,bigalloc,meta_bg,^resize_inode,inline_data,casefold,encrypt"],
    ["-t", "ext4", "-O", "mmp,project,ea_inode,large_dir,metadata_csum_seed,verity"],
  ]) {
    it(`says what dumpe2fs says, made with ${options.join(" ")}`, async () => {
      const image = filesystemWith({ a: noise(99_000, "a") }, 40, options);
      const shown = new Map(
        command("dumpe2fs", "-h", image)
          .split("\n")
          .map((line) => line.split(/:\s+/, 2) as [string, string]),
      );
      const superblock = await readSuperblock(image, run);
      const named = (name: string) => (shown.get(name) ?? "").trim();
      const features = named("Filesystem features")
        .split(/\s+/)
        .filter((name) => name !== "(none)");
      assert.deepEqual(superblock.features, features);
      assert.equal(superblock.uuid, named("Filesystem UUID"));
      assert.equal(superblock.label ?? "<none>", named("Filesystem volume name"));
      assert.deepEqual(
        [superblock.blockSizeBytes, superblock.blockCount, superblock.freeBlocks],
        ["Block size", "Block count", "Free blocks"].map((name) => Number(named(name))),
      );
      assert.equal(superblock.type, command("blkid", "-p", "-s", "TYPE", "-o", "value", image).trim());
    });
  }
  it("is missed with its name where there is none", async () => {
    await assert.rejects(readSuperblock(blankDisk(1), run), /holds neither an ext nor an XFS superblock/);
  });
});

const hasXfs = isRoot && fs.existsSync("/sbin/mkfs.xfs");
const withXfs = hasXfs ? it : it.skip;

/** Mounts the image, works, and copies it before it is unmounted: as EBS makes a snapshot of a running machine. */
function snapshotWhileMounted(image: string, work: (folder: string) => void): string {
  const folder = scratchFolder();
  const copy = path.join(scratchFolder(), "snapshot.img");
  command("mount", "-o", "loop,nouuid", image, folder);
  try {
    work(folder);
    command("sync", "-f", folder);
    command("cp", "--sparse=always", image, copy);
  } finally {
    command("umount", folder);
  }
  return copy;
}

/** What XFS's own program makes of the log. It needs a device: with a file it takes the whole of it for a log. */
function logState(image: string): string {
  const device = command("losetup", "--read-only", "--find", "--show", image).trim();
  try {
    return spawnSync("xfs_logprint", ["-t", device], { encoding: "utf8", maxBuffer: 2 ** 28 }).stdout;
  } finally {
    command("losetup", "--detach", device);
  }
}

describe("an XFS superblock", () => {
  for (const [what, options, features] of [
    ["v4", ["-m", "crc=0,finobt=0", "-n", "ftype=0"], ["v4", "dirv2", "attr2"]],
    ["v5", ["-m", "crc=1"], ["v5", "crc", "ftype", "finobt"]],
  ] as const) {
    withXfs(`says what it is as ${what}`, async () => {
      const image = xfsImage([...options, "-L", "rootfs"]);
      const superblock = await readSuperblock(image, run);
      assert.deepEqual(
        [superblock.type, superblock.label, superblock.blockSizeBytes, superblock.blockCount],
        ["xfs", "rootfs", 4096, 320 * 256],
      );
      assert.equal(superblock.features[0], what);
      for (const feature of features) assert.ok(superblock.features.includes(feature), feature);
      assert.equal(superblock.uuid, command("blkid", "-p", "-s", "UUID", "-o", "value", image).trim());
      const free = Number(
        /fdblocks = (\d+)/.exec(command("xfs_db", "-r", "-c", "sb 0", "-c", "p fdblocks", image))?.[1],
      );
      assert.equal(superblock.freeBlocks, free);
      assert.equal(superblock.needsRecovery, false);
    });
  }

  for (const [what, options] of [
    ["its log in single blocks", ["-l", "size=10m"]],
    ["written in stripes", ["-l", "size=20m,su=256k"]],
  ] as const)
    withXfs(
      `needs no recovery after each clean unmount, and does in every snapshot of a mounted one (${what})`,
      async function () {
        this.timeout(120_000);
        const image = xfsImage(["--unsupported", ...options]);
        for (let round = 0; round < 4; round++) {
          const snapshot = snapshotWhileMounted(image, (folder) => {
            const names = Array.from({ length: 1500 }, (_, index) =>
              path.join(folder, `${round}-${index}-${"x".repeat(200)}`),
            );
            for (const name of names) fs.writeFileSync(name, name);
            if (round % 2 === 1) for (const name of names) fs.rmSync(name);
          });
          assert.equal((await readSuperblock(snapshot, run)).needsRecovery, true, `snapshot ${round}`);
          assert.match(logState(snapshot), /state: <DIRTY>/);
          assert.equal((await readSuperblock(image, run)).needsRecovery, false, `unmounted ${round}`);
          assert.match(logState(image), /state: <CLEAN>/);
          fs.rmSync(snapshot);
        }
      },
    );

  withXfs("has its health from xfs_repair, which writes nothing", async () => {
    const image = xfsImage();
    const superblock = await readSuperblock(image, run);
    assert.deepEqual(await checkHealth(image, superblock, run), { health: "clean", said: [] });
    command("xfs_db", "-x", "-c", "agf 1", "-c", "write -d freeblks 5", image);
    const before = fs.readFileSync(image);
    const { health, said } = await checkHealth(image, superblock, run);
    assert.equal(health, undefined);
    assert.match(said.join("\n"), /agf_freeblks 5/);
    assert.ok(fs.readFileSync(image).equals(before));
    assert.equal((await checkHealth(image, { ...superblock, needsRecovery: true }, run)).health, "recovers");
  });

  withXfs("names a log on another device", async () => {
    const [image, log] = [blankDisk(320), blankDisk(80)];
    command("mkfs.xfs", "-q", "-l", `logdev=${log},size=64m`, image);
    const { features, needsRecovery } = await readSuperblock(image, run);
    assert.ok(features.includes("external-log"));
    assert.equal(needsRecovery, true);
  });
});
