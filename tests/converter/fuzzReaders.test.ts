/**
 * What reads bytes and texts of strangers, by themselves and so thousands of times a second: real ones, damaged in the ways
 * that mislead readers. Each comes to an end soon, in a result or in a sentence. PV_TO_HVM_FUZZ_SECONDS gives the time for
 * each (default 6, of which these take a tenth).
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import fc from "fast-check";
import { parseLiveReport } from "../../components/report/liveReport";
import { parseStepReport } from "../../components/report/report";
import { parseExtSuperblock } from "../../converter/disk/filesystem/filesystem";
import { parseXfsSuperblock, readXfs } from "../../converter/disk/filesystem/xfs";
import { parseLvmText } from "../../converter/disk/lvm/lvmText";
import { decodeSlot, encodeSlot } from "../../converter/disk/record";
import { parseGptEntries, parseGptHeader } from "../../converter/disk/table/gpt";
import { hybridPartitions, parseMasterBootRecord } from "../../converter/disk/table/mbr";
import { brokenLines, parseFstab } from "../../converter/guest/configuration/fstabLines";
import { bufferSource } from "../../converter/guest/initramfs/byteSource";
import { compressionOf } from "../../converter/guest/initramfs/compression";
import { isCpio, listCpio } from "../../converter/guest/initramfs/cpio";
import { gzipDataStart } from "../../converter/guest/initramfs/gzipHeader";
import { oldRamdisk } from "../../converter/guest/initramfs/oldRamdisk";
import { SEGMENT_ENDS } from "../../converter/guest/initramfs/segmentEnd";
import { isElf, readElf } from "../../converter/guest/kernel/elf";
import { checkMenu } from "../../converter/guest/menu/checkMenu";
import { readAsGrub2 } from "../../converter/guest/menu/grub2Reading";
import { parseMenu, printMenu } from "../../converter/guest/menu/menu";
import type { DiskRecord } from "../../converter/types";
import { blankDisk, command, filesystemWith, removeFolders, xfsImage } from "./disk/images";
import { initramfsWith, pvOpsKernel } from "./guest/phonyKernel";

const SECONDS = Number(process.env.PV_TO_HVM_FUZZ_SECONDS ?? 6) / 10;
/** No reader needs a hundredth of it for a megabyte; a machine that is busy may. */
const LONGEST_MS = 5000;

/** Values at which lengths and offsets go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

type Damage = [kind: "edge" | "bit" | "cut" | "twice" | "gone", at: number, value: number];
const damages = fc.array(
  fc.tuple(
    fc.constantFrom<Damage[0]>("edge", "edge", "bit", "bit", "cut", "twice", "gone"),
    fc.double({ min: 0, max: 0.999_999, noNaN: true }),
    fc.nat({ max: 0xffff }),
  ),
  { minLength: 1, maxLength: 6 },
);

function damaged(bytes: Buffer, list: Damage[]): Buffer {
  return list.reduce((now, [kind, part, value]) => {
    const at = Math.floor(part * now.length);
    const length = 1 + (value % 64);
    if (kind === "cut") return Buffer.from(now.subarray(0, at));
    if (kind === "gone") return Buffer.concat([now.subarray(0, at), now.subarray(at + length)]);
    if (kind === "twice")
      return Buffer.concat([now.subarray(0, at + length), now.subarray(at), now.subarray(0, length)]);
    const copy = Buffer.from(now);
    if (kind === "bit" && copy.length > 0) copy[at] ^= 1 << (value % 8);
    // Fields lie at even places.
    const even = at - (at % 4);
    if (kind === "edge" && even + 4 <= copy.length) copy.writeUInt32LE(EDGES[value % EDGES.length], even);
    return copy;
  }, bytes);
}

interface Target {
  seeds: () => Buffer[];
  read: (bytes: Buffer) => unknown;
  /** Of a reader whose caller takes this for "cut off". */
  mayOverrun?: boolean;
}

const text = (read: (text: string) => unknown) => (bytes: Buffer) => read(bytes.toString("latin1"));
const sector = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(512)]).subarray(0, 512);

function tableOf(label: string): Buffer {
  const disk = blankDisk(8);
  const rows =
    label === "dos"
      ? "start=63,size=2048,type=83\nstart=4096,type=5\n"
      : "start=2048,size=4096\nstart=8192\n";
  execFileSync("sfdisk", ["--quiet", "--no-reread", "--no-tell-kernel", disk], {
    input: `label: ${label}\n${rows}`,
    stdio: ["pipe", "ignore", "ignore"],
  });
  return fs.readFileSync(disk).subarray(0, 34 * 512);
}

function packed(...words: string[]): Buffer {
  const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
  return execFileSync(words[0], words.slice(1), { input: initramfsWith("nvme", "ext4"), stdio });
}

const RECORD = { fingerprint: "f", plan: { edits: [] }, finished: [] } as unknown as DiskRecord;
const MENU =
  "default=0\ntimeout 3\ntitle a\n\troot (hd0,0)\n\tkernel /boot/vmlinuz root=/dev/xvda1 ro\n\tinitrd /i\n";
const FSTAB = "LABEL=a\\040b / ext3 defaults 1 1\n# none\n/dev/sda2\tswap swap sw 0 0\nbroken\n";
const LVM =
  'g {\nid = "a-b"\nseqno = 2\nstatus = ["READ", "WRITE"]\nphysical_volumes {\npv0 {\npe_start = 2048\n}\n}\n}\n';

/** A field that may be anything, and its neighbours. */
const readXfsFrom = (bytes: Buffer) =>
  readXfs((offset, length) =>
    Promise.resolve(offset + length <= bytes.length ? bytes.subarray(offset, offset + length) : undefined),
  );

