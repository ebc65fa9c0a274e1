/** What sfdisk is told of a destination's table. */
import type { DestinationPlan, PartitionPlan } from "../../types";
import { SECTOR } from "../sizes";

/** The script for the whole table: every place is given, so that nothing is left to sfdisk's own taste. */
export function sfdiskScript({ layout, tableId, partitions }: DestinationPlan): string {
  const header = [
    `label: ${layout === "mbr" ? "dos" : "gpt"}`,
    ...(tableId === undefined ? [] : [`label-id: ${tableId}`]),
    "unit: sectors",
    "grain: 512",
    // The BIOS boot partition lies before 1 MiB.
    ...(layout === "gpt" ? ["first-lba: 34"] : []),
  ];
  return [...header, ...partitions.map(line)].join("\n") + "\n";
}

function line(partition: PartitionPlan): string {
  const fields = [
    `start=${partition.startBytes / SECTOR}`,
    `size=${partition.sizeBytes / SECTOR}`,
    `type=${partition.type}`,
    ...(partition.guid === undefined ? [] : [`uuid=${partition.guid}`]),
    ...(partition.name === undefined ? [] : [`name="${escapeName(partition.name)}"`]),
    ...(partition.active ? ["bootable"] : []),
  ];
  return `${partition.number}: ${fields.join(", ")}`;
}

/** sfdisk undoes `\xNN` in names; a quotation mark would end the name. */
function escapeName(name: string): string {
  return name.replace(/["\\]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
}
