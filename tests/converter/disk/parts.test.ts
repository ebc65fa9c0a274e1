import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { readDisk } from "../../../converter/disk/parts";
import { describeUnsuitable } from "../../../converter/disk/signature";
import { MIB, SECTOR } from "../../../converter/disk/sizes";
import { RefusedError } from "../../../converter/errors";
import { run } from "../../../converter/run";
import type { Content, PartFacts } from "../../../converter/types";
import { blankDisk, command, filesystemWith, noise, removeFolders, xfsImage } from "./images";

after(removeFolders);

const read = (disk: string) => readDisk(disk, fs.statSync(disk).size, run);

function sfdisk(disk: string, script: string): void {
  const options = ["--quiet", "--no-reread", "--no-tell-kernel", "--wipe", "never"];
  execFileSync("sfdisk", [...options, disk], { input: script, stdio: ["pipe", "ignore", "pipe"] });
}

function put(disk: string, offset: number, bytes: Buffer | string): void {
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, Buffer.from(bytes), 0, undefined, offset);
  fs.closeSync(handle);
}

/** A disk with the image at a sector of it. */
function diskWith(image: string, sector: number, megabytes: number): string {
  const disk = blankDisk(megabytes);
  put(disk, sector * SECTOR, fs.readFileSync(image));
  return disk;
}

const refused = (pattern: RegExp) => (error: Error) =>
  error instanceof RefusedError && pattern.test(error.message);

const whats = (parts: PartFacts[]) =>
  parts.map(({ number, startBytes, sizeBytes, content }) => [
    ...[number, startBytes / SECTOR, sizeBytes / SECTOR],
    content.kind === "filesystem" ? content.filesystem.type : content.kind,
  ]);

describe("a disk without a table", () => {
  for (const type of ["ext2", "ext3", "ext4"] as const) {
    it(`has ${type} on the whole of it`, async () => {
      const image = filesystemWith({ a: "b" }, 24, ["-t", type, "-L", "root"]);
      const { table, parts } = await read(image);
      assert.equal(table, "none");
      assert.deepEqual(whats(parts), [[0, 0, 24 * 2048, type]]);
    });
  }

  it("is one with code in the first sector that looks like none (extlinux on Debian 7's HVM images)", async () => {
    const image = filesystemWith({ "ldlinux.sys": "x" });
    const sector = Buffer.alloc(512);
    noise(510, "syslinux").copy(sector);
    sector.writeUInt16LE(0xaa55, 510);
    put(image, 0, sector);
    assert.deepEqual(whats((await read(image)).parts), [[0, 0, 24 * 2048, "ext4"]]);
  });

  it("is one with a boot signature and an empty table (a boot loader before the filesystem)", async () => {
    const image = filesystemWith({ a: "b" });
    put(image, 510, Buffer.from([0x55, 0xaa]));
    assert.equal((await read(image)).table, "none");
  });

  it("is one where a table was written over the filesystem by mistake", async () => {
    const image = filesystemWith({ a: noise(1000, "a") });
    sfdisk(image, "label: dos\nstart=2048, type=83\n");
    assert.deepEqual(whats((await read(image)).parts), [[0, 0, 24 * 2048, "ext4"]]);
  });

  it("is not one where the filesystem is left over from before there was a table", async () => {
    const disk = blankDisk(48);
    put(disk, 0, fs.readFileSync(filesystemWith({})).subarray(0, 16_384));
    sfdisk(disk, "label: dos\nstart=2048, type=83\n");
    put(disk, MIB, fs.readFileSync(filesystemWith({}, 24, ["-t", "ext3"])));
    assert.deepEqual(whats((await read(disk)).parts), [[1, 2048, 47 * 2048, "ext3"]]);
  });

  for (const bytes of [0, 511, 512, 4096]) {
    it(`holds nothing with ${bytes} bytes`, async () => {
      const disk = blankDisk(0);
      fs.truncateSync(disk, bytes);
      assert.deepEqual(whats((await read(disk)).parts), [[0, 0, bytes / SECTOR, "unknown"]]);
    });
  }
});