const TARGETS: Record<string, Target> = {
  "a master boot record": {
    seeds: () => [tableOf("dos"), tableOf("gpt")],
    read: (bytes) => [parseMasterBootRecord(sector(bytes)), hybridPartitions(sector(bytes))],
  },
  "a GPT": {
    seeds: () => [tableOf("gpt").subarray(512)],
    read: (bytes) => {
      const header = parseGptHeader(sector(bytes));
      for (const size of [128, 256]) parseGptEntries(bytes.subarray(512), size);
      return header;
    },
  },
  "an ext superblock": {
    seeds: () => [fs.readFileSync(filesystemWith({ a: "b" }, 4)).subarray(1024, 2048)],
    read: (bytes) => parseExtSuperblock(Buffer.concat([bytes, Buffer.alloc(1024)]).subarray(0, 1024)),
  },
  "an XFS superblock and its log": {
    seeds: () => [fs.readFileSync(xfsImage()).subarray(0, 4096)],
    read: (bytes) => {
      parseXfsSuperblock(Buffer.concat([bytes, Buffer.alloc(512)]).subarray(0, 512));
      return readXfsFrom(bytes);
    },
  },
  "LVM's metadata": { seeds: () => [Buffer.from(LVM)], read: text(parseLvmText) },
  "a record of a conversion": {
    // The second was found by this: cut off within its header.
    seeds: () => [encodeSlot(RECORD, 1), encodeSlot(RECORD, 1).subarray(0, 12)],
    read: (bytes) => decodeSlot(bytes),
  },
  "a record's content": {
    seeds: () => [Buffer.from(JSON.stringify(RECORD))],
    read: (bytes) => {
      const slot = decodeSlot(encodeSlot(bytes.toString("latin1") as unknown as DiskRecord, 1));
      assert.equal(slot, undefined);
    },
  },
  "a cpio archive": {
    seeds: () => [initramfsWith("nvme", "ext4")],
    read: (bytes) => isCpio(bufferSource(bytes)) && listCpio(bufferSource(bytes)),
  },
  "a packed initramfs": {
    seeds: () => [
      zlib.gzipSync(initramfsWith("nvme")),
      packed("xz", "-c", "--check=crc32"),
      packed("zstd", "-qc"),
      packed("lz4", "-lc"),
      packed("lzop", "-c"),
    ],
    read: (bytes) => {
      const form = compressionOf(bytes);
      oldRamdisk(bufferSource(bytes));
      if (form === "gzip") {
        const start = gzipDataStart(bytes);
        assert.ok(start >= 0, String(start));
      } else if (form !== undefined && form in SEGMENT_ENDS) {
        const end = SEGMENT_ENDS[form as keyof typeof SEGMENT_ENDS](bytes);
        assert.ok(end > 0 && end <= bytes.length, `${form} ends at ${end} of ${bytes.length}`);
      }
    },
    mayOverrun: true,
  },
  "a kernel": {
    seeds: () => [pvOpsKernel("3.2.0"), fs.readFileSync(process.execPath).subarray(0, 65_536)],
    read: (bytes) => isElf(bufferSource(bytes)) && readElf(bufferSource(bytes)),
    mayOverrun: true,
  },
  "a menu": {
    seeds: () => [Buffer.from(MENU)],
    read: text((menu) => {
      assert.equal(printMenu(parseMenu(menu)), menu);
      return [checkMenu(menu), readAsGrub2(menu)];
    }),
  },
  "an fstab": {
    seeds: () => [Buffer.from(FSTAB)],
    read: text((fstab) => [parseFstab(fstab), brokenLines(fstab)]),
  },
  "a helper's report": {
    seeds: () =>
      ['{"format":1,"step":"copy","warnings":[]}', "null", "[]", "7"].map((one) => Buffer.from(one)),
    read: text((said) => parseStepReport("copy", said)),
  },
  "a live source's report": {
    seeds: () => ['{"format":1,"command":"inspect"}', "null"].map((one) => Buffer.from(one)),
    read: text((said) => parseLiveReport("inspect", said)),
  },
};

describe("a reader of what strangers wrote", function () {
  this.timeout(SECONDS * 1000 + 60_000);
  after(removeFolders);

  for (const [what, { seeds, read, mayOverrun }] of Object.entries(TARGETS)) {
    it(`ends soon, in a result or in a sentence: ${what}`, async () => {
      const corpus = seeds();
      for (const seed of corpus) await attempt(seed);
      const end = Date.now() + SECONDS * 1000;
      const reading = fc.asyncProperty(fc.nat(), damages, async (which, list) => {
        if (Date.now() < end) await attempt(damaged(corpus[which % corpus.length], list));
      });
      await fc.assert(reading, { numRuns: Math.max(5000, SECONDS * 20_000), endOnFailure: true });
    });

    async function attempt(bytes: Buffer): Promise<void> {
      const began = Date.now();
      try {
        await read(bytes);
      } catch (error) {
        const fault = [
          TypeError,
          ReferenceError,
          SyntaxError,
          ...(mayOverrun ? [] : [RangeError]),
          assert.AssertionError,
        ];
        if (fault.some((kind) => error instanceof kind)) throw error;
        assert.notEqual((error as Error).message, "");
      }
      assert.ok(Date.now() - began < LONGEST_MS, `it took ${Date.now() - began} ms`);
    }
  }

  it("has seeds that its readers take, so that damage begins at something real", () => {
    assert.ok(parseMasterBootRecord(sector(tableOf("dos"))));
    assert.ok(parseGptHeader(tableOf("gpt").subarray(512, 1024)));
    assert.equal(decodeSlot(encodeSlot(RECORD, 1))?.record.fingerprint, "f");
    assert.equal(path.basename(command("which", "sfdisk").trim()), "sfdisk");
  });
});
