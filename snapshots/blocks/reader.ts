/** A snapshot read as a disk: each block is fetched once, when it is first needed or soon will be, and kept. */
import { FailedError } from "../../converter/errors";
import type { BlockCache } from "./cache";
import type { BlockMap } from "./blockMap";
import { BLOCK_BYTES, type SnapshotBlocks, StaleTokenError } from "./source";

/** Blocks that are kept in memory: what is read is read in pieces of a few kilobytes, one after the other. */
const IN_MEMORY = 32;
/** Requests at once. GetSnapshotBlock has a quota of 1000 a second for a snapshot. */
const AT_ONCE = 16;
/** As far as is read ahead, in blocks: a file that is read in order is not waited for block by block. */
const FARTHEST_AHEAD = 8;
/** How far before a block an unknown stretch is listed as well: what is read backwards is not listed block by block. */
const LISTED_BEFORE = 127;

const NO_TOKEN =
  "EBS gave no token for it that is good, asked twice. Run the same command again: what was read is kept.";

/** What was read, and from where. */
export interface Tally {
  /** Blocks that came from EBS. */
  fetched: number;
  /** Blocks that came from the cache. */
  cached: number;
  /** Calls of ListSnapshotBlocks. */
  listed: number;
}

export class SnapshotReader {
  readonly tally: Tally = { fetched: 0, cached: 0, listed: 0 };
  /** Rejects with the first error after which nothing more can be read. Never resolves. */
  readonly failed: Promise<never>;
  private fail: (error: Error) => void = () => undefined;
  private failure: Error | undefined;
  /** The last that were asked for, the last one at the end. */
  private readonly recent = new Map<number, Promise<Buffer | undefined>>();
  /** Those that the tally has: what is no longer in memory comes out of the cache once more. */
  private readonly counted = new Set<number>();
  private listing: Promise<void> = Promise.resolve();
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** The block that was asked for last. */
  private last = -1;
  /** How many blocks in a row were asked for, by the block that would be next. */
  private readonly streaks = new Map<number, number>();

  constructor(
    private readonly source: SnapshotBlocks,
    private readonly map: BlockMap,
    private readonly cache: BlockCache,
    readonly sizeBytes: number,
  ) {
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
  }

  /** The bytes from an offset on. What lies behind the end of the disk is a fault of whoever asks. */
  async read(offset: number, length: number): Promise<Buffer> {
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.floor((offset + length - 1) / BLOCK_BYTES);
    if (first === last) return this.within(first, offset % BLOCK_BYTES, length);
    const blocks = await Promise.all(
      Array.from({ length: last - first + 1 }, (_, index) => this.block(first + index)),
    );
    const result = Buffer.alloc(length);
    blocks.forEach((block, index) => {
      const start = (first + index) * BLOCK_BYTES - offset;
      block?.copy(result, Math.max(0, start), Math.max(0, -start), Math.min(BLOCK_BYTES, length - start));
    });
    return result;
  }

  private async within(index: number, start: number, length: number): Promise<Buffer> {
    const block = await this.block(index);
    return block ? block.subarray(start, start + length) : Buffer.alloc(length);
  }

  /** Keeps what was found out about where there is data. */
  async keepMap(): Promise<void> {
    await this.cache.keepMap(this.map.kept());
  }

  private block(index: number): Promise<Buffer | undefined> {
    // A block is read in many pieces, one after the other.
    if (index !== this.last) this.readAhead(index);
    this.last = index;
    return this.wanted(index);
  }

  /** From the third block in a row on, twice as far with each: what is read here and there costs nothing more. */
  private readAhead(index: number): void {
    const streak = this.streaks.get(index) ?? 0;
    this.streaks.delete(index);
    this.streaks.set(index + 1, streak + 1);
    if (this.streaks.size > IN_MEMORY) this.streaks.delete([...this.streaks.keys()][0]);
    const farthest = streak < 2 ? 0 : Math.min(2 ** (streak - 2), FARTHEST_AHEAD);
    for (let ahead = index + 1; ahead <= index + farthest; ahead++)
      if (this.map.hasData(ahead) === true) void this.wanted(ahead).catch(() => undefined);
  }

  private wanted(index: number): Promise<Buffer | undefined> {
    const block = this.recent.get(index) ?? this.bring(index);
    this.recent.delete(index);
    this.recent.set(index, block);
    if (this.recent.size > IN_MEMORY) this.recent.delete([...this.recent.keys()][0]);
    return block;
  }

  /** Undefined: it was never written to, and is all zeros. */
  private async bring(index: number): Promise<Buffer | undefined> {
    if (this.failure) throw this.failure;
    try {
      while (this.map.hasData(index) === undefined) await this.list(index);
      if (this.map.hasData(index) === false) return undefined;
      const kept = await this.cache.get(index);
      if (kept) {
        if (!this.counted.has(index)) this.tally.cached++;
        this.counted.add(index);
        return kept;
      }
      const data = await this.fetch(index);
      this.counted.add(index);
      await this.cache.put(index, data);
      return data;
    } catch (error) {
      this.failure ??= error as Error;
      this.fail(this.failure);
      throw this.failure;
    }
  }

  private async fetch(index: number): Promise<Buffer> {
    try {
      return await this.get(index);
    } catch (error) {
      if (!(error instanceof StaleTokenError)) throw error;
      this.map.forgetTokens();
      return await this.get(index).catch((again: Error) => {
        throw again instanceof StaleTokenError ? new FailedError(`block ${index}: ${NO_TOKEN}`) : again;
      });
    }
  }

  private async get(index: number): Promise<Buffer> {
    if (this.map.token(index) === undefined) await this.list(index);
    const token = this.map.token(index);
    if (token === undefined) throw new StaleTokenError(`block ${index} is not listed any more`);
    const data = await this.inTurn(() => this.source.get(index, token));
    this.tally.fetched++;
    return data;
  }

  /** One listing at a time: the one before may have answered this one. */
  private list(index: number): Promise<void> {
    this.listing = this.listing.then(async () => {
      const isAnswered = this.map.hasData(index) === false || this.map.token(index) !== undefined;
      if (isAnswered) return;
      const from = this.beginningFor(index);
      const page = await this.source.list(from);
      this.tally.listed++;
      this.map.enter(from, page);
    });
    return this.listing;
  }

  private beginningFor(index: number): number {
    let from = index;
    while (from > 0 && index - from < LISTED_BEFORE && this.map.hasData(from - 1) === undefined) from--;
    return from;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
