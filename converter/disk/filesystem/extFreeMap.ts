/**
 * The used blocks of an ext filesystem, by its own bitmaps, read group by group: dumpe2fs prints a line for each of the
 * 131072 groups of 16 TiB and takes minutes, and what it prints takes gigabytes of memory.
 */
import { FailedError } from "../../errors";
import { type Handle, readAt, withDisk } from "../bytes";
import {
  type ExtGeometry,
  SUPERBLOCK_BYTES,
  SUPERBLOCK_OFFSET,
  descriptorBlock,
  descriptorsPerBlock,
  parseGeometry,
  plainDescriptorBlocks,
} from "./extGeometry";
import { countClear, runsOfSet, setBits } from "./bits";
import { ExtGroups } from "./extGroups";
import { structuresOf } from "./extStructures";
import { type Range, RangeList } from "../copy/ranges";

/** Groups whose bitmaps are read at once. */
const GROUPS_AT_ONCE = 64;

/**
 * The used ranges of the ext filesystem on a device or file, from its start. Only true while no journal waits to be
 * replayed. Throws `FailedError` if a bitmap disagrees with its group's count: such a map is not to be trusted.
 */
export function usedRangesOfExt(device: string): Promise<RangeList> {
  return withDisk(device, "read", async (disk) => {
    const geometry = parseGeometry(await readAt(disk, SUPERBLOCK_OFFSET, SUPERBLOCK_BYTES));
    const groups = new ExtGroups(geometry, await readDescriptors(disk, geometry));
    const ranges = new RangeList(geometry.blockSize);
    // Belongs to no group: where a boot loader may lie.
    ranges.add(0, geometry.firstDataBlock * geometry.blockSize);
    const structures = new StructureList(structuresOf(groups));
    for (let first = 0; first < geometry.groupCount; first += GROUPS_AT_ONCE) {
      const count = Math.min(GROUPS_AT_ONCE, geometry.groupCount - first);
      const bitmaps = await Promise.all(
        Array.from({ length: count }, (_, index) => readBitmap(disk, groups, first + index)),
      );
      bitmaps.forEach((bits, index) => addUsed(ranges, groups, first + index, bits, structures));
    }
    return ranges;
  });
}

async function readDescriptors(disk: Handle, geometry: ExtGeometry): Promise<Buffer> {
  const { blockSize, descriptorBytes, descriptorBlocks, groupCount } = geometry;
  const plain = plainDescriptorBlocks(geometry);
  const perBlock = descriptorsPerBlock(geometry) * descriptorBytes;
  const blocks =
    plain > 0 ? [await readAt(disk, descriptorBlock(geometry, 0) * blockSize, plain * blockSize)] : [];
  for (let index = plain; index < descriptorBlocks; index++) {
    const block = await readAt(disk, descriptorBlock(geometry, index) * blockSize, blockSize);
    blocks.push(block.subarray(0, perBlock));
  }
  return Buffer.concat(blocks).subarray(0, groupCount * descriptorBytes);
}

/** The bitmap of a group; undefined if it never got one. Throws `FailedError` if it counts otherwise. */
async function readBitmap(disk: Handle, groups: ExtGroups, group: number): Promise<Buffer | undefined> {
  if (groups.isUninitialized(group)) return undefined;
  const { blockSize, blockCount } = groups.geometry;
  const block = groups.blockBitmap(group);
  if (block >= blockCount) throw distrust(group, `its bitmap would be block ${block} of ${blockCount}`);
  const bits = await readAt(disk, block * blockSize, blockSize);
  const [clear, counted] = [countClear(bits, clustersOf(groups, group)), groups.freeCount(group)];
  if (clear !== counted) throw distrust(group, `its bitmap has ${clear} free, its descriptor ${counted}`);
  return bits;
}

/** Bits of a group's bitmap: the last group may have fewer. */
function clustersOf(groups: ExtGroups, group: number): number {
  const { start, end } = groups.blocksOf(group);
  return Math.ceil((end - start) / groups.geometry.clusterBlocks);
}

/** Adds what a group uses by its bitmap, and what of the structures lies in it. Takes these off the list. */
function addUsed(
  ranges: RangeList,
  groups: ExtGroups,
  group: number,
  bitmap: Buffer | undefined,
  structures: StructureList,
): void {
  const { blockSize, clusterBlocks } = groups.geometry;
  const { start, end } = groups.blocksOf(group);
  const inside = structures.upTo(end);
  if (!bitmap && inside.length === 0) return;
  const bits = bitmap ?? Buffer.alloc(blockSize);
  for (const range of inside) {
    const first = Math.max(0, range.start - start);
    setBits(bits, Math.floor(first / clusterBlocks), Math.ceil((range.end - start) / clusterBlocks));
  }
  for (const run of runsOfSet(bits, clustersOf(groups, group))) {
    const last = Math.min(start + run.end * clusterBlocks, end);
    ranges.add((start + run.start * clusterBlocks) * blockSize, last * blockSize);
  }
}

/** Ranges in order, taken off from the front. */
class StructureList {
  private next = 0;
  constructor(private readonly ranges: Range[]) {}

  /** What lies before a block, and was not taken yet; one that goes on behind it is cut there. */
  upTo(block: number): Range[] {
    const taken: Range[] = [];
    for (; this.next < this.ranges.length; this.next++) {
      const range = this.ranges[this.next];
      if (range.start >= block) break;
      taken.push({ start: range.start, end: Math.min(range.end, block) });
      if (range.end <= block) continue;
      range.start = block;
      break;
    }
    return taken;
  }
}

function distrust(group: number, found: string): FailedError {
  return new FailedError(
    `free blocks: group ${group}: ${found}. The map cannot be trusted: check the filesystem (e2fsck).`,
  );
}
