import assert from "node:assert/strict";
import * as fs from "node:fs";
import { firstUsedByte } from "../../../converter/disk/blank";
import { withDisk } from "../../../converter/disk/bytes";
import { readSuperblock } from "../../../converter/disk/filesystem/filesystem";
import { parseFreeLoop } from "../../../converter/disk/loop";
import { checkHealth } from "../../../converter/disk/filesystem/health";
import { adviceFor } from "../../../converter/disk/programs";
import { MIB, formatBytes } from "../../../converter/disk/sizes";
import { parseMounts } from "../../../converter/disk/use";
import { run } from "../../../converter/run";
import { blankDisk, command, filesystemWith, noise, removeFolders } from "./images";

after(removeFolders);

function put(disk: string, offset: number, bytes: Buffer | string): void {
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, Buffer.from(bytes), 0, undefined, offset);
  fs.closeSync(handle);
}

describe("the blank check", () => {
  const CASES: [string, number | undefined, number | undefined][] = [
    ["a new disk", undefined, undefined],
    ["a master boot record", 510, 510],
    ["a filesystem's superblock", 1080, 1080],
    ["a byte at the end of the first 4 MiB", 4 * MIB - 1, 4 * MIB - 1],
    ["a backup GPT in the last sector", 8 * MIB - 512, 8 * MIB - 512],
  ];
  for (const [what, at, expected] of CASES) {
    it(`finds ${what}`, async () => {
      const disk = blankDisk(8);
      if (at !== undefined) put(disk, at, Buffer.from([1]));
      assert.equal(await withDisk(disk, "read", (handle) => firstUsedByte(handle, 8 * MIB)), expected);
    });
  }
});

describe("the health of a filesystem", () => {
  const check = async (image: string) => checkHealth(image, await readSuperblock(image, run), run);

  it("is clean after mke2fs", async () => {
    assert.equal((await check(filesystemWith({ a: "b" }))).health, "clean");
  });
  it("is preenable where only counts are wrong, and the filesystem is not touched", async () => {
    const image = filesystemWith({ a: "b" }, 24, ["-t", "ext3"]);
    command("debugfs", "-w", "-R", "set_bg 0 free_blocks_count 1", image);
    const before = fs.readFileSync(image);
    const { health, said } = await check(image);
    assert.equal(health, "preenable");
    assert.ok(
      said.some((line) => /Free blocks count wrong/.test(line)),
      said.join("\n"),
    );
    assert.ok(fs.readFileSync(image).equals(before));
  });
  it("is beyond preening where two files claim the same blocks", async () => {
    const image = filesystemWith({ "a.bin": noise(50_000, "a"), "b.bin": noise(50_000, "b") }, 24, [
      "-t",
      "ext2",
    ]);
    const block = /\(0\):(\d+)|BLOCKS:\s*\(0-\d+\):(\d+)/.exec(
      command("debugfs", "-R", "stat /a.bin", image),
    );
    command("debugfs", "-w", "-R", `set_inode_field /b.bin block[0] ${block?.[1] ?? block?.[2]}`, image);
    const { health, said } = await check(image);
    assert.equal(health, undefined);
    assert.ok(said.length > 0);
  });

  describe("of more than 1 TiB", () => {
    /** Checkers take their time on it, so none is run unless it is doubtful. */
    const checkLarge = async (change: (image: string) => void) => {
      const image = blankDisk(2 * MIB);
      command("mke2fs", "-q", "-F", "-t", "ext4", "-T", "largefile4", image);
      change(image);
      const programs: string[] = [];
      const noting: typeof run = (words, options) => (programs.push(words[0]), run(words, options));
      const { health } = await checkHealth(image, await readSuperblock(image, run), noting);
      return { health, programs };
    };

    it("is what its superblock says, where that calls it clean", async () => {
      assert.deepEqual(await checkLarge(() => undefined), { health: "clean", programs: [] });
    });
    it("is checked where the kernel has met a fault in it", async () => {
      const { programs } = await checkLarge((image) =>
        command("debugfs", "-w", "-R", "set_super_value state 3", image),
      );
      assert.equal(programs[0], "e2fsck");
    });
  });
});

describe("small words", () => {
  for (const [bytes, text] of [
    [0, "0 bytes"],
    [512, "512 bytes"],
    [1024, "1 KiB"],
    [180_696, "176 KiB"],
    [2 ** 30, "1 GiB"],
    [2 ** 30 + MIB, "1025 MiB"],
    [8 * 2 ** 30, "8 GiB"],
  ] as const) {
    it(`writes ${bytes} as ${text}`, () => assert.equal(formatBytes(bytes), text));
  }
  it("reads blanks in the names of mounts", () => {
    const text = "/dev/loop0 /mnt/a\\040b ext4 ro,relatime 0 0\nproc /proc proc rw 0 0\n";
    assert.deepEqual(parseMounts(text)[0], { device: "/dev/loop0", folder: "/mnt/a b", readOnly: true });
    assert.equal(parseMounts(text).length, 2);
  });
  it("names everything that is missing, and each package once", () => {
    const missing = [
      { program: "sfdisk", debianPackage: "fdisk" },
      { program: "e2fsck", debianPackage: "e2fsprogs" },
      { program: "resize2fs", debianPackage: "e2fsprogs" },
    ];
    const [advice] = adviceFor(missing, "converting");
    assert.match(advice.found, /^sfdisk, e2fsck, resize2fs not found/);
    assert.equal(advice.advice, "Install them: apt-get install e2fsprogs fdisk");
    assert.deepEqual(adviceFor([], "converting"), []);
  });
});

describe("a free loop device", () => {
  for (const [text, device] of [
    ["/dev/loop7\n", "/dev/loop7"],
    // A container whose /dev is its own.
    ["/dev/loop12 (lost)\n", "/dev/loop12"],
  ]) {
    it(`is ${device} by ${text.trim()}`, () => assert.equal(parseFreeLoop(text).device, device));
  }
  it("is missed where losetup names none", () => {
    assert.throws(() => parseFreeLoop(""), /losetup --find says "".*modprobe loop/);
  });
});
