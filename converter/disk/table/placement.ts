/** Places for partitions, one behind the other. Pure. */
import type { PartitionPlan } from "../../types";
import { MIB } from "../sizes";

/** A partition that needs a place; an extended one with the logical ones in it. Their own places do not count. */
export interface Piece {
  partition: PartitionPlan;
  inside: PartitionPlan[];
}

/** Gives each a place that begins at a whole MiB, the first at `startBytes`. Sizes stay; an extended one's follows from what is in it. */
export function placeInOrder(pieces: Piece[], startBytes: number): PartitionPlan[] {
  let next = startBytes;
  return pieces.flatMap(({ partition, inside }) => {
    const start = next;
    if (partition.role !== "extended") {
      next = align(start + partition.sizeBytes);
      return [{ ...partition, startBytes: start }];
    }
    const logical = inside.map((one) => {
      // The MiB before each holds its extended boot record, and an empty extended partition has one too.
      const placed = { ...one, startBytes: next + MIB };
      next = align(placed.startBytes + placed.sizeBytes);
      return placed;
    });
    const last = logical.at(-1);
    const end = last ? last.startBytes + last.sizeBytes : start + MIB;
    next = align(end);
    return [{ ...partition, startBytes: start, sizeBytes: end - start }, ...logical];
  });
}

function align(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}
