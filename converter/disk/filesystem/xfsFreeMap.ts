/**
 * The used blocks of an XFS filesystem: all that its allocation groups' trees of free extents by block number (bnobt) do
 * not hold. Formats: the kernel's fs/xfs/libxfs/xfs_format.h, held against xfs_db's freesp.
 */
import { FailedError } from "../../errors";
import { type Handle, readAt, withDisk } from "../bytes";
import { RangeList } from "../copy/ranges";

/** Everything in XFS is big-endian. */
const SUPERBLOCK_BYTES = 512;
const SUPERBLOCK_MAGIC = "XFSB";
const AGF_MAGIC = "XAGF";
/** The tree's blocks: v4, and v5 with checksums and a longer header. */
const HEADER_BYTES: Record<string, number> = { ABTB: 16, AB3B: 56 };
const RECORD_BYTES = 8;
const POINTER_BYTES = 4;

interface XfsGeometry {
  blockSize: number;
  sectorSize: number;
  blockCount: number;
  groupBlocks: number;
  groupCount: number;
}

/** A free extent, in blocks from its allocation group's start. */
interface FreeExtent {
  start: number;
  count: number;
}

/**
 * The used ranges of the XFS filesystem on a device or file, from its start, the log included. Only true while no log
 * waits to be replayed. Throws `FailedError` if a tree disagrees with its group's count: such a map is not to be trusted.
 */
export function usedRangesOfXfs(device: string): Promise<RangeList> {
  return withDisk(device, "read", async (disk) => {
    const geometry = parseSuperblock(await readAt(disk, 0, SUPERBLOCK_BYTES));
    const ranges = new RangeList(geometry.blockSize);
    for (let group = 0; group < geometry.groupCount; group++) {
      await addGroup(disk, geometry, group, ranges);
    }
    return ranges;
  });
}

function parseSuperblock(bytes: Buffer): XfsGeometry {
  const geometry = {
    blockSize: bytes.readUInt32BE(4),
    blockCount: Number(bytes.readBigUInt64BE(8)),
    groupBlocks: bytes.readUInt32BE(84),
    groupCount: bytes.readUInt32BE(88),
    sectorSize: bytes.readUInt16BE(102),
  };
  if (
    bytes.toString("latin1", 0, 4) !== SUPERBLOCK_MAGIC ||
    geometry.blockSize < 512 ||
    geometry.groupBlocks === 0
  ) {
    throw new FailedError("free blocks: no XFS superblock at byte 0. Is this an XFS filesystem?");
  }
  return geometry;
}

/** Adds what one allocation group uses. */
async function addGroup(
  disk: Handle,
  geometry: XfsGeometry,
  group: number,
  ranges: RangeList,
): Promise<void> {
  const { blockSize, sectorSize, groupBlocks, blockCount } = geometry;
  const base = group * groupBlocks;
  const length = Math.min(groupBlocks, blockCount - base);
  // The second sector of each group is its header of free space (AGF).
  const header = await readAt(disk, base * blockSize + sectorSize, sectorSize);
  if (header.toString("latin1", 0, 4) !== AGF_MAGIC) throw distrust(group, "has no header of free space");
  const tree: Tree = { disk, group, base, length, blockSize };
  let used = 0;
  let free = 0;
  for await (const { start, count } of freeExtents(
    tree,
    header.readUInt32BE(16),
    header.readUInt32BE(28) - 1,
  )) {
    if (start < used || count === 0 || start + count > length)
      throw distrust(group, `lists block ${start} as free`);
    ranges.add((base + used) * blockSize, (base + start) * blockSize);
    used = start + count;
    free += count;
  }
  const counted = header.readUInt32BE(52);
  if (free !== counted) throw distrust(group, `lists ${free} blocks as free and counts ${counted}`);
  ranges.add((base + used) * blockSize, (base + length) * blockSize);
}

interface Tree {
  disk: Handle;
  group: number;
  /** First block of the group, and how many it has. */
  base: number;
  length: number;
  blockSize: number;
}

/** Blocks of the tree that are read at once. */
const BLOCKS_AT_ONCE = 64;

/** The free extents below a block of the tree, in order. Levels count from the leaves, which are 0. */
async function* freeExtents(tree: Tree, block: number, level: number): AsyncGenerator<FreeExtent, undefined> {
  yield* extentsOf(tree, await readTreeBlock(tree, block), level);
}

async function* extentsOf(tree: Tree, bytes: Buffer, level: number): AsyncGenerator<FreeExtent, undefined> {
  const found = bytes.readUInt16BE(4);
  const magic = bytes.toString("latin1", 0, 4);
  const [header, count] = [HEADER_BYTES[magic], bytes.readUInt16BE(6)];
  if (header === undefined || found !== level)
    throw distrust(tree.group, "has a damaged tree of free blocks");
  if (level === 0) return yield* recordsOf(tree, bytes, header, count);
  const pointers = pointersOf(tree, bytes, header, count);
  for (let first = 0; first < pointers.length; first += BLOCKS_AT_ONCE) {
    const some = pointers.slice(first, first + BLOCKS_AT_ONCE);
    const blocks = await Promise.all(some.map((pointer) => readTreeBlock(tree, pointer)));
    for (const child of blocks) yield* extentsOf(tree, child, level - 1);
  }
}

function* recordsOf(
  tree: Tree,
  bytes: Buffer,
  header: number,
  count: number,
): Generator<FreeExtent, undefined> {
  if (header + count * RECORD_BYTES > bytes.length)
    throw distrust(tree.group, "has a leaf with too many records");
  for (let at = header; at < header + count * RECORD_BYTES; at += RECORD_BYTES) {
    yield { start: bytes.readUInt32BE(at), count: bytes.readUInt32BE(at + 4) };
  }
}

/** The pointers begin behind the space for the keys: as many keys as fit together with their pointers. */
function pointersOf(tree: Tree, bytes: Buffer, header: number, count: number): number[] {
  const capacity = Math.floor((bytes.length - header) / (RECORD_BYTES + POINTER_BYTES));
  if (count > capacity) throw distrust(tree.group, "has a node with too many pointers");
  const start = header + capacity * RECORD_BYTES;
  return Array.from({ length: count }, (_, index) => bytes.readUInt32BE(start + index * POINTER_BYTES));
}

function readTreeBlock({ disk, group, base, length, blockSize }: Tree, block: number): Promise<Buffer> {
  if (block >= length) throw distrust(group, `has block ${block} of ${length} in its tree of free blocks`);
  return readAt(disk, (base + block) * blockSize, blockSize);
}

function distrust(group: number, found: string): FailedError {
  return new FailedError(
    `free blocks: allocation group ${group} ${found}. The map cannot be trusted: check the filesystem (xfs_repair -n).`,
  );
}
