/**
 * Whether an XFS log has to be replayed. The log is a ring of 512-byte blocks; each begins with the number of the round in
 * which it was written, so the newest is where that number drops. A clean unmount leaves one record of its own there.
 * (Structures: the kernel's fs/xfs/libxfs/xfs_log_format.h; big-endian.)
 */
import type { ReadBytes } from "../extents";

const BLOCK = 512;
const RECORD_MAGIC = 0xfeedbabe;
/** A record is 256 KiB at most, with its headers before it. */
const LOOK_BACK_BLOCKS = 1024;
const UNMOUNT = 0x20;

/** True if nothing waits to be replayed. A log that cannot be made out counts as dirty: a replay then tells. */
export async function isLogClean(read: ReadBytes, startBytes: number, sizeBytes: number): Promise<boolean> {
  const blocks = Math.floor(sizeBytes / BLOCK);
  const readBlock = async (block: number) =>
    (await read(startBytes + block * BLOCK, BLOCK)) ?? Buffer.alloc(BLOCK);
  const head = await findHead(blocks, async (block) => cycleOf(await readBlock(block)));
  if (head === undefined) return true;
  const count = Math.min(LOOK_BACK_BLOCKS, blocks);
  const before = await readRing(read, { startBytes, blocks }, head - count, count);
  return before !== undefined && endsWithUnmount(before);
}

/** In which round a block was written. A record's header has its magic number first. */
function cycleOf(block: Buffer): number {
  const first = block.readUInt32BE(0);
  return first === RECORD_MAGIC ? block.readUInt32BE(4) : first;
}

/** The block that will be written next: the first whose round is not that of block 0. Undefined for a log of zeros, as old mkfs leaves it. */
async function findHead(
  blocks: number,
  cycle: (block: number) => Promise<number>,
): Promise<number | undefined> {
  const first = await cycle(0);
  if (first === 0) return undefined;
  let [low, high] = [0, blocks];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await cycle(middle)) === first) low = middle;
    else high = middle;
  }
  return high % blocks;
}

/** `count` blocks from `from` on, which may lie before the ring's start. */
async function readRing(
  read: ReadBytes,
  { startBytes, blocks }: { startBytes: number; blocks: number },
  from: number,
  count: number,
): Promise<Buffer | undefined> {
  if (from >= 0) return read(startBytes + from * BLOCK, count * BLOCK);
  const end = await read(startBytes + (blocks + from) * BLOCK, -from * BLOCK);
  const start = await read(startBytes, (count + from) * BLOCK);
  return end && start && Buffer.concat([end, start]);
}

/** Whether the last record before the head says that the filesystem was unmounted, and fills the blocks up to the head. */
function endsWithUnmount(before: Buffer): boolean {
  for (let at = before.length - BLOCK; at >= 0; at -= BLOCK) {
    if (before.readUInt32BE(at) !== RECORD_MAGIC) continue;
    const header = before.subarray(at, at + BLOCK);
    const operations = at + headerBlocks(header) * BLOCK;
    const end = operations + Math.ceil(header.readUInt32BE(12) / BLOCK) * BLOCK;
    return end === before.length && header.readUInt32BE(40) === 1 && (before[operations + 9] & UNMOUNT) !== 0;
  }
  return false;
}

/** Version 2 logs have a header block for each 32 KiB that a record may have. */
function headerBlocks(header: Buffer): number {
  const size = (header.readUInt32BE(8) & 2) !== 0 ? header.readUInt32BE(320) : 0;
  return Math.max(1, Math.ceil(size / 32768));
}
