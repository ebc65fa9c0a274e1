/**
 * The blocks of an ext filesystem's own structures. A group that was never used has no bitmap that says which of its
 * blocks they take, and flex_bg puts those of sixteen groups into the first.
 */
import {
  type ExtGeometry,
  descriptorBlock,
  descriptorsPerBlock,
  plainDescriptorBlocks,
  superblockBlock,
} from "./extGeometry";
import type { ExtGroups } from "./extGroups";
import type { Range } from "../copy/ranges";

/** All of them, in order, none overlapping another; counted in blocks. */
export function structuresOf(groups: ExtGroups): Range[] {
  const { geometry } = groups;
  const kinds: ((group: number) => Range)[] = [
    (group) => from(groups.blockBitmap(group), 1),
    (group) => from(groups.inodeBitmap(group), 1),
    (group) => from(groups.inodeTable(group), geometry.inodeTableBlocks),
    (group) => headOf(geometry, group),
  ];
  const ranges = kinds.flatMap((place) => placesOf(geometry.groupCount, place));
  return merged(ranges.sort((a, b) => a.start - b.start));
}

function from(start: number, count: number): Range {
  return { start, end: start + count };
}

/** One kind of structure of all groups; those that lie behind each other are one range from the start, to save memory. */
function placesOf(groupCount: number, place: (group: number) => Range): Range[] {
  const ranges: Range[] = [];
  for (let group = 0; group < groupCount; group++) {
    const range = place(group);
    const last = ranges.at(-1);
    if (last && last.end === range.start) last.end = range.end;
    else if (range.end > range.start) ranges.push(range);
  }
  return ranges;
}

function merged(sorted: Range[]): Range[] {
  const ranges: Range[] = [];
  for (const range of sorted) {
    const last = ranges.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else ranges.push(range);
  }
  return ranges;
}

/** What lies at a group's head: a copy of the superblock and of descriptors, in the groups that have one. */
function headOf(geometry: ExtGeometry, group: number): Range {
  const start = superblockBlock(geometry, group);
  const superblocks = geometry.hasSuperblock(group) ? 1 : 0;
  const metaGroup = Math.floor(group / descriptorsPerBlock(geometry));
  if (metaGroup >= geometry.firstMetaGroup) return metaGroupHead(geometry, group, superblocks);
  const descriptors = plainDescriptorBlocks(geometry) + geometry.reservedDescriptorBlocks;
  return from(start, superblocks * (1 + descriptors));
}

/** meta_bg: of the groups that one block of descriptors describes, the first, second and last carry it. */
function metaGroupHead(geometry: ExtGeometry, group: number, superblocks: number): Range {
  const count = descriptorsPerBlock(geometry);
  const descriptors = [0, 1, count - 1].includes(group % count) ? 1 : 0;
  if (group === 0) return { start: superblockBlock(geometry, 0), end: descriptorBlock(geometry, 0) + 1 };
  return from(superblockBlock(geometry, group), superblocks + descriptors);
}
