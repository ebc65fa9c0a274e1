/**
 * Copies pieces of one disk onto another. Many reads run at once; writes begin in the order of the disk. Each piece is
 * read back from the destination and compared, byte by byte, with what was read from the source.
 */
import { isZero } from "../bytes";
import { BufferPool } from "./bufferPool";
import { CheckpointTracker } from "./checkpointTracker";
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
import { AbortedError, OrderedQueue } from "./orderedQueue";
import { CHUNK_BYTES, type Piece } from "./pieces";
import { type OnRetry, PAUSES_MS, type RetryOptions, readWithRetries, withRetries } from "./retry";

/**
 * A volume that was just made from a snapshot answers its first reads in tens of milliseconds. So on EC2 the number of
 * parallel reads decides the speed. Each has a buffer of 1 MiB.
 */
export const READS_IN_FLIGHT = 64;

/** Chunks that are read back at once: blocks that a volume already has take a millisecond, so a few keep it busy. */
const CHECKS_IN_FLIGHT = 16;

/** What UV_THREADPOOL_SIZE must be for that: Node gives each read a thread; the others write and take checksums. */
export const IO_THREADS = READS_IN_FLIGHT + 8;

/** How far a copy has come: everything before this is on the destination, and was compared with the source. */
export interface Checkpoint {
  /** Bytes of the pieces, in their order. */
  done: number;
  /** Where these bytes lie and what they hold: two SHA-256 in hexadecimal, with a colon between them. */
  digest: string;
}

export interface CopyRequest {
  source: string;
  destination: string;
  /** In the order of the disk. Iterated again if a checkpoint does not fit them. */
  pieces: Iterable<Piece>;
  /** In all pieces together. */
  totalBytes: number;
  /** The last checkpoint of an earlier run. If it is of other pieces, it is ignored, and everything is copied. */
  resume?: Checkpoint;
  /** Called after each chunk, with the bytes copied so far, those of the earlier run included. */
  onProgress: (bytesDone: number) => void;
  /** Saves a checkpoint; is waited for. Called so often that at most 5 % (or 64 MiB) are read beyond the last one. */
  onVerified: (checkpoint: Checkpoint) => void | Promise<void>;
  /** Called before a failed request is tried again. Default: nothing is called. */
  onRetry?: OnRetry;
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
  const tracker = new CheckpointTracker(request, () => sync(destination));
  const queue = new OrderedQueue();
  const spare = new BufferPool(alignedBuffers(CHECKS_IN_FLIGHT, CHUNK_BYTES));
  const { onRetry = () => undefined, pausesMs = PAUSES_MS } = request;
  const copying = { source, destination, queue, spare, retries: { onRetry, pausesMs } };
  const work = async (buffer: Buffer) => {
    for (let next = await tracker.next(); next && !queue.isAborted; next = await tracker.next()) {
      const chunk = await copyChunk(copying, next.number, next.piece, buffer);
      await tracker.add(next.number, chunk);
    }
  };
  const workers = alignedBuffers(READS_IN_FLIGHT, CHUNK_BYTES).map((buffer) =>
    work(buffer).catch((error: unknown) => {
      queue.abort();
      tracker.abort();
      throw error;
    }),
  );
  // Wait for all of them: none may still read or write when the disks are closed.
  const ended = await Promise.allSettled(workers);
  const failures = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const first = failures.find((failure) => !(failure instanceof AbortedError));
  if (first instanceof UnreadableError)
    throw new UnreadableError(first.path, first.unreadable, first.attempts, tracker.doneSoFar);
  if (first) throw first;
  return tracker.finish();
}

function sync(destination: DirectDisk): Promise<void> {
  return destination.sync().catch((error: Error) => {
    throw describeSyncError(error, destination.path);
  });
}

interface Copying {
  source: DirectDisk;
  destination: DirectDisk;
  queue: OrderedQueue;
  /** To read back into. */
  spare: BufferPool;
  retries: RetryOptions;
}

/** The result of a chunk. */
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
    const written = await copying.queue.run(number, () => writeZeros(copying, bytes, piece.to));
    return { digest: sha256OfZeros(bytes.length), bytesWritten: written ? bytes.length : 0 };
  }
  const writing = copying.queue.run(number, () => write(copying, bytes, piece.to));
  const [digest] = await Promise.all([sha256(bytes), writing.then(() => check(copying, bytes, piece.to))]);
  return { digest, bytesWritten: bytes.length };
}

async function readSource({ source, retries }: Copying, bytes: Buffer, from: number): Promise<void> {
  const unreadable = await readWithRetries(source, bytes, from, retries).catch((error: Error) => {
    throw describeSourceError(error, source.path);
  });
  if (unreadable) throw new UnreadableError(source.path, unreadable, retries.pausesMs.length + 1);
}

/**
 * Writes zeros only where the destination has something else. So a blank disk stays thin, and a disk that was used before
 * still gets every byte. Returns whether anything was written.
 */
async function writeZeros(copying: Copying, zeros: Buffer, to: number): Promise<boolean> {
  const { destination, spare } = copying;
  const blank = await spare.withBuffer(async (buffer) => isZero(await read(destination, buffer, zeros, to)));
  if (blank) return false;
  await write(copying, zeros, to);
  await check(copying, zeros, to);
  return true;
}

/** Throws if the destination does not hold these bytes. */
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

/** With retries: after a write in part, the next try writes all of it. */
async function write({ destination, retries }: Copying, bytes: Buffer, at: number): Promise<void> {
  await withRetries(() => destination.write(bytes, at), at, retries).catch((error: Error) => {
    throw describeDestinationError(error, placed("written", destination, at, bytes));
  });
}

function placed(doing: Request["doing"], { path }: DirectDisk, byte: number, { length }: Buffer): Request {
  return { doing, path, byte, length };
}
