/**
 * The record of what has been finished on a disk lies on the disk itself, beside the data it speaks of: in the gap
 * before partition 1, after GRUB's core image. Two slots are written in turn, so that an interruption while one is
 * written leaves the other. A slot: magic, sequence number and length (32 bits each, little-endian), JSON, its SHA-256.
 * The JSON is deflated: the diff of a menu with 40 kernels is longer than a slot, and mostly repeats itself.
 */
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FailedError } from "../errors";
import type { DiskRecord } from "../types";
import { type Handle, readAt, syncAt, writeAt } from "./bytes";
import { PARTITION_OFFSET, RECORD_OFFSET } from "./sizes";

/** The JSON as it is, as earlier versions wrote it. */
const PLAIN = Buffer.from("PVTOHVM1", "latin1");
const DEFLATED = Buffer.from("PVTOHVM2", "latin1");
const HEADER_BYTES = DEFLATED.length + 8;
const CHECKSUM_BYTES = 32;
const SLOT_BYTES = (PARTITION_OFFSET - RECORD_OFFSET) / 2;
/** What is believed to be a record at most, so that a made-up one cannot fill the memory. */
const MOST_JSON_BYTES = 64 * 1024 * 1024;

interface Slot {
  sequence: number;
  record: DiskRecord;
}

/** The newest whole record of a disk, or undefined if there is none. */
export async function readRecord(disk: Handle): Promise<DiskRecord | undefined> {
  return newest(await readSlots(disk))?.record;
}

/** Writes the record over the older slot and waits until it is on the disk. Throws `FailedError` if it does not fit. */
export async function writeRecord(disk: Handle, record: DiskRecord): Promise<void> {
  const slots = await readSlots(disk);
  const last = newest(slots);
  const target = last && last === slots[0] ? 1 : 0;
  const place = RECORD_OFFSET + target * SLOT_BYTES;
  await writeAt(disk, place, encodeSlot(record, (last?.sequence ?? 0) + 1));
  await syncAt(disk, place);
}

/** A slot's bytes, padded with zeros to its full size. */
export function encodeSlot(record: DiskRecord, sequence: number): Buffer {
  const content = deflateRawSync(Buffer.from(JSON.stringify(record), "utf8"));
  const capacity = SLOT_BYTES - HEADER_BYTES - CHECKSUM_BYTES;
  if (content.length > capacity) {
    throw new FailedError(
      `record: ${content.length} bytes when packed, ${capacity} fit before partition 1. The plan's diffs are too long: shorten the boot menu.`,
    );
  }
  return slotWith(DEFLATED, sequence, content);
}

function slotWith(magic: Buffer, sequence: number, content: Buffer): Buffer {
  const slot = Buffer.alloc(SLOT_BYTES);
  magic.copy(slot);
  slot.writeUInt32LE(sequence, magic.length);
  slot.writeUInt32LE(content.length, magic.length + 4);
  content.copy(slot, HEADER_BYTES);
  checksum(slot.subarray(0, HEADER_BYTES + content.length)).copy(slot, HEADER_BYTES + content.length);
  return slot;
}

/** What a slot holds; undefined if it was never written, or not to its end. */
export function decodeSlot(slot: Buffer): Slot | undefined {
  const magic = [PLAIN, DEFLATED].find((known) => slot.subarray(0, known.length).equals(known));
  if (magic === undefined || slot.length < HEADER_BYTES) return undefined;
  const end = HEADER_BYTES + slot.readUInt32LE(magic.length + 4);
  if (end + CHECKSUM_BYTES > slot.length) return undefined;
  if (!slot.subarray(end, end + CHECKSUM_BYTES).equals(checksum(slot.subarray(0, end)))) return undefined;
  const record = recordIn(slot.subarray(HEADER_BYTES, end), magic === PLAIN);
  return record && { sequence: slot.readUInt32LE(magic.length), record };
}

/** A checksum is no signature: on a disk of a stranger, anything can have one. */
function recordIn(content: Buffer, isPlain: boolean): DiskRecord | undefined {
  try {
    const json = isPlain ? content : inflateRawSync(content, { maxOutputLength: MOST_JSON_BYTES });
    const record = JSON.parse(json.toString("utf8")) as DiskRecord | null;
    return typeof record?.fingerprint === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

async function readSlots(disk: Handle): Promise<(Slot | undefined)[]> {
  const area = await readAt(disk, RECORD_OFFSET, 2 * SLOT_BYTES);
  return [decodeSlot(area.subarray(0, SLOT_BYTES)), decodeSlot(area.subarray(SLOT_BYTES))];
}

function newest(slots: (Slot | undefined)[]): Slot | undefined {
  return slots.reduce(
    (best, slot) => (slot && slot.sequence > (best?.sequence ?? 0) ? slot : best),
    undefined,
  );
}

function checksum(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
