import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import zlib from "node:zlib";
import fc from "fast-check";
import { bufferSource } from "../../../../converter/guest/initramfs/byteSource";
import { listCpio } from "../../../../converter/guest/initramfs/cpio";
import { driversAmong, moduleOfFile } from "../../../../converter/guest/kernel/drivers";
import { listInitramfs, readInitramfs } from "../../../../converter/guest/initramfs/initramfsContent";
import { run } from "../../../../converter/run";
import { cpioArchive, initramfsWith } from "../phonyKernel";

const MAIN_FILES = ["init", "lib/modules/6.1/kernel/drivers/nvme/host/nvme.ko.xz"];
const main = cpioArchive(MAIN_FILES);
const MICROCODE = "kernel/x86/microcode/GenuineIntel.bin";
const microcode = Buffer.concat([cpioArchive([MICROCODE]), Buffer.alloc(300)]);

/** How a segment can be packed; `undefined`: by this process. */
const FORMS: Record<string, string[] | undefined> = {
  gzip: undefined,
  xz: ["xz", "-c", "--check=crc32"],
  "xz for x86 code": ["xz", "-c", "--check=crc32", "--x86", "--lzma2=dict=1MiB"],
  lzma: ["xz", "-c", "--format=lzma"],
  bzip2: ["bzip2", "-c"],
  lz4: ["lz4", "-l", "-c"],
  zstd: ["zstd", "-qc", "-19"],
  lzo: ["lzop", "-c"],
};

