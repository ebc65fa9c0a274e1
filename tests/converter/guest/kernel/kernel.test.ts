import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import zlib from "node:zlib";
import { bzImageVersion } from "../../../../converter/guest/kernel/bzImage";
import { judgeHvm } from "../../../../converter/guest/kernel/judgeHvm";
import { readKernelImage, readXenNotes } from "../../../../converter/guest/kernel/kernel";
import { builtInSymbols, readKernelConfig } from "../../../../converter/guest/kernel/kernelConfig";
import { compareVersions, isAtLeast } from "../../../../converter/guest/kernel/kernelVersion";
import { run } from "../../../../converter/run";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";
import { bzImage, elfNote, elfWithNotes, elfWithSections, pvOpsKernel, XEN_NOTES } from "../phonyKernel";

const elf = elfWithNotes(64, XEN_NOTES);
/** All forms but gzip have the unpacked size behind them in a bzImage. */
const withSize = (packed: Buffer) => Buffer.concat([packed, Buffer.from([1, 2, 3, 4])]);
const packedBy = (command: string, ...args: string[]) =>
  execFileSync(command, args, { input: elf, stdio: ["pipe", "pipe", "ignore"] });

describe("a kernel's Xen notes", () => {
  const FORMS: [form: string, make: () => Buffer][] = [
    ["a bzImage with gzip", () => bzImage(zlib.gzipSync(elf))],
    ["a bzImage from before protocol 2.08", () => bzImage(zlib.gzipSync(elf), { protocol: 0x0206 })],
    ["a bzImage with xz", () => bzImage(withSize(packedBy("xz", "-c", "--check=crc32")))],
    ["a bzImage with lzma", () => bzImage(withSize(packedBy("xz", "-c", "--format=lzma")))],
    ["a bzImage with bzip2", () => bzImage(withSize(packedBy("bzip2", "-c")))],
    ["a bzImage with lz4", () => bzImage(withSize(packedBy("lz4", "-l", "-c")))],
    ["a bzImage with zstd", () => bzImage(withSize(packedBy("zstd", "-qc")))],
    ["a bzImage with lzo", () => bzImage(withSize(packedBy("lzop", "-c")))],
    ["a plain ELF file", () => elf],
    ["a gzipped ELF file", () => zlib.gzipSync(elf)],
  ];
  for (const [form, make] of FORMS) {
    it(`are read from ${form}`, async function () {
      let file: Buffer;
      try {
        file = make();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        return this.skip();
      }
      assert.deepEqual(await readXenNotes(file, run), {
        architecture: "x86_64",
        bootsPv: true,
        xenVersion: "xen-3.0",
        guestOs: "linux",
      });
    });
  }

  it("are read from a 32-bit kernel", async () => {
    const { architecture, bootsPv } = await readXenNotes(elfWithNotes(32, XEN_NOTES), run);
    assert.deepEqual({ architecture, bootsPv }, { architecture: "i386", bootsPv: true });
  });

  it("do not make a PV kernel without ENTRY, nor with another owner's note of that number", async () => {
    for (const notes of [elfNote("Xen", 18, Buffer.alloc(8)), elfNote("GNU", 1, Buffer.alloc(16))]) {
      assert.equal((await readXenNotes(elfWithNotes(64, notes), run)).bootsPv, false);
    }
  });

  it("are made up for by the section that kernel-xen of EL5 has", async () => {
    assert.equal((await readXenNotes(elfWithSections([".text", "__xen_guest"]), run)).bootsPv, true);
    assert.equal((await readXenNotes(elfWithSections([".text", ".data"]), run)).bootsPv, false);
  });

  it("are refused from what is no kernel", async () => {
    await assert.rejects(readXenNotes(Buffer.from("MZ\0 some other program"), run), /is not an x86 kernel/);
    await assert.rejects(
      readXenNotes(bzImage(Buffer.from("unknown")), run),
      /payload is packed in a way that is not known/,
    );
  });
});

