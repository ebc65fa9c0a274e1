import assert from "node:assert/strict";
import * as fs from "node:fs";
import fc from "fast-check";
import { readContent } from "../../../../converter/disk/content";
import { crc32, crc32Register } from "../../../../converter/disk/table/crc32";
import { readVolumeGroup } from "../../../../converter/disk/lvm/lvm";
import { volumeGroupOf } from "../../../../converter/disk/lvm/lvmVolumes";
import { parseLvmText } from "../../../../converter/disk/lvm/lvmText";
import { linearTable, extentsOf, readerOf } from "../../../../converter/disk/extents";
import { withDisk } from "../../../../converter/disk/bytes";
import { MIB } from "../../../../converter/disk/sizes";
import { run } from "../../../../converter/run";
import type { Content, VolumeGroupFacts } from "../../../../converter/types";
import { blankDisk, filesystemWith, isRoot, noise, removeFolders } from "../images";
import { type LvmSession, withLvm } from "./lvmImages";

const hasLvm = isRoot && fs.existsSync("/sbin/lvm");
const withTools = hasLvm ? it : it.skip;

function makeGroup(session: LvmSession): void {
  session.lvm(["pvcreate", ...session.devices]);
  session.lvm(["vgcreate", "VolGroup00", ...session.devices]);
}

const readAll = (file: string, startBytes = 0): Promise<VolumeGroupFacts | undefined> => {
  const sizeBytes = fs.statSync(file).size - startBytes;
  return withDisk(file, "read", (disk) =>
    readVolumeGroup(readerOf(disk, [{ startBytes, sizeBytes }]), startBytes, sizeBytes),
  );
};

const inMib = (group: VolumeGroupFacts | undefined) =>
  group?.volumes.map(({ name, kind, sizeBytes, extents }) => [
    ...[name, kind, sizeBytes / MIB],
    extents?.map((extent) => `${extent.startBytes / MIB}+${extent.sizeBytes / MIB}`).join(" "),
  ]);

