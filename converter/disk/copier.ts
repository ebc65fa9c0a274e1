/**
 * Copies ranges of one disk onto another. A volume fresh from a snapshot answers its first reads in tens of
 * milliseconds, so what counts on EC2 is how many reads are under way at once: 16 of 1 MiB (measured with 30 ms a
 * read: 64 are no faster, 4 a quarter slower). Node keeps as many going as UV_THREADPOOL_SIZE says.
 */
import { type Handle, isZero, readAt, writeAt } from "./bytes";
import type { Range } from "./freeMap";
import { MIB } from "./sizes";

const CHUNK_BYTES = MIB;
export const READS_IN_FLIGHT = 16;

export interface CopyRequest {
  source: Handle;
  destination: Handle;
  ranges: Range[];
  /** Where the source's byte 0 goes on the destination. */
  offset: number;
  /** Told after each chunk: bytes dealt with so far. */
  onProgress: (bytesDone: number) => void;
}

/** Copies and waits until everything is on the disk. Returns the bytes that had to be written. */
export async function copyRanges(request: CopyRequest): Promise<number> {
  const chunks = chunksOf(request.ranges);
  let done = 0;
  let written = 0;
  const work = async () => {
    for (let next = chunks.next(); !next.done; next = chunks.next()) {
      const bytes = await copyChunk(request, next.value);
      written += bytes;
      done += next.value.end - next.value.start;
      request.onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: READS_IN_FLIGHT }, work));
  await request.destination.sync();
  return written;
}

/** Ranges cut at multiples of 1 MiB, one at a time: a disk of terabytes has too many for a list. */
export function* chunksOf(ranges: Range[]): Generator<Range, undefined> {
  for (const range of ranges) {
    for (let start = range.start; start < range.end;) {
      const end = Math.min(range.end, (Math.floor(start / CHUNK_BYTES) + 1) * CHUNK_BYTES);
      yield { start, end };
      start = end;
    }
  }
}

/**
 * Zeros are written only over what is not zero: a blank disk stays thin, and a half-written or once used one still
 * gets every byte. Returns the bytes written.
 */
async function copyChunk(
  { source, destination, offset }: CopyRequest,
  { start, end }: Range,
): Promise<number> {
  const bytes = await readAt(source, start, end - start);
  if (isZero(bytes) && isZero(await readAt(destination, offset + start, bytes.length))) return 0;
  await writeAt(destination, offset + start, bytes);
  return bytes.length;
}