describe("a disk with a master boot record", () => {
  for (const sector of [63, 64, 2048]) {
    it(`has its first partition from sector ${sector}`, async () => {
      const disk = diskWith(filesystemWith({}, 24, ["-t", "ext3"]), sector, 32);
      sfdisk(
        disk,
        `label: dos\nlabel-id: 0x0a2b3c4d\nunit: sectors\ngrain: 512\nstart=${sector}, size=${24 * 2048}, type=83, bootable\n`,
      );
      const { table, tableId, parts } = await read(disk);
      assert.deepEqual([table, tableId, parts[0].active, parts[0].type], ["mbr", "0x0a2b3c4d", true, "83"]);
      assert.deepEqual(whats(parts), [[1, sector, 24 * 2048, "ext3"]]);
    });
  }

  it("has logical partitions from 5 on, swap with its UUID and label among them", async () => {
    const disk = blankDisk(64);
    sfdisk(
      disk,
      "label: dos\nstart=2048, size=8192, type=83\nstart=10240, type=5\n5: start=12288, size=16384, type=82\n6: start=30720, size=16384, type=83\n",
    );
    const swap = blankDisk(8);
    command("mkswap", "-L", "swap", "-U", "0a1b2c3d-0000-4000-8000-000000000001", swap);
    put(disk, 12288 * SECTOR, fs.readFileSync(swap));
    const { parts } = await read(disk);
    assert.deepEqual(whats(parts), [
      [1, 2048, 8192, "unknown"],
      [2, 10240, 64 * 2048 - 10240, "extended"],
      [5, 12288, 16384, "swap"],
      [6, 30720, 16384, "unknown"],
    ]);
    assert.deepEqual(parts[2].content, {
      kind: "swap",
      uuid: "0a1b2c3d-0000-4000-8000-000000000001",
      label: "swap",
    });
  });

  it("is refused, in one sentence, if the chain of logical partitions leads in a circle", async () => {
    const disk = blankDisk(16);
    sfdisk(disk, "label: dos\nstart=2048, type=5\n5: start=4096, size=2048, type=83\n");
    const link = Buffer.alloc(16);
    link[4] = 5;
    link.writeUInt32LE(0, 8);
    link.writeUInt32LE(100, 12);
    put(disk, 2048 * SECTOR + 446 + 16, link);
    const sentence =
      /^[^\n]*its chain of logical partitions has no end: a link leads back to sector 2048,[^\n]*$/;
    await assert.rejects(read(disk), refused(sentence));
  });

  it("is refused where a partition reaches beyond the disk", async () => {
    const disk = blankDisk(16);
    sfdisk(disk, "label: dos\nstart=2048, type=83\n");
    fs.truncateSync(disk, 8 * MIB);
    await assert.rejects(
      read(disk),
      refused(/partition 1 reaches from byte 1048576 to 16777216, the disk has 8388608 \(8 MiB\)/),
    );
  });

  it("is refused where partitions overlap", async () => {
    const disk = blankDisk(16);
    sfdisk(disk, "label: dos\nstart=2048, size=4096, type=83\nstart=6144, size=4096, type=83\n");
    const start = Buffer.alloc(4);
    start.writeUInt32LE(4096);
    put(disk, 446 + 16 + 8, start);
    await assert.rejects(
      read(disk),
      refused(/partitions 1 and 2 overlap: 2 begins at byte 2097152, 1 ends at 3145728/),
    );
  });
});

