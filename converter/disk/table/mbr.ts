/**
 * Master boot records and the chain of extended ones behind them, read by the rules of the kernel's block/partitions/msdos.c,
 * whose numbers the guest's files use. 512-byte sectors are assumed: EBS has no others.
 */
import type { RawPartition } from "./partitionTable";
import { SECTOR } from "../sizes";

const TABLE_AT = 446;
const ENTRY_BYTES = 16;
const ACTIVE = 0x80;
/** DOS, Windows 95 (LBA) and Linux each have a type for the partition that holds the logical ones. */
const EXTENDED = [0x05, 0x0f, 0x85];
/** Protects a GPT from programs that know MBRs alone. */
const PROTECTIVE = 0xee;
/** As many as the kernel follows. */
const MOST_LOGICAL = 100;

interface Entry {
  active: boolean;
  type: number;
  /** Sectors, from whatever the table counts from. */
  start: number;
  sectors: number;
}

/** Reads one sector, by its number. */
export type ReadSector = (sector: number) => Promise<Buffer>;

/** Whether the sector ends as every boot sector does, one with a table and one with nothing but code alike. */
export function hasBootSignature(sector: Buffer): boolean {
  return sector.readUInt16LE(510) === 0xaa55;
}

/**
 * The four entries of a table, empty ones left out; undefined if the bytes cannot be a table. A boot sector of code alone
 * (syslinux on the bare filesystem of Debian 7's HVM images; FAT) has the signature too, and other bytes for boot flags.
 */
function entriesOf(sector: Buffer): (Entry & { number: number })[] | undefined {
  if (!hasBootSignature(sector)) return undefined;
  const raw = [0, 1, 2, 3].map((index) =>
    sector.subarray(TABLE_AT + index * ENTRY_BYTES).subarray(0, ENTRY_BYTES),
  );
  if (raw.some((entry) => entry[0] !== 0 && entry[0] !== ACTIVE)) return undefined;
  return raw
    .map((entry, index) => ({
      number: index + 1,
      active: entry[0] === ACTIVE,
      type: entry[4],
      start: entry.readUInt32LE(8),
      sectors: entry.readUInt32LE(12),
    }))
    .filter((entry) => entry.type !== 0 && entry.sectors !== 0);
}

/** Whether the sector holds a table with anything in it. */
export function isMasterBootRecord(sector: Buffer): boolean {
  return (entriesOf(sector) ?? []).some((entry) => entry.start !== 0);
}

/** Whether the table says that the disk has a GPT, alone or (a hybrid) beside others. */
export function isProtective(sector: Buffer): boolean {
  return (entriesOf(sector) ?? []).some((entry) => entry.type === PROTECTIVE);
}

/** The partitions that a hybrid has beside its GPT: of the same bytes as some of the GPT's, where it is made well. */
export function hybridPartitions(sector: Buffer): RawPartition[] {
  const others = entriesOf(sector)?.filter((entry) => entry.type !== PROTECTIVE) ?? [];
  return others.map((entry) => toPartition(entry, 0));
}

/** The disk's own number, as PARTUUIDs have it: `0x1a2b3c4d`. */
export function diskSignature(sector: Buffer): string {
  return `0x${sector.readUInt32LE(440).toString(16).padStart(8, "0")}`;
}

/** Reads the primary partitions of a master boot record; undefined if it is none. */
export function parseMasterBootRecord(sector: Buffer): RawPartition[] | undefined {
  return entriesOf(sector)?.map((entry) => toPartition(entry, 0));
}

/** What a master boot record and the chain behind it say. */
export interface MasterBootRecord {
  /** Primary and logical partitions in the order of their numbers. */
  partitions: RawPartition[];
  /** The sector to which the chain of logical partitions comes back: it has no end, and the kernel gives up at a hundred. */
  comesBackTo?: number;
}

/** Reads the whole table; undefined if there is none. */
export async function readMasterBootRecord(read: ReadSector): Promise<MasterBootRecord | undefined> {
  const primary = parseMasterBootRecord(await read(0));
  if (!primary) return undefined;
  const logical: RawPartition[] = [];
  for (const extended of primary.filter(isExtended)) {
    const chain = await readLogical(extended.startBytes / SECTOR, logical.length, read);
    logical.push(...chain.partitions);
    if (chain.comesBackTo !== undefined) return { ...chain, partitions: [...primary, ...logical] };
  }
  return { partitions: [...primary, ...logical] };
}

/** Whether a partition is the one that the logical ones lie in. */
export function isExtended({ type }: Pick<RawPartition, "type">): boolean {
  return EXTENDED.includes(parseInt(type, 16));
}

/** Each sector of the chain has the partition behind it (counted from itself) and the next (counted from the first). */
async function readLogical(first: number, before: number, read: ReadSector): Promise<MasterBootRecord> {
  const found: RawPartition[] = [];
  const visited = new Set<number>();
  for (let at = first; visited.size < MOST_LOGICAL;) {
    if (visited.has(at)) return { partitions: found, comesBackTo: at };
    visited.add(at);
    const entries = entriesOf(await read(at)) ?? [];
    const data = entries.filter((entry) => !isExtended({ type: hex(entry.type) }));
    for (const entry of data) {
      const number = 5 + before + found.length;
      found.push(toPartition({ ...entry, number }, at));
    }
    const next = entries.find((entry) => isExtended({ type: hex(entry.type) }));
    if (!next) break;
    at = first + next.start;
  }
  return { partitions: found };
}

function toPartition(entry: Entry & { number: number }, base: number): RawPartition {
  return {
    number: entry.number,
    startBytes: (base + entry.start) * SECTOR,
    sizeBytes: entry.sectors * SECTOR,
    type: hex(entry.type),
    active: entry.active,
  };
}

function hex(type: number): string {
  return type.toString(16).padStart(2, "0");
}
