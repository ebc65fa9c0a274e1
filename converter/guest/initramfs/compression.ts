import fs from "node:fs";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import type { Runner } from "../../run";
import { LARGE_FILES_FOLDER, withScratch } from "../../scratch";
import { fileSource, type ByteSource } from "./byteSource";
import { gzipDataStart } from "./gzipHeader";
import { SEGMENT_ENDS } from "./segmentEnd";

export type Compression = "gzip" | "bzip2" | "xz" | "lzma" | "lzo" | "lz4" | "zstd";

/** The first bytes of what Linux can unpack by itself, kernels and initramfs alike (lib/decompress.c). */
const MAGIC: [Compression, number[]][] = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["lzma", [0x5d, 0x00, 0x00]],
  ["lzo", [0x89, 0x4c, 0x5a, 0x4f]],
  // The legacy frame of `lz4 -l`, the only one that the kernel reads.
  ["lz4", [0x02, 0x21, 0x4c, 0x18]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];

/** What the bytes are compressed with, by their first bytes; `undefined` if they look like none of these. */
export function compressionOf(bytes: Buffer): Compression | undefined {
  return MAGIC.find(([, magic]) => bytes.subarray(0, magic.length).equals(Buffer.from(magic)))?.[0];
}

/** For each form the command that unpacks `packed` into `unpacked`. xz and bzip2 go by the name's ending. */
const COMMANDS: Record<
  Exclude<Compression, "gzip">,
  { ending: string; command: (from: string, to: string) => string[] }
> = {
  bzip2: { ending: ".bz2", command: (from) => ["bzip2", "-dk", from] },
  xz: { ending: ".xz", command: (from) => ["xz", "-dk", from] },
  lzma: { ending: ".lzma", command: (from) => ["xz", "-dk", "--format=lzma", from] },
  lzo: { ending: ".lzo", command: (from, to) => ["lzop", "-d", "-o", to, from] },
  lz4: { ending: ".lz4", command: (from, to) => ["lz4", "-dq", from, to] },
  zstd: { ending: ".zst", command: (from, to) => ["zstd", "-dqk", "--long=31", from, "-o", to] },
};

/** What lies packed at the beginning of some bytes. */
export interface Segment<T> {
  /** Of `work`. */
  result: T;
  /** Where the segment ends; the bytes' end where its form does not tell. */
  end: number;
}

/**
 * Unpacks the segment that `bytes` begin with into a file, hands that to `work`, and removes it. gzip is done here, the
 * rest by the program of that name. Throws an `Error` saying that the segment is cut off or damaged, or a `FailedError`
 * where a program is not there, and names it. `most`: bytes that it may unpack to;
 * default: what a file of this size may.
 */
export async function withUnpacked<T>(
  bytes: Buffer,
  compression: Compression,
  runner: Runner,
  work: (unpacked: ByteSource) => T | Promise<T>,
  most = mostUnpacked(bytes.length),
): Promise<Segment<T>> {
  // On disk, not in a /tmp that may be memory: the modules of one kernel are 300 MB.
  return withScratch(
    { kind: "unpack", what: "an unpacked initramfs", folder: LARGE_FILES_FOLDER },
    async (folder) => {
      const unpacked = path.join(folder, "data");
      const end =
        compression === "gzip"
          ? await gunzip(bytes, unpacked, most)
          : await unpackBy(compression, bytes, unpacked, runner, most);
      return { result: await withFile(unpacked, work), end };
    },
  );
}

async function withFile<T>(file: string, work: (source: ByteSource) => T | Promise<T>): Promise<T> {
  const handle = fs.openSync(file, "r");
  try {
    return await work(fileSource(handle));
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * What is unpacked at the most: the modules of one kernel are 300 MB, and a kilobyte of zstd can say a terabyte of zeros.
 */
export const MOST_UNPACKED_BYTES = 2 * 1024 ** 3;

/**
 * To how many times its size something may unpack. Measured: initramfs images of Debian's 2.7 with gzip and 3.5 with `xz -9e`,
 * the kernel inside a bzImage 8.1, since it has rows of zeros. Zeros alone come to 1000 with gzip, to 20,000 with zstd.
 */
export const MOST_RATIO = 50;

/** Nobody is harmed by so much, whatever it was packed to. */
const HARMLESS_BYTES = 64 * 1024 ** 2;

/** What a file of so many bytes may unpack to, in bytes. */
export function mostUnpacked(packedBytes: number): number {
  return Math.min(MOST_UNPACKED_BYTES, Math.max(HARMLESS_BYTES, packedBytes * MOST_RATIO));
}

function tooMuch(compression: Compression, most: number, packedBytes: number): Error {
  return new Error(
    `its ${compression} part unpacks to more than ${most} bytes, which no kernel's does: the file has ${packedBytes} bytes, and such files unpack to ${MOST_RATIO} times that at most`,
  );
}

const GZIP_TRAILER_BYTES = 8;
const INPUT_BYTES = 1024 * 1024;

/** Raw deflate, since that alone tells how many bytes it took: behind them something else may follow. */
async function gunzip(bytes: Buffer, to: string, most: number): Promise<number> {
  const start = gzipDataStart(bytes);
  const inflate = zlib.createInflateRaw();
  try {
    await pipeline(Readable.from(slices(bytes, start)), inflate, upTo(most), fs.createWriteStream(to));
  } catch (error) {
    if (error instanceof Overflow) throw tooMuch("gzip", most, bytes.length);
    // What this machine lacks says nothing of the image.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new Error(`its gzip part is damaged: ${(error as Error).message}`);
  }
  return Math.min(start + inflate.bytesWritten + GZIP_TRAILER_BYTES, bytes.length);
}

class Overflow extends Error {}

function upTo(most: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length;
      if (passed > most) done(new Overflow());
      else done(null, chunk);
    },
  });
}

function* slices(bytes: Buffer, from: number): Generator<Buffer> {
  for (let at = from; at < bytes.length; at += INPUT_BYTES) yield bytes.subarray(at, at + INPUT_BYTES);
}

async function unpackBy(
  compression: Exclude<Compression, "gzip">,
  bytes: Buffer,
  to: string,
  runner: Runner,
  most: number,
): Promise<number> {
  const end = segmentEnd(compression, bytes);
  const { ending, command } = COMMANDS[compression];
  const packed = to + ending;
  await fs.promises.writeFile(packed, bytes.subarray(0, end));
  // The kernel ends the program at this size of a file (SIGXFSZ), or the program gives up by itself.
  const limited = ["prlimit", `--fsize=${most}`, ...command(packed, to)];
  try {
    await runner(limited, { purpose: `unpacking ${compression} data`, timeoutSeconds: 300 });
  } catch (error) {
    if (fs.statSync(to, { throwIfNoEntry: false })?.size === most || TOO_LARGE.test((error as Error).message))
      throw tooMuch(compression, most, bytes.length);
    throw error;
  }
  return end;
}

const TOO_LARGE = /SIGXFSZ|File too large|File size limit exceeded/i;

function segmentEnd(compression: Exclude<Compression, "gzip">, bytes: Buffer): number {
  if (compression === "bzip2" || compression === "lzma") return bytes.length;
  try {
    return SEGMENT_ENDS[compression](bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`its ${compression} part is cut off after ${bytes.length} bytes`);
  }
}
