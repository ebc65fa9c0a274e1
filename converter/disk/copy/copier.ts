/**
 * Copies pieces of one disk onto another: many reads under way at once, writes begun in the order of the disk, and each
 * piece read back from the disk and held, byte by byte, against what was read from the source.
 */
import { BufferPool } from "./bufferPool";
import { isZero } from "../bytes";
import { CopyTally } from "./copyTally";
import { sha256, sha256OfZeros } from "./digest";
import { type DirectDisk, alignedBuffers, withDirectDisk } from "./directDisk";
import {
  type Request,
  UnreadableError,
  damaged,
  describeDestinationError,
  describeSourceError,
  describeSyncError,
} from "./diskErrors";
import { PAUSES_MS, type Patience, type Trouble, patiently, readPatiently } from "./patience";
import { CHUNK_BYTES, type Piece } from "./pieces";
import { Interrupted, Turnstile } from "./turnstile";

/**
 * A volume fresh from a snapshot answers its first reads in tens of milliseconds, so what counts on EC2 is how many are
 * under way at once. Each has a buffer of 1 MiB.
 */
export const READS_IN_FLIGHT = 64;

/** Chunks that are read back at once: a volume's own blocks are answered in a millisecond, so these few keep it busy. */
const CHECKS_IN_FLIGHT = 16;

/** What UV_THREADPOOL_SIZE must be for that: Node gives each read a thread; the others write and take checksums. */
export const IO_THREADS = READS_IN_FLIGHT + 8;

/** How far a copy has come: everything before is on the destination, and was held against the source. */
export interface Checkpoint {
  /** Bytes of the pieces, in their order. */
  done: number;
  /** Where these bytes lie and what they hold: two SHA-256 in hexadecimal, with a colon between them. */
  digest: string;
}

export interface CopyRequest {
  source: string;
  destination: string;
  /** In the order of the disk. Iterated anew where a checkpoint does not fit them. */
  pieces: Iterable<Piece>;
  /** In all pieces together. */
  totalBytes: number;
  /** What an earlier run told of last. One of other pieces is left aside, and everything is copied. */
  resume?: Checkpoint;
  /** Told after each chunk: bytes dealt with, those of the earlier run included. */
  onProgress: (bytesDone: number) => void;
  /** Told so often that no more than 5 % (or 64 MiB) are read and not told of, and waited for. */
  onVerified: (checkpoint: Checkpoint) => void | Promise<void>;
  /** Told of a request that failed and is tried again. Default nobody. */
  onTrouble?: Trouble;
  /** Milliseconds before each new try of a request that failed. Default: half a second, 2 s, 8 s. */
  pausesMs?: number[];
}

export interface Copied {
  /** From the source, by this run. */
  bytesRead: number;
  /** Zeros over zeros are not written. */
  bytesWritten: number;
  /** Of the SHA-256 of every chunk of at most 1 MiB, each with the digest before it. */
  sha256: string;
}

/**
 * Copies and waits until everything is on the disk. Throws `FailedError` for a disk that cannot be read or written, by
 * its name and the byte, and for a piece that is not on the destination as it was read.
 */
export function copyPieces(request: CopyRequest): Promise<Copied> {
  return withDirectDisk(request.source, "read", (source) =>
    withDirectDisk(request.destination, "write", (destination) => copyBetween(source, destination, request)),
  );
}

