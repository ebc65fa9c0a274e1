/**
 * The destination's partition table. Numbers, types, flags, GUIDs and names are the source's; places are new: from 1 MiB on,
 * each at a whole MiB, in the source's order but for the partition of the root, which comes last and reaches to the end of
 * the disk. Old guests do not grow by themselves once they are partitioned (kernels before 3.8 cannot resize a mounted
 * partition), so the room has to be there from the start.
 *
 * Which table: the one that was asked for, except that a GPT is made although `mbr` was asked for where
 * - the source has one: its GUIDs and names have no place in a master boot record, and a guest may go by them;
 * - the destination is larger than 2 TiB, which a master boot record cannot count.
 * GRUB legacy's names, `(hd0,0)`, mean the same partition in both.
 */
import type { DestinationPlan, DiskFacts, MountFacts, Options, PartitionPlan } from "../../types";
import { BACKUP_SECTORS, GPT_TYPES } from "./gpt";
import { efiSystemPartition, biosBootPartition } from "./gptExtras";
import { guidFrom, signatureFrom } from "./identities";
import { isExtended } from "./mbr";
import { gptTypeOf, typeOfBare } from "./partitionTypes";
import { type Piece, placeInOrder } from "./placement";
import { MBR_LIMIT_BYTES, MIB, PARTITION_OFFSET, SECTOR } from "../sizes";

export { refuseBootOnLogicalVolume, refuseLayout, warnOfLayout } from "./layoutChecks";

/** Decides the destination's table. `root`: the mount at `/`. Without `destinationBytes`, for the smallest disk that does. */
export function planLayout(
  source: DiskFacts,
  root: MountFacts,
  options: Options,
  destinationBytes?: number,
): DestinationPlan {
  const minimal = planFor("mbr", source, root, options, undefined);
  const limit = Math.max(minimal.minimumSizeBytes, destinationBytes ?? 0);
  const needsGpt = options.layout === "gpt" || source.table === "gpt" || limit > MBR_LIMIT_BYTES;
  return planFor(needsGpt ? "gpt" : "mbr", source, root, options, destinationBytes);
}

function planFor(
  layout: DestinationPlan["layout"],
  source: DiskFacts,
  root: MountFacts,
  options: Options,
  destinationBytes: number | undefined,
): DestinationPlan {
  const copies = copiesOf(source, layout, root);
  const extras = layout === "gpt" ? extrasOf(source, root, options, copies) : [];
  const placed = placeInOrder([...extras, ...inOrder(copies, source, root)], PARTITION_OFFSET);
  const minimumSizeBytes = endOf(placed) + trailerOf(layout);
  const enough = destinationBytes !== undefined && destinationBytes >= minimumSizeBytes;
  const reaching = enough ? reachTo(lastByte(layout, destinationBytes), placed) : placed;
  const fixed = layout === "gpt" ? [biosBootPartition(source, root, copies)] : [];
  const partitions = [...fixed, ...reaching].sort((one, other) => one.number - other.number);
  return {
    layout,
    tableId: tableIdOf(layout, source, root),
    minimumSizeBytes,
    partitions: layout === "mbr" ? withActive(partitions, root) : partitions,
  };
}

/** PARTUUIDs hang on it. Where there is none to keep, it comes from the root's UUID: the same plan at every call. */
function tableIdOf(layout: DestinationPlan["layout"], source: DiskFacts, root: MountFacts): string {
  if (source.table === layout && source.tableId !== undefined) return source.tableId;
  return layout === "mbr" ? signatureFrom(root.filesystem.uuid) : guidFrom(root.filesystem.uuid, "table");
}

