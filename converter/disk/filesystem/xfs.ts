/** What the superblock of an XFS filesystem says (offsets: struct xfs_dsb of the kernel's fs/xfs/libxfs/xfs_format.h; big-endian). */
import type { Superblock } from "./filesystem";
import type { ReadBytes } from "../extents";
import { formatUuid } from "../uuid";
import { isLogClean } from "./xfsLog";

const SUPERBLOCK_BYTES = 512;
const MAGIC = "XFSB";

const VERSION_BITS: Record<number, string> = {
  ...{ 0x10: "attr", 0x20: "nlink", 0x40: "quota", 0x80: "align", 0x100: "dalign", 0x400: "logv2" },
  ...{ 0x800: "sector", 0x1000: "extflg", 0x2000: "dirv2", 0x4000: "ascii-ci" },
};
const FEATURES2_BITS: Record<number, string> = {
  ...{ 0x2: "lazy-count", 0x8: "attr2", 0x10: "parent", 0x80: "projid32bit", 0x100: "crc", 0x200: "ftype" },
};
const RO_COMPAT_BITS: Record<number, string> = {
  0x1: "finobt",
  0x2: "rmapbt",
  0x4: "reflink",
  0x8: "inobtcount",
};
const INCOMPAT_BITS: Record<number, string> = {
  ...{ 0x1: "ftype", 0x2: "sparse", 0x4: "meta_uuid", 0x8: "bigtime", 0x10: "needsrepair", 0x20: "nrext64" },
};

/** Places of an XFS filesystem that its log is found by. */
export interface XfsGeometry {
  /** Of the log, in bytes from the filesystem's start; absent if it lies on another device. */
  logStartBytes?: number;
  logBytes: number;
}

/** Reads an XFS superblock and the end of its log; undefined if the bytes are none. */
export async function readXfs(read: ReadBytes): Promise<Superblock | undefined> {
  const block = await read(0, SUPERBLOCK_BYTES);
  const parsed = block && parseXfsSuperblock(block);
  if (!parsed) return undefined;
  const { geometry, ...facts } = parsed;
  // With its log on another device, nobody knows what waits in it.
  const clean =
    geometry.logStartBytes !== undefined &&
    (await isLogClean(read, geometry.logStartBytes, geometry.logBytes));
  return { ...facts, needsRecovery: !clean };
}

/** Reads the superblock's bytes; undefined if they are none. */
export function parseXfsSuperblock(
  block: Buffer,
): (Omit<Superblock, "needsRecovery"> & { geometry: XfsGeometry }) | undefined {
  if (block.toString("latin1", 0, 4) !== MAGIC) return undefined;
  const label = block.toString("utf8", 108, 120).replace(/\0.*$/s, "");
  return {
    type: "xfs",
    uuid: formatUuid(block.subarray(32, 48)),
    ...(label === "" ? {} : { label }),
    blockSizeBytes: block.readUInt32BE(4),
    blockCount: Number(block.readBigUInt64BE(8)),
    freeBlocks: Number(block.readBigUInt64BE(144)),
    features: featuresOf(block),
    geometry: geometryOf(block),
  };
}

/** `v4` or `v5` first, then what mkfs.xfs calls them; `external-log` and `realtime` where other devices belong to it. */
function featuresOf(block: Buffer): string[] {
  const versionWord = block.readUInt16BE(100);
  const version = versionWord & 0xf;
  const named = [
    `v${version}`,
    ...namesOf(versionWord, VERSION_BITS),
    ...((versionWord & 0x8000) !== 0 ? namesOf(block.readUInt32BE(200), FEATURES2_BITS) : []),
    ...(version >= 5 ? namesOf(block.readUInt32BE(212), RO_COMPAT_BITS) : []),
    ...(version >= 5 ? namesOf(block.readUInt32BE(216), INCOMPAT_BITS) : []),
    ...(block.readBigUInt64BE(48) === 0n ? ["external-log"] : []),
    ...(block.readBigUInt64BE(16) !== 0n ? ["realtime"] : []),
  ];
  return [...new Set(named)];
}

function namesOf(word: number, names: Record<number, string>): string[] {
  return Object.entries(names)
    .filter(([bit]) => (word & Number(bit)) !== 0)
    .map(([, name]) => name);
}

/** A block's number has the allocation group in its upper bits. */
function geometryOf(block: Buffer): XfsGeometry {
  const blockSize = block.readUInt32BE(4);
  const logBytes = block.readUInt32BE(96) * blockSize;
  const start = block.readBigUInt64BE(48);
  if (start === 0n) return { logBytes };
  const bits = BigInt(block[124]);
  const group = Number(start >> bits);
  const inGroup = Number(start & ((1n << bits) - 1n));
  return { logStartBytes: (group * block.readUInt32BE(84) + inGroup) * blockSize, logBytes };
}
