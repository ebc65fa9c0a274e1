/** Every form of initramfs, read by the live program and by the converter. */
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { listInitramfs } from "../../converter/guest/initramfs/initramfsContent";
import { run } from "../../converter/run";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { cpioArchive } from "../converter/guest/phonyKernel";
import { runFunctions, shellsHere } from "./program";

const NAMES = ["init", "lib/modules/V/kernel/drivers/nvme/nvme.ko", "lib/modules/V/kernel/a-b_c.ko.xz"];
const ARCHIVE = cpioArchive(NAMES);
const MICROCODE = cpioArchive(["kernel/x86/microcode/GenuineIntel.bin"]);

/** What a program makes of the archive; `undefined` where this machine has none. */
function packed(program: string, ...options: string[]): Buffer | undefined {
  const { status, stdout } = spawnSync(program, [...options, "-c"], { input: ARCHIVE });
  return status === 0 ? stdout : undefined;
}

const zeros = (count: number) => Buffer.alloc(count);
const gzip = packed("gzip") as Buffer;

const FORMS: Record<string, Buffer | undefined> = {
  "an unpacked archive": ARCHIVE,
  gzip,
  bzip2: packed("bzip2"),
  xz: packed("xz", "--check=crc32"),
  lzma: packed("lzma"),
  lzop: packed("lzop"),
  "lz4, the legacy frame": packed("lz4", "-l"),
  zstd: packed("zstd"),
  "microcode before gzip": Buffer.concat([MICROCODE, gzip]),
  "two archives with microcode, and zeros between": Buffer.concat([
    MICROCODE,
    zeros(1024),
    MICROCODE,
    zeros(8192),
    gzip,
  ]),
  "zeros behind the archive": Buffer.concat([gzip, zeros(512)]),
  "two archives in one gzip": spawnSync("gzip", ["-c"], {
    input: Buffer.concat([MICROCODE, zeros(512), ARCHIVE]),
  }).stdout,
};

const BROKEN: Record<string, [bytes: Buffer, problem: RegExp]> = {
  "nothing at all": [Buffer.alloc(0), /nothing in it/],
  "a gzip that is cut off": [gzip.subarray(0, gzip.length - 60), /gzip part holds no whole cpio archive/],
  "a filesystem, as before Linux 2.6": [
    Buffer.from(`-rom1fs-${"x".repeat(600)}`),
    /begins neither a cpio archive nor a packing/,
  ],
};

for (const shell of shellsHere())
  describe(`an initramfs, read by ${shell}`, function () {
    this.timeout(30_000);
    after(removeFolders);

    for (const [name, bytes] of Object.entries(FORMS))
      (bytes ? it : it.skip)(`has the files that the converter finds: ${name}`, async () => {
        const { names, problem } = listed(shell, bytes as Buffer);
        assert.equal(problem, "");
        assert.deepEqual(names, (await listInitramfs(bytes as Buffer, run)).sort());
      });

    for (const [name, [bytes, expected]] of Object.entries(BROKEN))
      it(`is said to be unreadable, and why: ${name}`, () =>
        assert.match(listed(shell, bytes).problem, expected));

    it("is told to need a program that is not there", () => {
      const bytes = FORMS["zstd"] ?? gzip;
      assert.match(listed(shell, bytes, "has_command() { false; }").problem, /no program that unpacks it/);
    });

    it("of more files than microcode ever has is read whole", () => {
      const many = Array.from({ length: 250 }, (_, index) => `lib/modules/V/${index}.ko`);
      assert.deepEqual(new Set(listed(shell, cpioArchive(many)).names), new Set(many));
    });
  });

function listed(shell: string, bytes: Buffer, setting = ""): { names: string[]; problem: string } {
  const file = path.join(scratchFolder(), "initrd");
  fs.writeFileSync(file, bytes);
  const script = `${setting}\nlist_initramfs '${file}'; printf '%s\\n' "$INITRAMFS_PROBLEM"; cat "$WORK/initramfs"`;
  const [problem, ...names] = runFunctions(shell, script).trimEnd().split("\n");
  return { names: names.filter((name) => name !== "TRAILER!!!").sort(), problem };
}