describe("a disk with a GPT", () => {
  const ROOT = "0fc63daf-8483-4772-8e79-3d69d8477de4";
  const made = (): string => {
    const disk = blankDisk(32);
    sfdisk(
      disk,
      `label: gpt\nlabel-id: 11111111-2222-4333-8444-555555555555\n3: start=2048, size=${24 * 2048}, type=${ROOT}, uuid=66666666-7777-4888-8999-aaaaaaaaaaaa, name="root ä"\n`,
    );
    put(disk, MIB, fs.readFileSync(filesystemWith({})));
    return disk;
  };
  const assertRead = async (disk: string) => {
    const { table, tableId, parts } = await read(disk);
    assert.deepEqual([table, tableId], ["gpt", "11111111-2222-4333-8444-555555555555"]);
    assert.deepEqual(whats(parts), [[3, 2048, 24 * 2048, "ext4"]]);
    assert.deepEqual(
      [parts[0].type, parts[0].guid, parts[0].name],
      [ROOT.toUpperCase(), "66666666-7777-4888-8999-AAAAAAAAAAAA", "root ä"],
    );
  };

  it("has numbers, GUIDs and names of its own", async () => assertRead(made()));

  for (const [what, offset] of [
    ["header", SECTOR + 60],
    ["list", 2 * SECTOR + 2 * 128 + 40],
  ] as const) {
    it(`is read from its backup where the first ${what} is damaged`, async () => {
      const disk = made();
      put(disk, offset, Buffer.from([0xff]));
      await assertRead(disk);
    });
  }

  it("is read beside the other partitions of a hybrid", async () => {
    const disk = made();
    const entry = Buffer.alloc(16);
    entry[4] = 0x83;
    entry.writeUInt32LE(2048, 8);
    entry.writeUInt32LE(4096, 12);
    put(disk, 446 + 16, entry);
    await assertRead(disk);
  });

  it("is refused where a hybrid names bytes that it does not know, since only its own are copied", async () => {
    const disk = made();
    const entry = Buffer.alloc(16);
    entry[4] = 0x83;
    entry.writeUInt32LE(26 * 2048, 8);
    entry.writeUInt32LE(4096, 12);
    put(disk, 446 + 16, entry);
    await assert.rejects(
      read(disk),
      refused(
        /a hybrid: number 2, type 83, 2097152 bytes from byte 27262976 on\) that the GPT does not know/,
      ),
    );
  });

  it("is refused where both copies are damaged", async () => {
    const disk = made();
    put(disk, SECTOR + 60, Buffer.from([0xff]));
    put(disk, 32 * MIB - SECTOR + 60, Buffer.from([0xff]));
    await assert.rejects(read(disk), refused(/GPT is damaged: neither .* gdisk/));
  });

  it("counts for nothing where the master boot record does not speak of it", async () => {
    const disk = made();
    const entry = Buffer.alloc(16);
    entry[4] = 0x83;
    entry.writeUInt32LE(2048, 8);
    entry.writeUInt32LE(24 * 2048, 12);
    put(disk, 446, entry);
    assert.deepEqual((await read(disk)).table, "mbr");
  });

  it("is read beyond 2 TiB", async () => {
    const disk = blankDisk(0);
    fs.truncateSync(disk, 15 * 1024 ** 4);
    sfdisk(disk, `label: gpt\n1: start=2048, size=8192, type=${ROOT}\n2: start=10240, type=${ROOT}\n`);
    const [, second] = (await read(disk)).parts;
    assert.ok(second.sizeBytes > 14 * 1024 ** 4);
  });
});

describe("what no guest can be on", () => {
  const CASES: [string, Content, RegExp | undefined][] = [
    ["btrfs", { kind: "other", type: "btrfs" }, /holds btrfs.*subvolumes/],
    ["LUKS", { kind: "other", type: "crypto_LUKS" }, /encrypted.*cryptsetup/],
    ["RAID", { kind: "other", type: "linux_raid_member" }, /software RAID/],
    [
      "an orphaned physical volume",
      { kind: "other", type: "LVM2_member" },
      /metadata cannot be read.*vgcfgrestore/,
    ],
    ["two signatures", { kind: "other", type: "ambivalent" }, /more than one filesystem.*wipefs/],
    ["vfat", { kind: "other", type: "vfat" }, /holds vfat, an ext2, ext3, ext4 or XFS/],
    ["swap", { kind: "swap" }, /swap space/],
    ["nothing", { kind: "unknown" }, /no filesystem that is known/],
    [
      "LVM",
      { kind: "lvm", volumeGroup: { name: "vg", physicalVolumes: 1, dataStartBytes: 0, volumes: [] } },
      undefined,
    ],
  ];
  for (const [what, content, message] of CASES) {
    it(`is told in words: ${what}${message ? "" : ", on which one can be"}`, () => {
      const told = describeUnsuitable(content);
      if (message) assert.match(`${told?.found} ${told?.advice}`, message);
      else assert.equal(told, undefined);
    });
  }
  it("is btrfs and LUKS by blkid's names for them", async () => {
    const image = blankDisk(160);
    command("mkfs.btrfs", "-q", "-L", "a b", image);
    const [{ content }] = (await read(image)).parts;
    assert.equal(content.kind === "other" && `${content.type} ${content.label}`, "btrfs a b");
    const luks = blankDisk(20);
    put(luks, 0, Buffer.from("4c554b53babe0001", "hex"));
    assert.equal((await read(luks)).parts[0].content.kind, "other");
  });
  it("is a disk with signatures that contradict each other", async () => {
    const image = filesystemWith({});
    put(image, 0, fs.readFileSync(xfsImage()).subarray(0, 512));
    assert.deepEqual((await read(image)).parts[0].content, { kind: "other", type: "ambivalent" });
  });
});