/** Packs by the program of that form; `undefined` where it is not installed. */
function pack(form: string, bytes: Buffer): Buffer | undefined {
  const command = FORMS[form];
  if (!command) return zlib.gzipSync(bytes);
  try {
    return execFileSync(command[0], command.slice(1), { input: bytes, stdio: ["pipe", "pipe", "ignore"] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The forms whose end can be told, so that something may follow. */
const JOINABLE = ["gzip", "xz", "xz for x86 code", "lz4", "zstd", "lzo"];

describe("reading an initramfs", () => {
  for (const form of Object.keys(FORMS)) {
    it(`unpacks ${form} behind a microcode archive`, async function () {
      const packed = pack(form, main);
      if (!packed) return this.skip();
      const files = await listInitramfs(Buffer.concat([microcode, packed]), run);
      assert.deepEqual(files, [MICROCODE, ...MAIN_FILES]);
    });
  }

  for (const form of JOINABLE) {
    it(`finds what lies behind a part packed with ${form}`, async function () {
      const packed = pack(form, main);
      if (!packed) return this.skip();
      for (const padding of [0, 1, 513]) {
        const joined: Buffer[] = [packed, Buffer.alloc(padding), zlib.gzipSync(cpioArchive(["late"])), main];
        assert.deepEqual(await listInitramfs(Buffer.concat(joined), run), [
          ...[...MAIN_FILES, "late"],
          ...MAIN_FILES,
        ]);
      }
    });

    it(`tells where ${form} that is cut off ends`, async function () {
      const packed = pack(form, Buffer.concat([main, Buffer.alloc(500, "not to be packed away")]));
      if (!packed) return this.skip();
      for (const length of [12, Math.floor(packed.length / 2), packed.length - 20])
        await assert.rejects(listInitramfs(packed.subarray(0, length), run), /gzip|xz|lz4|zstd|lzo/);
    });
  }

  it("reads any concatenation of archives, packed or not, with zeros between them", async () => {
    const part = fc.record({
      names: fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { maxLength: 5 }),
      packed: fc.boolean(),
      zeros: fc.integer({ min: 0, max: 600 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (parts) => {
        const bytes = parts.flatMap(({ names, packed, zeros }) => {
          const archive = cpioArchive(names);
          return [packed ? zlib.gzipSync(archive) : archive, Buffer.alloc(zeros)];
        });
        assert.deepEqual(
          await listInitramfs(Buffer.concat(bytes), run),
          parts.flatMap(({ names }) => names),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("has a sentence for every damage, and never anything else", async () => {
    const whole = Buffer.concat([microcode, zlib.gzipSync(main)]);
    const damage = fc.record({
      at: fc.nat(whole.length - 1),
      byte: fc.nat(255),
      length: fc.nat(whole.length),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, byte, length }) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        const result = await listInitramfs(damaged.subarray(0, length), run).catch((error: Error) => error);
        if (result instanceof Error) assert.match(result.message, /\w+ .*\w/);
        else assert.ok(Array.isArray(result));
      }),
      { numRuns: 150 },
    );
  });

  const UNREADABLE: [what: string, bytes: Buffer, message: RegExp][] = [
    [
      "junk behind an archive",
      Buffer.concat([cpioArchive(["a"]), Buffer.from("junk")]),
      /byte \d+ begins neither/,
    ],
    ["an archive that is cut off", main.subarray(0, 300), /cut off|no cpio header/],
    [
      "something else that is packed",
      zlib.gzipSync(Buffer.from("not cpio")),
      /its gzip part holds no cpio archive/,
    ],
    ["an empty file", Buffer.alloc(0), /there is nothing in it/],
    ["zeros alone", Buffer.alloc(5000), /there is nothing in it/],
    ["a name of gigabytes", Buffer.from(`070701${"f".repeat(104)}`), /the cpio header at byte 0 is damaged/],
    [
      "digits that are none",
      Buffer.from(`070701${"-1zz".repeat(26)}`),
      /the cpio header at byte 0 is damaged/,
    ],
    [
      "Red Hat 4's ext2 image",
      zlib.gzipSync(ext2Image()),
      /its gzip part holds an ext2 filesystem: an initrd as before/,
    ],
    ["an ext2 image as it is", ext2Image(1), /it holds an ext2 filesystem/],
  ];
  for (const [what, bytes, message] of UNREADABLE) {
    it(`says what it cannot read of ${what}`, () => assert.rejects(listInitramfs(bytes, run), message));
  }

  it("passes over the data of each member, whatever its length and wherever the archive begins", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/)), fc.nat(7), (paths, shift) => {
        const archive = cpioArchive(paths);
        const found = listCpio(bufferSource(Buffer.concat([Buffer.alloc(shift), archive])), shift);
        assert.deepEqual(found, { paths, end: shift + archive.length });
      }),
    );
  });

  it("reads the same bytes once", async () => {
    const bytes = initramfsWith("read_once");
    assert.equal(await readInitramfs(bytes, run), await readInitramfs(Buffer.from(bytes), run));
  });

  const CONTENT: [file: string, lvm: boolean, growers: number][] = [
    ["sbin/lvm", true, 0],
    ["usr/sbin/lvm", true, 0],
    ["sbin/lvmetad", false, 0],
    ["scripts/local-bottom/growroot", false, 1],
    ["pre-mount/50growroot.sh", false, 1],
    ["lib/dracut/hooks/pre-pivot/00-resize-rootfs.sh", false, 1],
    ["usr/bin/growpart", false, 0],
  ];
  for (const [file, lvm, growers] of CONTENT) {
    it(`takes ${file} for ${lvm ? "LVM" : growers ? "a hook that grows the root" : "neither LVM nor a hook"}`, async () => {
      const content = await readInitramfs(cpioArchive([file]), run);
      assert.deepEqual([content.lvm, content.growers.length], [lvm, growers]);
    });
  }
});

describe("the modules in an initramfs", () => {
  for (const [file, module] of [
    ["lib/modules/V/kernel/drivers/nvme/host/nvme.ko", "nvme"],
    ["kernel/drivers/block/xen-blkfront.ko.zst", "xen_blkfront"],
    ["ata_piix.ko.gz", "ata_piix"],
    ["lib/modules/V/kernel/drivers/nvmem/nvmem_core.ko.xz", "nvmem_core"],
    ["etc/modprobe.d/nvme.conf", undefined],
    ["nvme.ko.bak", undefined],
  ] as const) {
    it(`take ${file} for ${module ?? "no module"}`, () => assert.equal(moduleOfFile(file), module));
  }

  const DRIVERS: [modules: string[], drivers: string[]][] = [
    [["nvmem_core", "nvme-core"], []],
    [
      ["nvme", "xen_blkfront"],
      ["xen-blkfront", "nvme"],
    ],
    // Red Hat 5's kernel for HVM, and its kernel-xen.
    [
      ["xen-vbd", "xen-platform-pci"],
      ["xen-platform-pci", "xen-blkfront"],
    ],
    [
      ["xenblk", "xennet"],
      ["xen-blkfront", "xen-netfront"],
    ],
  ];
  for (const [modules, drivers] of DRIVERS) {
    it(`make of ${modules.join(" and ")} ${drivers.join(" and ") || "no driver"}`, async () => {
      assert.deepEqual(driversAmong((await readInitramfs(initramfsWith(...modules), run)).modules), drivers);
    });
  }
});

/** The first blocks of a filesystem, after as many bytes that are not zero. */
function ext2Image(nonZero = 0): Buffer {
  const image = Buffer.alloc(4096);
  image.fill("x", 0, nonZero);
  image.writeUInt16LE(0xef53, 1024 + 56);
  return image;
}
