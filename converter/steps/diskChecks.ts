/** What must be true of a converted disk's partition table, held against the plan. Pure. */
import type { Check, DestinationPlan, DiskFacts, PartitionPlan } from "../types";

/** Checks the table that is on the disk, partition by partition. */
export function checkTable(
  { table, parts }: Pick<DiskFacts, "table" | "parts">,
  { layout, partitions }: DestinationPlan,
): Check[] {
  const found = parts.map(describe).join("; ") || "no partition";
  return [
    { name: `the partition table is ${layout.toUpperCase()}`, ok: table === layout, seen: table },
    {
      name: "its partitions are those of the plan",
      ok: found === partitions.map(describe).join("; "),
      seen: found,
    },
  ];
}

type Placed = Pick<PartitionPlan, "number" | "startBytes" | "sizeBytes" | "active"> & { type?: string };

function describe({ number, startBytes, sizeBytes, type, active }: Placed): string {
  return `${number}: type ${type}, ${sizeBytes} bytes from ${startBytes} on${active ? ", active" : ""}`;
}
