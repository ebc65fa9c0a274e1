/** Partition tables: which one a disk has, whether it can be true, and writing one. */
import { RefusedError } from "../../errors";
import type { Runner } from "../../run";
import type { Advice, DestinationPlan, DiskFacts, PartFacts } from "../../types";
import { type Handle, readAt, withDisk } from "../bytes";
import { readGpt } from "./gpt";
import {
  diskSignature,
  hybridPartitions,
  isExtended,
  isMasterBootRecord,
  isProtective,
  readMasterBootRecord,
} from "./mbr";
import { sfdiskScript } from "./sfdiskScript";
import { SECTOR, formatBytes } from "../sizes";

/** A partition as its table has it, whatever may lie on it. */
export type RawPartition = Omit<PartFacts, "content" | "type"> & { type: string };

/** A disk's table; `none` where it has none. */
export interface PartitionTable extends Pick<DiskFacts, "table" | "tableId"> {
  partitions: RawPartition[];
}

const NO_TABLE: PartitionTable = { table: "none", partitions: [] };

/**
 * Reads a disk's partition table. A GPT is believed by its checksums, the backup in its last sector where the first is
 * damaged, and only where the master boot record says that there is one: so does the kernel, and PV-GRUB. Throws
 * `RefusedError` if a table cannot be true: partitions outside of the disk, or one in another.
 */
export async function readPartitionTable(path: string, sizeBytes: number): Promise<PartitionTable> {
  if (sizeBytes < 2 * SECTOR) return NO_TABLE;
  const table = await withDisk(path, "read", (disk) => readTable(disk, path, sizeBytes));
  const wrong = refuseTable(path, sizeBytes, table.partitions);
  if (wrong.length > 0) throw new RefusedError(wrong);
  return table;
}

async function readTable(disk: Handle, path: string, sizeBytes: number): Promise<PartitionTable> {
  const read = async (offset: number, length: number) =>
    offset + length <= sizeBytes ? readAt(disk, offset, length) : undefined;
  const first = await readAt(disk, 0, SECTOR);
  if (isProtective(first)) {
    const lastSector = (Math.floor(sizeBytes / SECTOR) - 1) * SECTOR;
    const found = (await readGpt(SECTOR, read)) ?? (await readGpt(lastSector, read));
    if (!found) throw new RefusedError([damagedGpt(path)]);
    const strays = hybridPartitions(first).filter((one) => !isWithin(one, found.partitions));
    if (strays.length > 0) throw new RefusedError(strays.map((one) => strayPartition(path, one)));
    return { table: "gpt", ...found };
  }
  if (!isMasterBootRecord(first)) return NO_TABLE;
  const readSector = async (sector: number) => (await read(sector * SECTOR, SECTOR)) ?? Buffer.alloc(SECTOR);
  const { partitions, comesBackTo } = (await readMasterBootRecord(readSector)) ?? { partitions: [] };
  if (comesBackTo !== undefined) throw new RefusedError([endlessChain(path, comesBackTo)]);
  return { table: "mbr", tableId: diskSignature(first), partitions };
}

function isWithin({ startBytes, sizeBytes }: RawPartition, others: RawPartition[]): boolean {
  return others.some(
    (other) => startBytes >= other.startBytes && startBytes + sizeBytes <= other.startBytes + other.sizeBytes,
  );
}

/** Only what the GPT names is copied. */
function strayPartition(path: string, { number, type, startBytes, sizeBytes }: RawPartition): Advice {
  return {
    subject: `source ${path}`,
    found: `its master boot record names a partition beside its GPT (a hybrid: number ${number}, type ${type}, ${sizeBytes} bytes from byte ${startBytes} on) that the GPT does not know.`,
    advice:
      "Enter it in the GPT on a copy of the volume (gdisk, n), or take it out of the master boot record (gdisk, x, n), and convert that.",
  };
}

function damagedGpt(path: string): Advice {
  return {
    subject: `source ${path}`,
    found:
      "its GPT is damaged: neither the table in sector 1 nor the backup in the last sector has its right checksum.",
    advice: "Mend a copy of the volume with gdisk (recovery menu, r), and convert that.",
  };
}

/** Once for the whole chain: each turn of it would be two partitions that overlap. */
function endlessChain(path: string, sector: number): Advice {
  return {
    subject: `source ${path}`,
    found: `its chain of logical partitions has no end: a link leads back to sector ${sector}, which the chain had before.`,
    advice: "Mend the table on a copy of the volume (fdisk or parted), and convert that.",
  };
}

/** What cannot be true of a table: a partition that ends outside of the disk, or two that share sectors. */
export function refuseTable(path: string, sizeBytes: number, partitions: RawPartition[]): Advice[] {
  const subject = `source ${path}`;
  const outside = partitions
    .filter((one) => one.startBytes + one.sizeBytes > sizeBytes || one.sizeBytes <= 0)
    .map((one) => ({
      subject,
      found: `partition ${one.number} reaches from byte ${one.startBytes} to ${one.startBytes + one.sizeBytes}, the disk has ${sizeBytes} (${formatBytes(sizeBytes)}).`,
      advice:
        "Make the volume from the snapshot again, at least as large as the snapshot; or mend its table.",
    }));
  const inOrder = [...partitions]
    .filter((one) => !isContainer(one))
    .sort((a, b) => a.startBytes - b.startBytes);
  const overlapping = inOrder.flatMap((one, index) => {
    const next = inOrder[index + 1];
    if (!next || one.startBytes + one.sizeBytes <= next.startBytes) return [];
    const found = `partitions ${one.number} and ${next.number} overlap: ${next.number} begins at byte ${next.startBytes}, ${one.number} ends at ${one.startBytes + one.sizeBytes}.`;
    return [{ subject, found, advice: "Mend the table on a copy of the volume (fdisk), and convert that." }];
  });
  return [...outside, ...overlapping];
}

/** An extended partition holds others. GPT types are GUIDs, MBR types two digits. */
function isContainer(partition: RawPartition): boolean {
  return partition.type.length === 2 && isExtended(partition);
}

/**
 * Writes the destination's table, beside whatever else lies before partition 1. The kernel is not told: nothing here uses
 * its partition nodes, and it may refuse to reread.
 */
export async function writePartitionTable(
  path: string,
  plan: DestinationPlan,
  runner: Runner,
): Promise<void> {
  await runner(["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", "--wipe", "never", path], {
    purpose: `partitioning ${path}`,
    input: sfdiskScript(plan),
  });
}
