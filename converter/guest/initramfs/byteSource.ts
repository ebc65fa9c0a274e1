/** Bytes that are read piece by piece: an unpacked kernel or initramfs has hundreds of megabytes, of which a few thousand count. */
import fs from "node:fs";

export interface ByteSource {
  readonly length: number;
  /** Up to `length` bytes from `offset` on: fewer where the source ends. */
  read(offset: number, length: number): Buffer;
}

/** Bytes that are in memory already. */
export function bufferSource(bytes: Buffer): ByteSource {
  return { length: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

const WINDOW_BYTES = 256 * 1024;

/** An open file, of which one window is kept in memory. */
export function fileSource(handle: number): ByteSource {
  const { size } = fs.fstatSync(handle);
  let window = Buffer.alloc(0);
  let windowStart = 0;
  const load = (offset: number, length: number) => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(Math.max(length, WINDOW_BYTES), size - offset)));
    fs.readSync(handle, bytes, 0, bytes.length, offset);
    [window, windowStart] = [bytes, offset];
  };
  return {
    length: size,
    read(offset, length) {
      const end = Math.min(offset + length, size);
      if (offset < windowStart || end > windowStart + window.length) load(offset, length);
      return window.subarray(offset - windowStart, Math.max(offset, end) - windowStart);
    },
  };
}

/** The first offset at or after `from` whose byte is not zero; the source's length where there is none. */
export function skipZeros(source: ByteSource, from: number): number {
  for (let at = from; at < source.length;) {
    const bytes = source.read(at, 4096);
    const found = bytes.findIndex((byte) => byte !== 0);
    if (found >= 0) return at + found;
    at += bytes.length;
  }
  return source.length;
}

/** Where the text begins first; -1 where it is nowhere. */
export function indexOfText(source: ByteSource, text: string): number {
  const wanted = Buffer.from(text, "latin1");
  const step = WINDOW_BYTES - wanted.length;
  for (let at = 0; at < source.length; at += step) {
    const found = source.read(at, WINDOW_BYTES).indexOf(wanted);
    if (found >= 0) return at + found;
  }
  return -1;
}
