/** Which bytes of an ext filesystem are in use: everything that dumpe2fs does not list as free. */
import { FailedError } from "../errors";
import type { Runner } from "../run";

/** Bytes from `start` (in it) to `end` (not in it). */
export interface Range {
  start: number;
  end: number;
}

/** The used ranges of a device or file. Only true while no journal waits to be replayed. */
export async function readUsedRanges(device: string, runner: Runner): Promise<Range[]> {
  const { stdout } = await runner(["dumpe2fs", device], {
    purpose: `reading the free blocks of ${device}`,
    timeoutSeconds: 3600,
  });
  return usedRanges(stdout);
}

/**
 * Reads dumpe2fs's whole output. A group without a list of free blocks counts as full; block 0 of a filesystem with
 * 1 KiB blocks belongs to no group, and is used. Throws `FailedError` where lists and counts disagree: such a map is
 * not to be trusted.
 */
export function usedRanges(text: string): Range[] {
  const header = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? NaN);
  const [blockSize, blockCount] = [header("Block size"), header("Block count")];
  if (!(blockSize > 0 && blockCount > 0))
    throw new FailedError("free blocks: dumpe2fs shows neither block size nor block count.");
  const free = freeBlocks(text, blockCount);
  const ranges: Range[] = [];
  let next = 0;
  for (const { start, end } of [...free, { start: blockCount, end: blockCount }]) {
    if (start > next) ranges.push({ start: next * blockSize, end: start * blockSize });
    next = Math.max(next, end);
  }
  return ranges;
}

/** Free blocks of all groups, in order, each group's list held against its count. */
function freeBlocks(text: string, blockCount: number): Range[] {
  const groups = text.split(/^Group (?=\d+:)/m).slice(1);
  return groups.flatMap((group) => {
    const count = Number(/^\s+(\d+) free (?:blocks|clusters),/m.exec(group)?.[1] ?? 0);
    const list = parseList(/^\s+Free blocks: *(.*)$/m.exec(group)?.[1] ?? "");
    const listed = list.reduce((sum, range) => sum + range.end - range.start, 0);
    const beyond = list.find((range) => range.end > blockCount || range.end <= range.start);
    if (beyond || (list.length > 0 && listed !== count)) {
      throw new FailedError(
        `free blocks: group ${group.split(":")[0]} lists ${listed} and counts ${count}. The map cannot be trusted: check the filesystem (e2fsck).`,
      );
    }
    return list;
  });
}

/** `4385-8192, 9000` → half-open ranges of blocks. */
function parseList(list: string): Range[] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => {
      const [first, last] = item.split("-").map(Number);
      return { start: first, end: (last ?? first) + 1 };
    });
}

/** Bytes in all the ranges together. */
export function totalBytes(ranges: Range[]): number {
  return ranges.reduce((sum, range) => sum + range.end - range.start, 0);
}
