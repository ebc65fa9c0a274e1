/** Which blocks of a snapshot hold data, and what is in them: out of its sparse raw file. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { run } from "../../../converter/run";

/** EBS' own: https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-elements.html */
export const BLOCK_BYTES = 512 * 1024;

/** Blocks from `start` to before `end`. */
export interface Extent {
  start: number;
  end: number;
}

/**
 * The blocks that a file has bytes of: EBS has no block of what was never written to. By the file's holes, which a program of
 * others lists (`qemu-img map`): Node has no call for it.
 */
export async function allocatedExtents(file: string): Promise<Extent[]> {
  const { stdout } = await run(["qemu-img", "map", "--output=json", "-f", "raw", file], {
    purpose: "listing the blocks of a snapshot",
  });
  const entries = JSON.parse(stdout) as { start: number; length: number; data: boolean }[];
  const extents: Extent[] = [];
  for (const { start, length } of entries.filter(({ data }) => data)) {
    const extent = {
      start: Math.floor(start / BLOCK_BYTES),
      end: Math.ceil((start + length) / BLOCK_BYTES),
    };
    const last = extents.at(-1);
    if (last && extent.start <= last.end) last.end = Math.max(last.end, extent.end);
    else extents.push(extent);
  }
  return extents;
}

export function isAllocated(extents: Extent[], index: number): boolean {
  return extents.some(({ start, end }) => start <= index && index < end);
}

/** The blocks from `from` on, in order, as many as are wanted at most. */
export function* blocksFrom(extents: Extent[], from: number): Generator<number> {
  for (const { start, end } of extents)
    for (let index = Math.max(start, from); index < end; index++) yield index;
}

/** A block's bytes, with zeros behind the end of the file, and their SHA-256 in base64. */
export async function readBlock(file: string, index: number): Promise<{ data: Buffer; checksum: string }> {
  const handle = await open(file, "r");
  try {
    const data = await readWhole(handle, index * BLOCK_BYTES);
    return { data, checksum: createHash("sha256").update(data).digest("base64") };
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, position: number): Promise<Buffer> {
  const data = Buffer.alloc(BLOCK_BYTES);
  let done = 0;
  while (done < BLOCK_BYTES) {
    const { bytesRead } = await handle.read(data, done, BLOCK_BYTES - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return data;
}