/** What comes of the source's parts. Left out: a BIOS boot partition (ours takes its place); in a GPT, the extended one. */
function copiesOf(source: DiskFacts, layout: DestinationPlan["layout"], root: MountFacts): PartitionPlan[] {
  return source.parts
    .filter(
      ({ type, content }) => type !== GPT_TYPES.biosBoot && (layout === "mbr" || content.kind !== "extended"),
    )
    .map((part) => {
      const number = Math.max(1, part.number);
      const type = part.type ?? typeOfBare(part.content, layout);
      const translated = layout === "gpt" && type.length === 2 ? gptTypeOf(type) : type;
      const guid =
        layout === "gpt" ? (part.guid ?? guidFrom(root.filesystem.uuid, `partition ${number}`)) : undefined;
      return {
        ...{ number, startBytes: part.startBytes, sizeBytes: wholeSectors(part.sizeBytes), type: translated },
        ...(layout === "mbr" && part.active ? { active: true } : {}),
        ...(guid === undefined ? {} : { guid }),
        ...(part.name === undefined ? {} : { name: part.name }),
        role: part.content.kind === "extended" ? ("extended" as const) : ("copy" as const),
        ...(part.content.kind === "extended" ? {} : { from: part.number }),
      };
    });
}

function wholeSectors(bytes: number): number {
  return Math.ceil(bytes / SECTOR) * SECTOR;
}

/** The source's order, the root last; logical partitions as one piece with the extended one around them. */
function inOrder(copies: PartitionPlan[], source: DiskFacts, root: MountFacts): Piece[] {
  const isRoot = (partition: PartitionPlan) => partition.from === root.part;
  const sorted = [...copies].sort((one, other) => one.startBytes - other.startBytes);
  const rootLast = [...sorted.filter((one) => !isRoot(one)), ...sorted.filter(isRoot)];
  const logical = source.table === "mbr" && sorted.some(({ role }) => role === "extended");
  const inside = logical ? rootLast.filter(({ number }) => number > 4) : [];
  const outside = rootLast.filter((one) => !inside.includes(one));
  const pieces = outside.map((partition) =>
    partition.role === "extended" ? { partition, inside } : { partition, inside: [] },
  );
  if (!inside.some(isRoot)) return pieces;
  return [
    ...pieces.filter(({ inside: [first] }) => !first),
    ...pieces.filter(({ inside: [first] }) => first),
  ];
}

function extrasOf(source: DiskFacts, root: MountFacts, options: Options, copies: PartitionPlan[]): Piece[] {
  const has = source.parts.some(({ type }) => type !== undefined && isEfiSystem(type));
  if (options.layout !== "gpt" || has) return [];
  return [{ partition: efiSystemPartition(source, root, copies), inside: [] }];
}

function isEfiSystem(type: string): boolean {
  return type === GPT_TYPES.efiSystem || type.toLowerCase() === "ef";
}

/** A GPT has its backup in the last sectors. */
function trailerOf(layout: DestinationPlan["layout"]): number {
  return layout === "gpt" ? BACKUP_SECTORS * SECTOR : 0;
}

/** Where the last partition may end: a master boot record counts to one sector less than 2 TiB. */
function lastByte(layout: DestinationPlan["layout"], destinationBytes: number): number {
  const end = Math.floor((destinationBytes - trailerOf(layout)) / SECTOR) * SECTOR;
  return layout === "mbr" ? Math.min(end, MBR_LIMIT_BYTES - SECTOR) : end;
}

/** Lets the partition that comes last, and the extended one around it, reach to the end. */
function reachTo(end: number, placed: PartitionPlan[]): PartitionPlan[] {
  const last = endOf(placed);
  return placed.map((one) =>
    one.startBytes + one.sizeBytes === last
      ? { ...one, sizeBytes: Math.max(one.sizeBytes, end - one.startBytes) }
      : one,
  );
}

function endOf(partitions: PartitionPlan[]): number {
  return Math.max(MIB, ...partitions.map((one) => one.startBytes + one.sizeBytes));
}

/** Some BIOSes start no disk without an active partition: the root's becomes it where there is none, or the first primary one. */
function withActive(partitions: PartitionPlan[], root: MountFacts): PartitionPlan[] {
  if (partitions.some(({ active }) => active)) return partitions;
  const primary = partitions.filter(({ number, type }) => number <= 4 && !isExtended({ type }));
  const chosen = primary.find(({ from }) => from === root.part) ?? primary[0];
  return partitions.map((one) => (one === chosen ? { ...one, active: true } : one));
}
