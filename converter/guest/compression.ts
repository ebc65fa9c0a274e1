import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import type { Runner } from "../run";

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

/** What the bytes are compressed with, by their first bytes; `undefined` where they look like none of these. */
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

/**
 * The bytes unpacked. gzip is done here, the rest by the program of that name. Bytes after the end of a gzip stream
 * are ignored; the other programs take them for an error, so the caller cuts them off. Throws where a program fails
 * or is not there, and names it.
 */
export async function decompress(bytes: Buffer, compression: Compression, runner: Runner): Promise<Buffer> {
  if (compression === "gzip") return zlib.gunzipSync(bytes);
  const { ending, command } = COMMANDS[compression];
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pv-to-hvm-"));
  try {
    const unpacked = path.join(directory, "data");
    const packed = unpacked + ending;
    fs.writeFileSync(packed, bytes);
    await runner(command(packed, unpacked), {
      purpose: `unpacking ${compression} data`,
      timeoutSeconds: 300,
    });
    return fs.readFileSync(unpacked);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
