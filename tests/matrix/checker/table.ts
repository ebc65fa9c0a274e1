/**
 * Reads a disk's partition table back: a second reader, which shares no line with the converter's, so that no mistake
 * of its own can hide in both.
 */
import * as fs from "node:fs";

const SECTOR = 512;

export interface Slice {
  number: number;
  /** Bytes. */
  start: number;
  length: number;
  /** MBR: the type's number, in hexadecimal. GPT: the type's GUID. */
  type: string;
  active: boolean;
  /** What the kernel calls PARTUUID: the disk's signature and the number, or the GPT entry's own GUID. */
  partUuid: string;
}

export interface Table {
  kind: "dos" | "gpt";
  slices: Slice[];
}

/** The first bytes of the GUIDs as they lie on the disk, little-endian in the first three fields. */
export const BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";
export const EFI_SYSTEM = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

/** Reads bytes of a disk. */
export function bytesAt(disk: string, start: number, length: number): Buffer {
  const handle = fs.openSync(disk, "r");
  try {
    const bytes = Buffer.alloc(length);
    fs.readSync(handle, bytes, 0, length, start);
    return bytes;
  } finally {
    fs.closeSync(handle);
  }
}

/** The table of a disk. Throws where there is none. */
export function readTable(disk: string): Table {
  const first = bytesAt(disk, 0, SECTOR);
  if (first.readUInt16LE(510) !== 0xaa55)
    throw new Error("no partition table: sector 0 does not end in 55 AA");
  const entries = primaries(first, 0);
  if (entries.some(({ type }) => type === "ee")) return { kind: "gpt", slices: guidSlices(disk) };
  const extended = entries.find(({ type }) => type === "5" || type === "f" || type === "85");
  const slices = [...entries, ...(extended ? logicals(disk, extended) : [])];
  return { kind: "dos", slices: slices.map((slice) => ({ ...slice, partUuid: partUuid(first, slice) })) };
}

/** Where a master boot record has the disk's signature. */
const SIGNATURE_AT = 440;

function partUuid(first: Buffer, { number }: PlainSlice): string {
  const signature = first.readUInt32LE(SIGNATURE_AT).toString(16).padStart(8, "0");
  return `${signature}-${number.toString(16).padStart(2, "0")}`;
}

type PlainSlice = Omit<Slice, "partUuid">;

/** The four entries of a boot record, empty ones left out. `base`: what their starts count from, in sectors. */
function primaries(sector: Buffer, base: number): PlainSlice[] {
  return [0, 1, 2, 3].flatMap((index) => {
    const entry = sector.subarray(446 + 16 * index, 462 + 16 * index);
    const length = entry.readUInt32LE(12) * SECTOR;
    if (length === 0) return [];
    const start = (base + entry.readUInt32LE(8)) * SECTOR;
    return [{ number: index + 1, start, length, type: entry[4].toString(16), active: entry[0] === 0x80 }];
  });
}

/** The chain of links within an extended partition: each names one logical partition and the next link. */
function logicals(disk: string, extended: PlainSlice): PlainSlice[] {
  const found: PlainSlice[] = [];
  let link: number | undefined = extended.start;
  while (link !== undefined && found.length < 60) {
    const record = bytesAt(disk, link, SECTOR);
    const [own] = primaries(record, link / SECTOR);
    if (own) found.push({ ...own, number: 5 + found.length });
    const next: PlainSlice | undefined = primaries(record, extended.start / SECTOR).find(
      ({ type, number }) => number === 2 && type === "5",
    );
    link = next?.start;
  }
  return found;
}

/** The entries of a GPT, whose header must hold its own checksum. */
function guidSlices(disk: string): Slice[] {
  const header = bytesAt(disk, SECTOR, 92);
  if (header.toString("latin1", 0, 8) !== "EFI PART") throw new Error("no GPT header in sector 1");
  const plain = Buffer.from(header);
  plain.writeUInt32LE(0, 16);
  if (crc32(plain) !== header.readUInt32LE(16)) throw new Error("the GPT header's checksum is wrong");
  const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)];
  const entries = bytesAt(disk, Number(header.readBigUInt64LE(72)) * SECTOR, count * size);
  if (crc32(entries) !== header.readUInt32LE(88))
    throw new Error("the checksum of the GPT's entries is wrong");
  return Array.from({ length: count }, (_, index) => entries.subarray(index * size, (index + 1) * size))
    .map((entry, index) => ({ ...guidSlice(entry), number: index + 1 }))
    .filter(({ type }) => !/^[0-]+$/.test(type));
}

function guidSlice(entry: Buffer): Omit<Slice, "number"> {
  const first = Number(entry.readBigUInt64LE(32));
  const last = Number(entry.readBigUInt64LE(40));
  const start = first * SECTOR;
  const [type, own] = [guid(entry.subarray(0, 16)), guid(entry.subarray(16, 32))];
  return { start, length: (last - first + 1) * SECTOR, type, active: false, partUuid: own };
}

function guid(bytes: Buffer): string {
  const number = (start: number, length: number) =>
    Buffer.from(bytes.subarray(start, start + length))
      .reverse()
      .toString("hex");
  const rest = bytes.subarray(8).toString("hex");
  return [number(0, 4), number(4, 2), number(6, 2), rest.slice(0, 4), rest.slice(4)].join("-");
}

/** CRC-32 of Ethernet and zip, a bit at a time. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
