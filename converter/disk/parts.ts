/** A whole disk: its table, and what lies on each part. */
import type { Runner } from "../run";
import type { DiskFacts, PartFacts } from "../types";
import { readContent } from "./content";
import { isExtended } from "./table/mbr";
import { type PartitionTable, type RawPartition, readPartitionTable } from "./table/partitionTable";

/**
 * Reads a disk, and writes nothing. Filesystems come with the health that their superblocks speak of: `clean` until their
 * checker has had its say (`checkHealth`). Throws `RefusedError` for a table that cannot be true.
 */
export async function readDisk(
  path: string,
  sizeBytes: number,
  runner: Runner,
): Promise<Pick<DiskFacts, "table" | "tableId" | "parts">> {
  const table = await readPartitionTable(path, sizeBytes);
  if (table.table === "none") return readBare(path, sizeBytes, runner);
  const parts: PartFacts[] = [];
  for (const partition of table.partitions) parts.push(await readPart(path, partition, runner));
  return (await readOver(path, sizeBytes, parts, runner)) ?? withParts(table, parts);
}

function withParts({ table, tableId }: PartitionTable, parts: PartFacts[]) {
  return { table, ...(tableId === undefined ? {} : { tableId }), parts };
}

async function readBare(
  path: string,
  sizeBytes: number,
  runner: Runner,
): Promise<Pick<DiskFacts, "table" | "parts">> {
  const content = await readContent(path, { startBytes: 0, sizeBytes }, runner);
  return { table: "none", parts: [{ number: 0, startBytes: 0, sizeBytes, content }] };
}

/**
 * A table written over a bare filesystem by mistake leaves the filesystem whole, and nothing in the partitions. Left over
 * from before the disk was partitioned, it is the other way about.
 */
async function readOver(
  path: string,
  sizeBytes: number,
  parts: PartFacts[],
  runner: Runner,
): Promise<Pick<DiskFacts, "table" | "parts"> | undefined> {
  if (parts.some(({ content }) => content.kind !== "unknown" && content.kind !== "extended"))
    return undefined;
  const bare = await readBare(path, sizeBytes, runner);
  return bare.parts[0].content.kind === "filesystem" ? bare : undefined;
}

async function readPart(path: string, partition: RawPartition, runner: Runner): Promise<PartFacts> {
  const extended = partition.type.length === 2 && isExtended(partition);
  const content = extended ? ({ kind: "extended" } as const) : await readContent(path, partition, runner);
  return { ...partition, content };
}