describe("judging a kernel for HVM", () => {
  const CASES: { it: string; file: Buffer; config?: string; bootsHvm: boolean; evidence: RegExp }[] = [
    {
      it: "takes a pv_ops kernel",
      file: pvOpsKernel(),
      config: "CONFIG_XEN=y\nCONFIG_XEN_PVHVM=y\n",
      bootsHvm: true,
      evidence: /neither/,
    },
    { it: "takes a bzImage without a config", file: pvOpsKernel(), bootsHvm: true, evidence: /no config/ },
    {
      it: "refuses kernel-xen of CentOS 5 by its config",
      file: elf,
      config: "CONFIG_X86_64_XEN=y\n",
      bootsHvm: false,
      evidence: /CONFIG_X86_64_XEN=y/,
    },
    {
      it: "refuses a 32-bit -ec2 kernel by its config",
      file: pvOpsKernel(),
      config: "CONFIG_X86_XEN=y\r\n",
      bootsHvm: false,
      evidence: /config-V: CONFIG_X86_XEN=y/,
    },
    {
      it: "is not misled by a comment",
      file: pvOpsKernel(),
      config: "# CONFIG_X86_XEN=y is not set\nCONFIG_X86_XEN=m\n",
      bootsHvm: true,
      evidence: /neither/,
    },
    {
      it: "refuses an ELF file, which GRUB cannot start",
      file: zlib.gzipSync(elf),
      config: "CONFIG_XEN=y\n",
      bootsHvm: false,
      evidence: /no boot sector/,
    },
  ];
  for (const { it: title, file, config, bootsHvm, evidence } of CASES) {
    it(title, () => {
      const where = "/boot/config-V";
      const judged = judgeHvm(
        file,
        config === undefined ? undefined : { where, builtIn: builtInSymbols(config) },
      );
      assert.equal(judged.bootsHvm, bootsHvm);
      assert.match(judged.evidence, evidence);
    });
  }

  it("reads what is built in", () => {
    assert.deepEqual(
      [...builtInSymbols("CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D=y\r\n")],
      ["CONFIG_A", "CONFIG_D"],
    );
  });

  it("reads the version that a bzImage carries", () => {
    assert.equal(bzImageVersion(pvOpsKernel("3.18.9-gentoo")), "3.18.9-gentoo");
  });
});

describe("a kernel's configuration", () => {
  after(removePhonyGuests);
  const embedded = Buffer.concat([
    ...[elf, Buffer.alloc(300_000), Buffer.from("IKCFG_ST"), zlib.gzipSync("CONFIG_XEN_PVHVM=y\n")],
    Buffer.from("IKCFG_EDand the rest of the kernel"),
  ]);

  it("is the one in the kernel itself, where it carries one", async () => {
    const { config } = await readKernelImage(bzImage(zlib.gzipSync(embedded)), run);
    assert.equal(config, "CONFIG_XEN_PVHVM=y\n");
  });

  it("is none where the mark is followed by something else", async () => {
    const { config } = await readKernelImage(Buffer.concat([elf, Buffer.from("IKCFG_ST no gzip data")]), run);
    assert.equal(config, undefined);
  });

  const PLACES: [system: string, path: string][] = [
    ["Debian and Red Hat", "/boot/config-V"],
    ["Fedora", "/lib/modules/V/config"],
    ["a guest with headers", "/lib/modules/V/build/.config"],
    ["Gentoo", "/usr/src/linux-V/.config"],
  ];
  for (const [system, path] of PLACES) {
    it(`is found at ${path} (${system})`, () => {
      const config = readKernelConfig(phonyGuest({ [path]: "CONFIG_A=y\n" }), "V", "CONFIG_B=y\n");
      assert.deepEqual([config?.where, [...(config?.builtIn ?? [])]], [path, ["CONFIG_A"]]);
    });
  }

  it("is the kernel's own where there is no file, and none where there is neither", () => {
    const config = readKernelConfig(phonyGuest(), "V", "CONFIG_B=y\n");
    assert.deepEqual([...(config?.builtIn ?? [])], ["CONFIG_B"]);
    assert.equal(readKernelConfig(phonyGuest(), "V"), undefined);
  });
});

describe("a kernel's version", () => {
  for (const [version, major, minor, is] of [
    ["4.15.0-20-generic", 4, 15, true],
    ["4.9.0-13-amd64", 4, 15, false],
    ["5.4", 4, 15, true],
    ["2.6.32-754.el6.x86_64", 3, 3, false],
    ["vmlinuz", 3, 3, false],
  ] as const) {
    it(`${version} is ${is ? "" : "not "}${major}.${minor} or later`, () =>
      assert.equal(isAtLeast(version, major, minor), is));
  }

  it("compares by its numbers", () => assert.ok(compareVersions("3.2.0-10", "3.2.0-9") > 0));
});
