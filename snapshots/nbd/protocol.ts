/** The numbers of NBD, the protocol by which QEMU reads a disk of others: https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md */

export const MAGIC = {
  greeting: Buffer.from("NBDMAGICIHAVEOPT"),
  option: Buffer.from("IHAVEOPT"),
  optionReply: 0x0003e889045565a9n,
  request: 0x25609513,
  reply: 0x67446698,
} as const;

/** Of the greeting: options are negotiated, and no zeros follow them. */
export const FIXED_NEWSTYLE = 0b01;
export const NO_ZEROES = 0b10;

export const OPTION = { exportName: 1, abort: 2, list: 3, info: 6, go: 7 } as const;
export const REPLY = { ack: 1, server: 2, info: 3, unsupported: 2 ** 31 + 1 } as const;
/** Kinds of information about an export. */
export const INFO = { export: 0 } as const;
/** Of an export: it has flags, is read-only, and may be read by several connections. */
export const READ_ONLY = 0b1 | 0b10 | 0b1_0000_0000;

export const COMMAND = { read: 0, write: 1, disconnect: 2 } as const;
/** errno(3), as NBD numbers them. */
export const ERROR = { none: 0, notPermitted: 1, io: 5, invalid: 22 } as const;

/** No client may ask for more at once: QEMU's own limit. Bytes. */
export const MOST_AT_ONCE = 32 * 1024 * 1024;

export function exportInfo(sizeBytes: number): Buffer {
  const info = Buffer.alloc(12);
  info.writeUInt16BE(INFO.export, 0);
  info.writeBigUInt64BE(BigInt(sizeBytes), 2);
  info.writeUInt16BE(READ_ONLY, 10);
  return info;
}

export function optionReply(option: number, type: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(20);
  header.writeBigUInt64BE(MAGIC.optionReply, 0);
  header.writeUInt32BE(option, 8);
  header.writeUInt32BE(type, 12);
  header.writeUInt32BE(data.length, 16);
  return Buffer.concat([header, data]);
}

export interface Request {
  command: number;
  handle: bigint;
  offset: number;
  length: number;
}

export const REQUEST_BYTES = 28;

/** Undefined for what is no request. */
export function parseRequest(bytes: Buffer): Request | undefined {
  if (bytes.readUInt32BE(0) !== MAGIC.request) return undefined;
  return {
    command: bytes.readUInt16BE(6),
    handle: bytes.readBigUInt64BE(8),
    offset: Number(bytes.readBigUInt64BE(16)),
    length: bytes.readUInt32BE(24),
  };
}

export function replyHeader(handle: bigint, error: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(MAGIC.reply, 0);
  header.writeUInt32BE(error, 4);
  header.writeBigUInt64BE(handle, 8);
  return header;
}
