import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { withDisk } from "../../../converter/disk/bytes";
import { decodeSlot, encodeSlot, readRecord, writeRecord } from "../../../converter/disk/record";
import { PARTITION_OFFSET, RECORD_OFFSET } from "../../../converter/disk/sizes";
import type { DiskRecord, Plan } from "../../../converter/types";
import { blankDisk, removeFolders, sha256 } from "./images";

function recordOf(fingerprint: string, steps: DiskRecord["finished"][number]["step"][] = []): DiskRecord {
  const plan: Plan = {
    format: 1,
    options: { for: ["xen"], layout: "mbr", grow: false },
    refusals: [],
    warnings: [],
    destination: { layout: "mbr", minimumSizeBytes: 2 ** 30, partitions: [] },
    copy: { bytes: 5, parts: [{ part: 0, what: "swap", method: "header", bytes: 5, why: "empty" }] },
    boot: {
      ...{ menuFile: "/boot/grub/menu.lst", device: "(hd0,0)", filesystemUuid: "u" },
      ...{ kernel: "/boot/vmlinuz", why: "default 0" },
    },
    edits: [{ path: "/etc/fstab", action: "edit", why: ["ä → ö"], diff: ["-a", "+b"] }],
    initramfs: [],
    verdicts: [],
  };
  return {
    format: 1,
    fingerprint,
    plan,
    finished: steps.map((step) => ({ step, at: "2026-01-01T00:00:00.000Z", seconds: 1 })),
  };
}

const write = (disk: string, record: DiskRecord) =>
  withDisk(disk, "write", (handle) => writeRecord(handle, record));
const read = (disk: string) => withDisk(disk, "read", readRecord);

describe("the record on a disk", () => {
  after(removeFolders);

  it("is read as it was written", async () => {
    const disk = blankDisk(2);
    await write(disk, recordOf("f", ["partition"]));
    assert.deepEqual(await read(disk), recordOf("f", ["partition"]));
  });

  it("is the one that was written last, however often", async () => {
    const disk = blankDisk(2);
    for (const fingerprint of ["a", "b", "c", "d", "e"]) {
      await write(disk, recordOf(fingerprint));
      assert.equal((await read(disk))?.fingerprint, fingerprint);
    }
  });

  it("lies between the core image and partition 1, and touches nothing else", async () => {
    const disk = blankDisk(2);
    await write(disk, recordOf("a"));
    await write(disk, recordOf("b"));
    const bytes = fs.readFileSync(disk);
    assert.ok(bytes.subarray(0, RECORD_OFFSET).every((byte) => byte === 0));
    assert.ok(bytes.subarray(PARTITION_OFFSET).every((byte) => byte === 0));
  });

  it("falls back to the one before where the last was cut short", async () => {
    const disk = blankDisk(2);
    await write(disk, recordOf("first"));
    await write(disk, recordOf("second"));
    const bytes = fs.readFileSync(disk);
    const secondSlot = RECORD_OFFSET + (PARTITION_OFFSET - RECORD_OFFSET) / 2;
    bytes.fill(0, secondSlot + 30, secondSlot + 60);
    fs.writeFileSync(disk, bytes);
    assert.equal((await read(disk))?.fingerprint, "first");
  });

  it("is absent on a blank disk", async () => {
    assert.equal(await read(blankDisk(2)), undefined);
  });

  it("has room for the diff of a menu with hundreds of kernels", () => {
    const record = recordOf("f");
    record.plan.edits[0].diff = Array.from(
      { length: 9000 },
      (_, index) => `+ a long line of a boot menu, number ${index}`,
    );
    assert.ok(JSON.stringify(record).length > PARTITION_OFFSET - RECORD_OFFSET);
    assert.deepEqual(decodeSlot(encodeSlot(record, 1))?.record, record);
  });

  it("is refused where it would reach into partition 1", () => {
    const record = recordOf("f");
    record.plan.edits[0].diff = Array.from({ length: 5000 }, (_, index) => sha256(Buffer.from(`${index}`)));
    assert.throws(() => encodeSlot(record, 1), /record: \d+ bytes when packed, \d+ fit before partition 1/);
  });

  it("of an earlier version, which did not pack it, is read as well", () => {
    const json = Buffer.from(JSON.stringify(recordOf("old")));
    const slot = Buffer.alloc(131_072);
    slot.write("PVTOHVM1", "latin1");
    slot.writeUInt32LE(7, 8);
    slot.writeUInt32LE(json.length, 12);
    json.copy(slot, 16);
    createHash("sha256")
      .update(slot.subarray(0, 16 + json.length))
      .digest()
      .copy(slot, 16 + json.length);
    assert.deepEqual(decodeSlot(slot), { sequence: 7, record: recordOf("old") });
  });

  for (const [what, damage] of [
    ["another magic", (slot: Buffer) => slot.write("X", 0)],
    ["a length beyond its slot", (slot: Buffer) => slot.writeUInt32LE(2 ** 31, 12)],
    ["one flipped bit", (slot: Buffer) => slot.writeUInt8(slot[100] ^ 1, 100)],
  ] as const) {
    it(`is not believed with ${what}`, () => {
      const slot = encodeSlot(recordOf("f"), 1);
      assert.ok(decodeSlot(slot));
      damage(slot);
      assert.equal(decodeSlot(slot), undefined);
    });
  }
});