describe("a volume group", () => {
  after(removeFolders);

  withTools("is read with its volumes' places on the disk, pieces that lie side by side as one", async () => {
    const file = blankDisk(201);
    withLvm([{ file, offset: MIB }], (session) => {
      makeGroup(session);
      session.lvm(["lvcreate", "-L40M", "-n", "LogVol00", "VolGroup00"]);
      session.lvm(["lvextend", "-L60M", "VolGroup00/LogVol00"]);
      session.lvm(["lvcreate", "-L20M", "-n", "LogVol01", "VolGroup00"]);
      session.lvm(["lvextend", "-L+8M", "VolGroup00/LogVol00"]);
    });
    const group = await readAll(file, MIB);
    assert.deepEqual([group?.name, group?.physicalVolumes, group?.dataStartBytes], ["VolGroup00", 1, MIB]);
    assert.deepEqual(inMib(group), [
      ["LogVol00", "linear", 68, "2+60 82+8"],
      ["LogVol01", "linear", 20, "62+20"],
    ]);
  });

  withTools("names the volumes that do not lie in a row, and gives no places for them", async () => {
    const [file, second] = [blankDisk(100), blankDisk(100)];
    withLvm([{ file }, { file: second }], (session) => {
      makeGroup(session);
      const [own, other] = session.devices;
      session.lvm(["lvcreate", "-L20M", "-n", "here", "VolGroup00", own]);
      session.lvm(["lvcreate", "-L20M", "-n", "there", "VolGroup00", other]);
      session.lvm(["lvcreate", "-L20M", "-i2", "-n", "striped", "VolGroup00"]);
    });
    const group = await readAll(file);
    assert.equal(group?.physicalVolumes, 2);
    assert.deepEqual(
      inMib(group)?.map(([name, kind, , extents]) => [name, kind, extents]),
      [
        ["here", "linear", "1+20"],
        ["there", "multi-disk", undefined],
        ["striped", "striped", undefined],
      ],
    );
  });

  it("hides what LVM hides, and says of the rest why it lies not in a row", () => {
    const group = volumeGroupOf(parseLvmText(MANY_KINDS) ?? {}, "AAAAAAbbbb", MIB, 100 * MIB);
    assert.deepEqual(inMib(group), [
      ["origin", "linear", 8, "2+8"],
      ["saved", "snapshot", 4, undefined],
      ["thin", "thin", 400, undefined],
      ["halves", "raid1", 4, undefined],
      ["beyond", "truncated", 400, undefined],
      ["constructor", "empty", 0, undefined],
    ]);
    assert.equal(volumeGroupOf(parseLvmText(MANY_KINDS) ?? {}, "another", MIB, 100 * MIB), undefined);
  });

  withTools("is the newest one, however often its metadata went round their ring", async function () {
    this.timeout(60_000);
    const file = blankDisk(100);
    let wrapped = false;
    withLvm([{ file }], (session) => {
      session.lvm(["pvcreate", "--metadatasize", "60k", "--dataalignment", "64k", ...session.devices]);
      session.lvm(["vgcreate", "-s", "1M", "VolGroup00", ...session.devices]);
      session.lvm(["lvcreate", "-l1", "-n", "changing0", "VolGroup00"]);
      for (let index = 0; index < 20; index++)
        session.lvm(["lvcreate", "-l1", "-n", `volume${index}`, "VolGroup00"]);
      for (let index = 0; index < 40 && !wrapped; index++) {
        session.lvm(["lvrename", "VolGroup00", `changing${index}`, `changing${index + 1}`]);
        wrapped = isWrapped(fs.readFileSync(file).subarray(0, MIB));
      }
    });
    assert.ok(wrapped, "the metadata never went over the ring's end");
    const shown = (await readAll(file))?.volumes.map(({ name }) => name) ?? [];
    assert.equal(shown.length, 21);
    const newest = /changing\d+ \{/.exec(newestText(fs.readFileSync(file).subarray(0, MIB)))?.[0];
    assert.ok(shown.includes((newest ?? "").replace(" {", "")), `${shown.join()} lacks ${newest}`);
  });

  withTools("is told by its content, filesystems on volumes in pieces too", async () => {
    const file = blankDisk(101);
    withLvm([{ file, offset: MIB }], (session) => {
      makeGroup(session);
      session.lvm(["lvcreate", "-L8M", "-n", "root", "VolGroup00"]);
      session.lvm(["lvcreate", "-L8M", "-n", "swap", "VolGroup00"]);
      session.lvm(["lvextend", "-L+16M", "VolGroup00/root"]);
    });
    const part = { number: 2, startBytes: MIB, sizeBytes: 100 * MIB };
    const before = (await readContent(file, part, run)) as Extract<Content, { kind: "lvm" }>;
    const image = fs.readFileSync(
      filesystemWith({ a: noise(200_000, "a") }, 24, ["-t", "ext3", "-L", "root"]),
    );
    const place = extentsOf(file, { ...part, content: before }, "VolGroup00/root");
    scatter(file, image, place.extents);
    const content = await readContent(file, part, run);
    assert.equal(content.kind, "lvm");
    const [root, swap] = (content as typeof before).volumeGroup.volumes;
    assert.equal(root.content.kind === "filesystem" && root.content.filesystem.label, "root");
    assert.equal(swap.content.kind, "unknown");
    const whole = await withDisk(file, "read", (disk) => readerOf(disk, place.extents)(0, image.length));
    assert.ok(whole?.equals(image));
  });

  for (const [what, damage] of [
    ["its label", (bytes: Buffer) => bytes.writeUInt8(bytes[512 + 40] ^ 1, 512 + 40)],
    ["the header of its metadata", (bytes: Buffer) => bytes.writeUInt8(bytes[4096 + 60] ^ 8, 4096 + 60)],
    [
      "its metadata",
      (bytes: Buffer) => bytes.fill(0x20, bytes.lastIndexOf("seqno"), bytes.lastIndexOf("seqno") + 5),
    ],
  ] as const) {
    withTools(`is not believed with ${what} damaged`, async () => {
      const file = blankDisk(40);
      withLvm([{ file }], makeGroup);
      assert.equal((await readAll(file))?.name, "VolGroup00");
      const bytes = fs.readFileSync(file);
      damage(bytes);
      fs.writeFileSync(file, bytes);
      assert.equal(await readAll(file), undefined);
    });
  }

  it("is not there where nothing is, nor on a disk of a sector", async () => {
    assert.equal(await readAll(blankDisk(1)), undefined);
    const tiny = blankDisk(1);
    fs.truncateSync(tiny, 512);
    assert.equal(await readAll(tiny), undefined);
  });
});

const volumeText = (name: string, visible: boolean, ...segments: string[]) => `
  ${name} {
    id = "x"
    status = ["READ", "WRITE"${visible ? ', "VISIBLE"' : ""}]
    segment_count = ${segments.length}
${segments.map((text, index) => `    segment${index + 1} {\n start_extent = 0\n ${text}\n }`).join("\n")}
  }`;

const linear = (count: number, at: number) =>
  `extent_count = ${count}\n type = "striped"\n stripe_count = 1\n stripes = [\n"pv0", ${at}\n]`;

/** Kinds of volumes that LVM makes with device mapper alone, as its metadata writes them (lvm2's format_text). */
const MANY_KINDS = `vg {
  id = "vg"
  seqno = 3
  extent_size = 8192
  physical_volumes {
    pv0 {
      id = "AAAA-AAbb-bb"
      pe_start = 2048
      pe_count = 24
    }
  }
  logical_volumes {
${volumeText("origin", true, linear(2, 0))}
${volumeText("saved", true, linear(1, 2))}
${volumeText("snapshot0", false, 'extent_count = 2\n type = "snapshot"\n origin = "origin"\n cow_store = "saved"')}
${volumeText("pool_tdata", false, linear(1, 3))}
${volumeText("thin", true, 'extent_count = 100\n type = "thin"\n thin_pool = "pool"')}
${volumeText("halves", true, 'extent_count = 1\n type = "raid1"\n raids = [\n"a", "b"\n]')}
${volumeText("beyond", true, linear(100, 4))}
${volumeText("constructor", true)}
  }
}
`;

/** Where the first copy's header says that the text begins and how long it is (60 KiB of metadata begin at 4 KiB). */
function textOf(bytes: Buffer): { start: number; size: number; area: number } {
  const at = 4096;
  const [start, size] = [Number(bytes.readBigUInt64LE(at + 40)), Number(bytes.readBigUInt64LE(at + 48))];
  return { start, size, area: Number(bytes.readBigUInt64LE(at + 32)) };
}

function isWrapped(bytes: Buffer): boolean {
  const { start, size, area } = textOf(bytes);
  return start + size > area;
}

/** Put together by hand, beside the reader that is tested. */
function newestText(bytes: Buffer): string {
  const { start, size, area } = textOf(bytes);
  const ring = bytes.subarray(4096 + 512, 4096 + area);
  const from = start - 512;
  return Buffer.concat([ring.subarray(from), ring.subarray(0, size)]).toString("latin1", 0, size);
}

function scatter(file: string, image: Buffer, extents: { startBytes: number; sizeBytes: number }[]): void {
  const handle = fs.openSync(file, "r+");
  let at = 0;
  for (const { startBytes, sizeBytes } of extents) {
    fs.writeSync(handle, image.subarray(at, at + sizeBytes), 0, undefined, startBytes);
    at += sizeBytes;
  }
  fs.closeSync(handle);
}

describe("LVM's text", () => {
  it("is read with sections, strings, numbers, lists and comments", () => {
    const text = `vg {\n id = "a-b"\nseqno = 12 # twelve\nflags = []\nstripes = [\n"pv0", 0\n]\ninner { x = "say \\"}\\"" } }\ncontents = "Text"\n`;
    assert.deepEqual(JSON.parse(JSON.stringify(parseLvmText(text))), {
      vg: { id: "a-b", seqno: 12, flags: [], stripes: ["pv0", 0], inner: { x: 'say "}"' } },
      contents: "Text",
    });
  });
  for (const text of [
    "vg {",
    "vg }",
    "vg = {",
    "x = [1",
    "x =",
    '= "a"',
    "x = ]",
    "{".repeat(100),
    "a { ".repeat(100),
  ]) {
    it(`is refused as ${text.slice(0, 12)}`, () => assert.equal(parseLvmText(text), undefined));
  }
  it("never makes the reader fall, whatever is in it", () => {
    const words = fc.array(
      fc.constantFrom("a", "{", "}", "[", "]", "=", ",", '"', "\\", "#", "\n", "12", " "),
    );
    fc.assert(fc.property(words, (signs) => void parseLvmText(signs.join(""))));
  });
});

describe("checksums", () => {
  it("are those of zlib", () => assert.equal(crc32(Buffer.from("123456789")), 0xcbf43926));
  it("go on from where they were", () => {
    const bytes = noise(1000, "crc");
    const half = crc32Register(bytes.subarray(0, 400), 5);
    assert.equal(crc32Register(bytes.subarray(400), half), crc32Register(bytes, 5));
  });
});

describe("a place in pieces", () => {
  it("is a table for device mapper in sectors", () => {
    const extents = [
      { startBytes: MIB, sizeBytes: 4 * MIB },
      { startBytes: 9 * MIB, sizeBytes: 2 * MIB },
    ];
    assert.equal(
      linearTable("/dev/loop3", extents),
      "0 8192 linear /dev/loop3 2048\n8192 4096 linear /dev/loop3 18432\n",
    );
  });
  it("is refused for a volume that has none", () => {
    const volumes = [{ name: "root", sizeBytes: 1, kind: "thin", content: { kind: "unknown" as const } }];
    const volumeGroup = { name: "vg", physicalVolumes: 1, dataStartBytes: 0, volumes };
    const part = { number: 2, startBytes: 0, sizeBytes: 1, content: { kind: "lvm" as const, volumeGroup } };
    assert.throws(() => extentsOf("disk", part, "vg/root"), /vg\/root: is a thin volume.*lvconvert/);
    assert.throws(() => extentsOf("disk", part, "vg/home"), /vg\/home: is not on partition 2/);
  });
});
