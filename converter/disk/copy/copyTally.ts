/** The account of a copy: which chunk comes next, what is verified without a gap before it, and the digests of that. */
import { type Hash, createHash } from "node:crypto";
import type { Checkpoint, Copied, CopiedChunk, CopyRequest } from "./copier";
import { CHUNK_BYTES, type Piece, chunksOf } from "./pieces";
import { MIB } from "../sizes";

type Account = Pick<CopyRequest, "pieces" | "totalBytes" | "resume" | "onProgress" | "onVerified">;

/**
 * What may have been read and not been told of: all that a copy repeats after one that was killed. 4 % of the whole, so
 * that it stays below 5 % with the maps, which are read anew; of a small disk what is copied in a second, and enough for as
 * many reads at once as a fresh volume needs. Bytes.
 */
export function mostRepeated(totalBytes: number): number {
  return Math.max(64 * MIB, Math.floor(totalBytes / 25));
}

/** Between checkpoints: each waits until the disk has everything, while the reading goes on. Bytes. */
function checkpointBytes(totalBytes: number): number {
  return Math.min(256 * MIB, mostRepeated(totalBytes) / 2);
}

export class CopyTally {
  private chunks: Generator<Piece, undefined>;
  private places: Hash = createHash("sha256");
  private content = Buffer.alloc(32);
  private handedOut = 0;
  private counted = 0;
  private doneBytes = 0;
  private dealtWith = 0;
  private lastCheckpoint = 0;
  private readonly copied = { bytesRead: 0, bytesWritten: 0 };
  /** Chunks under way, and those that are done while an earlier one is not. */
  private readonly pending = new Map<number, { piece: Piece; chunk?: CopiedChunk }>();
  private telling: Promise<void> = Promise.resolve();
  private readonly interval: number;
  /** Handed out, and told of by a checkpoint, in bytes of the pieces. */
  private handedOutBytes: number;
  private toldBytes: number;
  private hasGivenUp = false;
  /** Who waits for a checkpoint before taking more. */
  private readonly held: (() => void)[] = [];

  /** `sync`: waits until everything written is on the disk. */
  constructor(
    private readonly account: Account,
    private readonly sync: () => Promise<void>,
  ) {
    this.interval = checkpointBytes(account.totalBytes);
    this.chunks = chunksOf(account.pieces);
    if (account.resume && !this.skip(account.resume)) this.startOver();
    this.lastCheckpoint = this.dealtWith = this.doneBytes;
    this.handedOutBytes = this.toldBytes = this.doneBytes;
  }

  /** Bytes dealt with, those of the earlier run included. */
  get doneSoFar(): number {
    return this.dealtWith;
  }

  /**
   * The next chunk to copy, numbered from 0 on; waits while more would be repeated after a kill than may be. Undefined
   * when there is none, or it was given up.
   */
  async next(): Promise<{ number: number; piece: Piece } | undefined> {
    while (this.isAheadOfRecord()) await new Promise<void>((resolve) => this.held.push(resolve));
    const next = this.hasGivenUp ? undefined : this.chunks.next();
    if (!next || next.done) return undefined;
    this.handedOutBytes += next.value.length;
    this.pending.set(this.handedOut, { piece: next.value });
    return { number: this.handedOut++, piece: next.value };
  }

  /** Hands out nothing more, and lets everyone go who waits for it. */
  giveUp(): void {
    this.hasGivenUp = true;
    this.letGo();
  }

  private isAheadOfRecord(): boolean {
    const most = mostRepeated(this.account.totalBytes);
    return !this.hasGivenUp && this.handedOutBytes - this.toldBytes + CHUNK_BYTES > most;
  }

  private letGo(): void {
    this.held.splice(0).forEach((go) => go());
  }

  /** Takes what became of a chunk. Waits for whoever is told of a checkpoint that it completes. */
  async add(number: number, chunk: CopiedChunk): Promise<void> {
    const entry = this.pending.get(number);
    if (!entry) throw new RangeError(`chunk ${number} was not handed out`);
    entry.chunk = chunk;
    this.dealtWith += entry.piece.length;
    this.copied.bytesRead += entry.piece.length;
    this.copied.bytesWritten += chunk.bytesWritten;
    this.account.onProgress(this.dealtWith);
    if (this.advance()) await this.telling;
  }

  /** The whole account; throws where not all bytes were copied. */
  async finish(): Promise<Copied> {
    if (this.doneBytes !== this.account.totalBytes) {
      throw new RangeError(`${this.doneBytes} bytes copied of ${this.account.totalBytes}`);
    }
    if (this.doneBytes > this.lastCheckpoint || this.doneBytes === 0) this.tell();
    await this.telling;
    return { ...this.copied, sha256: this.content.toString("hex") };
  }

  /** Goes past what an earlier run has done; false where its pieces were others. */
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
    this.chunks = chunksOf(this.account.pieces);
    this.places = createHash("sha256");
    this.content = Buffer.alloc(32);
    this.doneBytes = 0;
  }

  /** Enters what is done without a gap before it; returns whether that completes a checkpoint. */
  private advance(): boolean {
    for (let told = false; ;) {
      const entry = this.pending.get(this.counted);
      if (!entry?.chunk) return told;
      this.pending.delete(this.counted++);
      this.enter(entry.piece);
      this.content = createHash("sha256").update(this.content).update(entry.chunk.digest).digest();
      if (this.doneBytes - this.lastCheckpoint < this.interval) continue;
      this.tell();
      told = true;
    }
  }

  private enter({ from, to, length }: Piece): void {
    this.places.update(`${from} ${to} ${length}\n`);
    this.doneBytes += length;
  }

  private placesDigest(): string {
    return this.places.copy().digest("hex");
  }

  /** One at a time, and in order. */
  private tell(): void {
    const checkpoint = {
      done: this.doneBytes,
      digest: `${this.placesDigest()}:${this.content.toString("hex")}`,
    };
    this.lastCheckpoint = this.doneBytes;
    this.telling = this.telling.then(async () => {
      await this.sync();
      await this.account.onVerified(checkpoint);
      this.toldBytes = checkpoint.done;
      this.letGo();
    });
    // Whoever waits for it next is told of a failure.
    this.telling.catch(() => undefined);
  }
}
