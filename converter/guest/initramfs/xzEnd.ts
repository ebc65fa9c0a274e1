/** Bytes of the check behind each block, by the stream's flags (the .xz file format, 2.1.1.2). */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const STREAM_HEADER_BYTES = 12;
const STREAM_FOOTER_BYTES = 12;

/**
 * Where the first stream of xz data ends: its blocks are followed by the lengths in their LZMA2 chunks, then the index is
 * read. Throws a `RangeError` if the data is cut off.
 */
export function xzEnd(bytes: Buffer): number {
  const checkBytes = CHECK_BYTES[bytes.readUInt8(7) & 0x0f];
  let at = STREAM_HEADER_BYTES;
  while (bytes.readUInt8(at) !== 0) {
    const headerBytes = (bytes.readUInt8(at) + 1) * 4;
    at = alignFour(chunksEnd(bytes, at + headerBytes)) + checkBytes;
  }
  const end = indexEnd(bytes, at) + STREAM_FOOTER_BYTES;
  if (end > bytes.length) throw new RangeError(`${end} bytes needed, ${bytes.length} there`);
  return end;
}

/** LZMA2: a control byte for each chunk; 0 ends them, 1 and 2 are stored, from 0x80 on packed, from 0xc0 on with properties. */
function chunksEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (let control = bytes.readUInt8(at); control !== 0; control = bytes.readUInt8(at)) {
    if (control < 0x80) at += 3 + bytes.readUInt16BE(at + 1) + 1;
    else at += (control >= 0xc0 ? 6 : 5) + bytes.readUInt16BE(at + 3) + 1;
  }
  return at + 1;
}

/** The index: how many records, two numbers of seven bits a byte each, padding to four bytes, a checksum. */
function indexEnd(bytes: Buffer, from: number): number {
  let at = from + 1;
  const readNumber = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  for (let left = readNumber() * 2; left > 0; left--) readNumber();
  return from + alignFour(at - from) + 4;
}

/** Every part of a stream has a multiple of four bytes, so its offsets can be aligned from the stream's start. */
function alignFour(position: number): number {
  return Math.ceil(position / 4) * 4;
}
