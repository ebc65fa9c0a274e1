const FIXED_BYTES = 10;
const FLAG = { headerChecksum: 0x02, extra: 0x04, name: 0x08, comment: 0x10 };

/** Where the deflated data of a gzip member begins (RFC 1952). Throws an `Error` if the header is cut off. */
export function gzipDataStart(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = FIXED_BYTES;
  if (flags & FLAG.extra && at + 2 <= bytes.length) at += 2 + bytes.readUInt16LE(at);
  for (const flag of [FLAG.name, FLAG.comment]) if (flags & flag) at = behindZero(bytes, at);
  if (flags & FLAG.headerChecksum) at += 2;
  if (at >= bytes.length) throw new Error(`its gzip part is cut off after ${bytes.length} bytes`);
  return at;
}

function behindZero(bytes: Buffer, from: number): number {
  const zero = bytes.indexOf(0, from);
  return zero < 0 ? bytes.length : zero + 1;
}
