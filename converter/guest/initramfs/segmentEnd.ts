/**
 * Where a compressed segment ends, told from the lengths in its own headers and without unpacking it: an initramfs may be
 * several archives, packed or not, one after the other. Each function takes the bytes from the segment's first on and
 * returns the offset of the first byte behind it; a `RangeError` is a segment that is cut off.
 */
import { xzEnd } from "./xzEnd";

/** The forms that tell their end. bzip2 and lzma do not: what lies behind such a segment is not seen. */
export const SEGMENT_ENDS = { zstd: zstdEnd, lz4: lz4End, xz: xzEnd, lzo: lzopEnd };

/** A frame of RFC 8878: header, blocks with their sizes, perhaps a checksum. */
function zstdEnd(bytes: Buffer): number {
  const descriptor = bytes.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  let at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes;
  for (let isLast = false; !isLast;) {
    const block = bytes.readUIntLE(at, 3);
    isLast = (block & 1) === 1;
    const isRepeated = ((block >> 1) & 3) === 1;
    at += 3 + (isRepeated ? 1 : block >> 3);
  }
  return within(bytes, at + ((descriptor & 4) !== 0 ? 4 : 0));
}

const LZ4_MAGIC = 0x184c2102;
/** What 8 MiB may become at most: the largest block of `lz4 -l`. */
const LZ4_LARGEST_BLOCK = 8421520;

/** The legacy frame: blocks until the end, or until something that can be no block's size (lib/decompress_unlz4.c). */
function lz4End(bytes: Buffer): number {
  let at = 4;
  while (at + 4 <= bytes.length) {
    const size = bytes.readUInt32LE(at);
    if (size !== LZ4_MAGIC && (size === 0 || size > LZ4_LARGEST_BLOCK || isGzip(bytes, at))) break;
    at = within(bytes, at + 4 + (size === LZ4_MAGIC ? 0 : size));
  }
  return at;
}

/** A gzip segment's first bytes could be a size too; that a block has just this one happens once in sixteen million. */
function isGzip(bytes: Buffer, at: number): boolean {
  return bytes.readUIntBE(at, 3) === 0x1f8b08;
}

const LZOP_MAGIC_BYTES = 9;
const LZOP_FLAG = {
  ...{ adlerOfUnpacked: 0x1, adlerOfPacked: 0x2, extraField: 0x40 },
  ...{ crcOfUnpacked: 0x100, crcOfPacked: 0x200, filter: 0x800 },
};

/** lzop's file: a header as its version has it, then blocks with both sizes and the checksums that the flags name. */
function lzopEnd(bytes: Buffer): number {
  const isNew = bytes.readUInt16BE(LZOP_MAGIC_BYTES) >= 0x0940;
  const flagsAt = LZOP_MAGIC_BYTES + (isNew ? 8 : 5);
  const flags = bytes.readUInt32BE(flagsAt);
  const has = (flag: number) => ((flags & flag) !== 0 ? 4 : 0);
  const nameAt = flagsAt + 4 + has(LZOP_FLAG.filter) + (isNew ? 12 : 8);
  let at = nameAt + 1 + bytes.readUInt8(nameAt) + 4;
  if (has(LZOP_FLAG.extraField)) at += 4 + bytes.readUInt32BE(at) + 4;
  for (;;) {
    const unpacked = bytes.readUInt32BE(at);
    if (unpacked === 0) return at + 4;
    const packed = bytes.readUInt32BE(at + 4);
    at += 8 + has(LZOP_FLAG.adlerOfUnpacked) + has(LZOP_FLAG.crcOfUnpacked) + packed;
    // A block that packing would not make smaller is stored, without a checksum of its own.
    if (packed < unpacked) at += has(LZOP_FLAG.adlerOfPacked) + has(LZOP_FLAG.crcOfPacked);
  }
}

function within(bytes: Buffer, end: number): number {
  if (end > bytes.length) throw new RangeError(`${end} bytes needed, ${bytes.length} there`);
  return end;
}
