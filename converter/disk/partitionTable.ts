/** The destination's partition table: a master boot record with one bootable partition from 1 MiB to the end. */
import { FailedError } from "../errors";
import type { Runner } from "../run";
import { PARTITION_OFFSET, SECTOR } from "./sizes";

export interface Partition {
  startBytes: number;
  sizeBytes: number;
  /** Partition type: 0x83 is Linux. */
  type: number;
  active: boolean;
}

const TABLE_AT = 446;
const ENTRY_BYTES = 16;
const ACTIVE = 0x80;
export const LINUX_TYPE = 0x83;

/** What sfdisk is told. */
export const SFDISK_SCRIPT = `label: dos\nstart=${PARTITION_OFFSET / SECTOR}, type=83, bootable\n`;

/** Writes the table. The kernel is not told: nothing here uses its partition nodes, and it may refuse to reread. */
export async function writePartitionTable(path: string, runner: Runner): Promise<void> {
  await runner(["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", "--wipe", "never", path], {
    purpose: `partitioning ${path}`,
    input: SFDISK_SCRIPT,
  });
}

/** Reads the four primary partitions of a master boot record; undefined where its signature is missing. */
export function parseMasterBootRecord(sector: Buffer): Partition[] | undefined {
  if (sector.readUInt16LE(510) !== 0xaa55) return undefined;
  const entries = [0, 1, 2, 3].map((index) => sector.subarray(TABLE_AT + index * ENTRY_BYTES));
  return entries
    .map((entry) => ({
      active: entry[0] === ACTIVE,
      type: entry[4],
      startBytes: entry.readUInt32LE(8) * SECTOR,
      sizeBytes: entry.readUInt32LE(12) * SECTOR,
    }))
    .filter((partition) => partition.type !== 0);
}

/** The partition that the boot code would boot. Throws `FailedError` where there is no such thing. */
export function activePartition(sector: Buffer): Partition {
  const partitions = parseMasterBootRecord(sector);
  if (!partitions)
    throw new FailedError(
      "disk: has no master boot record, so nothing would boot from it. Convert it first.",
    );
  const active = partitions.filter((partition) => partition.active);
  if (active.length !== 1) {
    throw new FailedError(
      `disk: ${active.length} of its ${partitions.length} partitions are active, exactly one is needed.`,
    );
  }
  return active[0];
}
