/** What inspections took, in words. Pure. */
import { formatBytes } from "../../converter/disk/sizes";
import type { InspectionTally } from "../types";
import { counted } from "./summary";

export function tallyInWords({
  snapshots,
  known,
  left,
  blocks,
  lists,
  bytes,
  seconds,
  dollars,
}: InspectionTally): string[] {
  const read = `read ${formatBytes(bytes)} of ${counted(snapshots, "snapshot")} in ${blocks + lists} requests (${blocks} for blocks, ${lists} for lists), in ${Math.round(seconds)} s, for about $${dollars.toFixed(4)}`;
  const others = [
    ...(known > 0 ? [`${counted(known, "verdict")} were known before`] : []),
    ...(left > 0 ? [`${counted(left, "snapshot")} were left`] : []),
  ];
  return [[read, ...others].join("; ")];
}
