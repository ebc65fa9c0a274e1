/** GUID partition tables, as the UEFI specification (chapter 5.3) has them, on 512-byte sectors. */
import { crc32 } from "./crc32";
import type { RawPartition } from "./partitionTable";
import { SECTOR } from "../sizes";

/** Types of partitions that this program knows by name. */
export const GPT_TYPES = {
  linux: "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
  swap: "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F",
  lvm: "E6D6D379-F507-44C2-A23C-238F2A3DF928",
  raid: "A19D880F-05FC-4D3B-A006-743F0F84911E",
  basicData: "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7",
  biosBoot: "21686148-6449-6E6F-744E-656564454649",
  efiSystem: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
} as const;

/** Sectors after the last usable one: 32 of entries and one of header. */
export const BACKUP_SECTORS = 33;
/** Entries in a table as everybody makes them; the array takes the sectors 2 to 33. */
export const ENTRIES = 128;

const NO_TYPE = "00000000-0000-0000-0000-000000000000";

/** Where a table's two halves lie, and what it is called. */
export interface GptHeader {
  tableId: string;
  entriesAt: number;
  entryCount: number;
  entryBytes: number;
  entriesChecksum: number;
}

/** Reads a header sector; undefined if it is none, or not as its own checksum has it. */
export function parseGptHeader(sector: Buffer): GptHeader | undefined {
  if (sector.toString("latin1", 0, 8) !== "EFI PART") return undefined;
  const length = sector.readUInt32LE(12);
  if (length < 92 || length > SECTOR) return undefined;
  const header = Buffer.from(sector.subarray(0, length));
  header.writeUInt32LE(0, 16);
  if (crc32(header) !== sector.readUInt32LE(16)) return undefined;
  return {
    tableId: guidAt(sector, 56),
    entriesAt: Number(sector.readBigUInt64LE(72)) * SECTOR,
    entryCount: sector.readUInt32LE(80),
    entryBytes: sector.readUInt32LE(84),
    entriesChecksum: sector.readUInt32LE(88),
  };
}

/** More bytes of entries than any disk has: such a header is not believed. */
const MOST_ENTRY_BYTES = 4 * 1024 * 1024;

/** Reads a header and its partitions from the disk; undefined if either is damaged. */
export async function readGpt(
  headerAt: number,
  read: (offset: number, length: number) => Promise<Buffer | undefined>,
): Promise<{ tableId: string; partitions: RawPartition[] } | undefined> {
  const sector = await read(headerAt, SECTOR);
  const header = sector && parseGptHeader(sector);
  if (!header || header.entryBytes < 128) return undefined;
  const { tableId, entriesAt, entryCount, entryBytes, entriesChecksum } = header;
  if (entryCount * entryBytes > MOST_ENTRY_BYTES) return undefined;
  const entries = await read(entriesAt, entryCount * entryBytes);
  if (!entries || crc32(entries) !== entriesChecksum) return undefined;
  return { tableId, partitions: parseGptEntries(entries, entryBytes) };
}

/** The entries in use. */
export function parseGptEntries(entries: Buffer, entryBytes: number): RawPartition[] {
  const count = Math.floor(entries.length / entryBytes);
  return Array.from({ length: count }, (_, index) => index)
    .map((index) => ({ index, entry: entries.subarray(index * entryBytes, (index + 1) * entryBytes) }))
    .filter(({ entry }) => guidAt(entry, 0) !== NO_TYPE)
    .map(({ index, entry }) => parseEntry(entry, index + 1));
}

function parseEntry(entry: Buffer, number: number): RawPartition {
  const [first, last] = [Number(entry.readBigUInt64LE(32)), Number(entry.readBigUInt64LE(40))];
  const name = entry.toString("utf16le", 56, 128).replace(/\0.*$/s, "");
  return {
    number,
    startBytes: first * SECTOR,
    sizeBytes: (last - first + 1) * SECTOR,
    type: guidAt(entry, 0),
    guid: guidAt(entry, 16),
    ...(name === "" ? {} : { name }),
  };
}

/** The first three fields of a GUID are stored with their lowest byte first. */
function guidAt(bytes: Buffer, at: number): string {
  const hex = (from: number, to: number) => bytes.toString("hex", at + from, at + to);
  const swapped = (from: number, to: number) =>
    Buffer.from(bytes.subarray(at + from, at + to))
      .reverse()
      .toString("hex");
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join("-").toUpperCase();
}