/** The same between two disks that are open. */
export async function copyBetween(
  source: DirectDisk,
  destination: DirectDisk,
  request: Omit<CopyRequest, "source" | "destination">,
): Promise<Copied> {
  const tally = new CopyTally(request, () => sync(destination));
  const order = new Turnstile();
  const spare = new BufferPool(alignedBuffers(CHECKS_IN_FLIGHT, CHUNK_BYTES));
  const { onTrouble = () => undefined, pausesMs = PAUSES_MS } = request;
  const copying = { source, destination, order, spare, patience: { onTrouble, pausesMs } };
  const work = async (buffer: Buffer) => {
    for (let next = await tally.next(); next && !order.isOpen; next = await tally.next()) {
      const chunk = await copyChunk(copying, next.number, next.piece, buffer);
      await tally.add(next.number, chunk);
    }
  };
  const workers = alignedBuffers(READS_IN_FLIGHT, CHUNK_BYTES).map((buffer) =>
    work(buffer).catch((error: unknown) => {
      order.open();
      tally.giveUp();
      throw error;
    }),
  );
  // All are waited for: none may still read or write when the disks are closed.
  const ended = await Promise.allSettled(workers);
  const failures = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const first = failures.find((failure) => !(failure instanceof Interrupted));
  if (first instanceof UnreadableError)
    throw new UnreadableError(first.path, first.unreadable, first.attempts, tally.doneSoFar);
  if (first) throw first;
  return tally.finish();
}

function sync(destination: DirectDisk): Promise<void> {
  return destination.sync().catch((error: Error) => {
    throw describeSyncError(error, destination.path);
  });
}

interface Copying {
  source: DirectDisk;
  destination: DirectDisk;
  order: Turnstile;
  /** To read back into. */
  spare: BufferPool;
  patience: Patience;
}

/** What became of a chunk. */
export interface CopiedChunk {
  digest: Buffer;
  bytesWritten: number;
}

async function copyChunk(
  copying: Copying,
  number: number,
  piece: Piece,
  buffer: Buffer,
): Promise<CopiedChunk> {
  const bytes = buffer.subarray(0, piece.length);
  await readSource(copying, bytes, piece.from);
  if (isZero(bytes)) {
    const written = await copying.order.inTurn(number, () => writeZeros(copying, bytes, piece.to));
    return { digest: sha256OfZeros(bytes.length), bytesWritten: written ? bytes.length : 0 };
  }
  const writing = copying.order.inTurn(number, () => write(copying, bytes, piece.to));
  const [digest] = await Promise.all([sha256(bytes), writing.then(() => check(copying, bytes, piece.to))]);
  return { digest, bytesWritten: bytes.length };
}

async function readSource({ source, patience }: Copying, bytes: Buffer, from: number): Promise<void> {
  const unreadable = await readPatiently(source, bytes, from, patience).catch((error: Error) => {
    throw describeSourceError(error, source.path);
  });
  if (unreadable) throw new UnreadableError(source.path, unreadable, patience.pausesMs.length + 1);
}

/**
 * Zeros are written only over what is not zero: a blank disk stays thin, and a half-written or once used one still gets
 * every byte. Returns whether anything was written.
 */
async function writeZeros(copying: Copying, zeros: Buffer, to: number): Promise<boolean> {
  const { destination, spare } = copying;
  const blank = await spare.withBuffer(async (buffer) => isZero(await read(destination, buffer, zeros, to)));
  if (blank) return false;
  await write(copying, zeros, to);
  await check(copying, zeros, to);
  return true;
}

/** Throws where the destination does not hold these bytes. */
function check({ destination, spare }: Copying, bytes: Buffer, to: number): Promise<void> {
  return spare.withBuffer(async (buffer) => {
    if (!(await read(destination, buffer, bytes, to)).equals(bytes)) {
      throw damaged(destination.path, to, bytes.length);
    }
  });
}

/** As many bytes of the destination as `like` has. */
async function read(destination: DirectDisk, into: Buffer, like: Buffer, at: number): Promise<Buffer> {
  const bytes = into.subarray(0, like.length);
  await destination.read(bytes, at).catch((error: Error) => {
    throw describeDestinationError(error, placed("read", destination, at, bytes));
  });
  return bytes;
}

/** Patiently too: what was written in part is written whole the next time. */
async function write({ destination, patience }: Copying, bytes: Buffer, at: number): Promise<void> {
  await patiently(() => destination.write(bytes, at), at, patience).catch((error: Error) => {
    throw describeDestinationError(error, placed("written", destination, at, bytes));
  });
}

function placed(doing: Request["doing"], { path }: DirectDisk, byte: number, { length }: Buffer): Request {
  return { doing, path, byte, length };
}
