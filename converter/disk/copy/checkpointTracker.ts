/** Tracks a copy: which chunk comes next, how much is verified without a gap, and the digests of that. */
import { type Hash, createHash } from "node:crypto";
import type { Checkpoint, Copied, CopiedChunk, CopyRequest } from "./copier";
import { CHUNK_BYTES, type Piece, chunksOf } from "./pieces";
import { MIB } from "../sizes";

type TrackedCopy = Pick<CopyRequest, "pieces" | "totalBytes" | "resume" | "onProgress" | "onVerified">;

/**
 * How much may be read beyond the last saved checkpoint. A copy that continues after a kill repeats no more than this. 4 %
 * of the whole: with the maps, which are read again, it stays below 5 %. At least 64 MiB, which takes about a second,
 * and is enough for the parallel reads that a fresh volume needs. Bytes.
 */
export function maxRepeatedBytes(totalBytes: number): number {
  return Math.max(64 * MIB, Math.floor(totalBytes / 25));
}

/** Bytes between checkpoints. Each checkpoint waits until everything is on the disk; the reading continues. */
function checkpointBytes(totalBytes: number): number {
  return Math.min(256 * MIB, maxRepeatedBytes(totalBytes) / 2);
}

export class CheckpointTracker {
  private chunks: Generator<Piece, undefined>;
  private placesHash: Hash = createHash("sha256");
  private content = Buffer.alloc(32);
  private handedOut = 0;
  private nextToEnter = 0;
  private doneBytes = 0;
  private completedBytes = 0;
  private lastCheckpoint = 0;
  private readonly copied = { bytesRead: 0, bytesWritten: 0 };
  /** Chunks that are being copied, and copied chunks that wait for an earlier one. */
  private readonly pending = new Map<number, { piece: Piece; chunk?: CopiedChunk }>();
  private saving: Promise<void> = Promise.resolve();
  private readonly interval: number;
  /** Bytes of the pieces that were handed out, and those before the last saved checkpoint. */
  private handedOutBytes: number;
  private savedBytes: number;
  private isAborted = false;
  /** Callers of `next` that wait for a checkpoint. */
  private readonly waiting: (() => void)[] = [];

  /** `sync`: waits until everything written is on the disk. */
  constructor(
    private readonly copy: TrackedCopy,
    private readonly sync: () => Promise<void>,
  ) {
    this.interval = checkpointBytes(copy.totalBytes);
    this.chunks = chunksOf(copy.pieces);
    if (copy.resume && !this.skip(copy.resume)) this.startOver();
    this.lastCheckpoint = this.completedBytes = this.doneBytes;
    this.handedOutBytes = this.savedBytes = this.doneBytes;
  }

  /** Bytes that are copied, those of the earlier run included. */
  get doneSoFar(): number {
    return this.completedBytes;
  }

  /**
   * The next chunk to copy, numbered from 0 on. Waits while too much would be repeated after a kill. Undefined if there
   * is none, or if the copy was aborted.
   */
  async next(): Promise<{ number: number; piece: Piece } | undefined> {
    while (this.isTooFarAhead()) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const next = this.isAborted ? undefined : this.chunks.next();
    if (!next || next.done) return undefined;
    this.handedOutBytes += next.value.length;
    this.pending.set(this.handedOut, { piece: next.value });
    return { number: this.handedOut++, piece: next.value };
  }

  /** Hands out nothing more. Callers that wait for a chunk get none. */
  abort(): void {
    this.isAborted = true;
    this.wakeWaiting();
  }

  private isTooFarAhead(): boolean {
    const most = maxRepeatedBytes(this.copy.totalBytes);
    return !this.isAborted && this.handedOutBytes - this.savedBytes + CHUNK_BYTES > most;
  }

  private wakeWaiting(): void {
    this.waiting.splice(0).forEach((go) => go());
  }

  /** Takes the result of a chunk. If it completes a checkpoint, waits until that is saved. */
  async add(number: number, chunk: CopiedChunk): Promise<void> {
    const entry = this.pending.get(number);
    if (!entry) throw new RangeError(`chunk ${number} was not handed out`);
    entry.chunk = chunk;
    this.completedBytes += entry.piece.length;
    this.copied.bytesRead += entry.piece.length;
    this.copied.bytesWritten += chunk.bytesWritten;
    this.copy.onProgress(this.completedBytes);
    if (this.advance()) await this.saving;
  }

  /** The result of the whole copy. Throws if not all bytes were copied. */
  async finish(): Promise<Copied> {
    if (this.doneBytes !== this.copy.totalBytes) {
      throw new RangeError(`${this.doneBytes} bytes copied of ${this.copy.totalBytes}`);
    }
    if (this.doneBytes > this.lastCheckpoint || this.doneBytes === 0) this.saveCheckpoint();
    await this.saving;
    return { ...this.copied, sha256: this.content.toString("hex") };
  }

  /** Skips what an earlier run has copied. False if that run had other pieces. */
  private skip({ done, digest }: Checkpoint): boolean {
    const [places, content] = digest.split(":");
    while (this.doneBytes < done) {
      const next = this.chunks.next();
      if (next.done) return false;
      this.enter(next.value);
    }
    this.content = Buffer.from(content ?? "", "hex");
    return this.doneBytes === done && this.content.length === 32 && this.placesDigest() === places;
  }

  private startOver(): void {
    this.chunks = chunksOf(this.copy.pieces);
    this.placesHash = createHash("sha256");
    this.content = Buffer.alloc(32);
    this.doneBytes = 0;
  }

  /** Adds the chunks that are copied without a gap before them. Returns whether that completed a checkpoint. */
  private advance(): boolean {
    for (let hasCheckpoint = false; ;) {
      const entry = this.pending.get(this.nextToEnter);
      if (!entry?.chunk) return hasCheckpoint;
      this.pending.delete(this.nextToEnter++);
      this.enter(entry.piece);
      this.content = createHash("sha256").update(this.content).update(entry.chunk.digest).digest();
      if (this.doneBytes - this.lastCheckpoint < this.interval) continue;
      this.saveCheckpoint();
      hasCheckpoint = true;
    }
  }

  private enter({ from, to, length }: Piece): void {
    this.placesHash.update(`${from} ${to} ${length}\n`);
    this.doneBytes += length;
  }

  private placesDigest(): string {
    return this.placesHash.copy().digest("hex");
  }

  /** Checkpoints are saved one at a time, and in order. */
  private saveCheckpoint(): void {
    const checkpoint = {
      done: this.doneBytes,
      digest: `${this.placesDigest()}:${this.content.toString("hex")}`,
    };
    this.lastCheckpoint = this.doneBytes;
    this.saving = this.saving.then(async () => {
      await this.sync();
      await this.copy.onVerified(checkpoint);
      this.savedBytes = checkpoint.done;
      this.wakeWaiting();
    });
    // The next one that waits for it gets the failure.
    this.saving.catch(() => undefined);
  }
}
