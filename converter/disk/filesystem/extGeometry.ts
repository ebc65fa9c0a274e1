/**
 * What an ext2, ext3 or ext4 superblock says of where things lie. Offsets and rules: the kernel's
 * Documentation/filesystems/ext4 (super, group_descr, blockgroup), held against dumpe2fs.
 */
import { FailedError } from "../../errors";

export interface ExtGeometry {
  blockSize: number;
  blockCount: number;
  /** 1 with blocks of 1 KiB, else 0: blocks before it belong to no group. */
  firstDataBlock: number;
  blocksPerGroup: number;
  groupCount: number;
  /** Blocks that one bit of a bitmap stands for: 1, unless the filesystem is of the bigalloc kind. */
  clusterBlocks: number;
  inodeTableBlocks: number;
  descriptorBytes: number;
  /** Blocks that the group descriptors take, whole and without any growth kept free. */
  descriptorBlocks: number;
  /** Blocks kept behind them for growth (resize_inode). */
  reservedDescriptorBlocks: number;
  /** meta_bg: from this block of descriptors on, each lies in the groups that it describes. */
  firstMetaGroup: number;
  /** Group descriptors carry flags: those of a group never used need no bitmap (uninit_bg, metadata_csum). */
  hasGroupFlags: boolean;
  /** Which groups begin with a copy of the superblock. */
  hasSuperblock: (group: number) => boolean;
}

export const SUPERBLOCK_OFFSET = 1024;
export const SUPERBLOCK_BYTES = 1024;
const MAGIC = 0xef53;

const COMPATIBLE = { sparseSuper2: 0x200 };
const INCOMPATIBLE = { metaGroups: 0x10, wide: 0x80 };
const READ_ONLY = { sparseSuper: 0x1, groupChecksums: 0x10, bigalloc: 0x200, metadataChecksums: 0x400 };

/** Reads a superblock of 1 KiB. Throws `FailedError` if it is none. */
export function parseGeometry(superblock: Buffer): ExtGeometry {
  const word = (offset: number) => superblock.readUInt32LE(offset);
  const half = (offset: number) => superblock.readUInt16LE(offset);
  const [compatible, incompatible, readOnly] = [word(0x5c), word(0x60), word(0x64)];
  const wide = (incompatible & INCOMPATIBLE.wide) !== 0;
  const blockSize = 1024 * 2 ** word(0x18);
  const blockCount = word(0x04) + (wide ? word(0x150) * 2 ** 32 : 0);
  const [firstDataBlock, blocksPerGroup] = [word(0x14), word(0x20)];
  if (half(0x38) !== MAGIC || blocksPerGroup === 0 || blockSize > 65536 || blockCount <= firstDataBlock) {
    throw new FailedError("free blocks: no ext superblock at byte 1024. Is this an ext filesystem?");
  }
  const groupCount = Math.ceil((blockCount - firstDataBlock) / blocksPerGroup);
  const descriptorBytes = wide ? Math.max(half(0xfe), 32) : 32;
  const descriptorBlocks = Math.ceil((groupCount * descriptorBytes) / blockSize);
  return {
    blockSize,
    blockCount,
    firstDataBlock,
    blocksPerGroup,
    groupCount,
    clusterBlocks: readOnly & READ_ONLY.bigalloc ? (1024 * 2 ** word(0x1c)) / blockSize : 1,
    inodeTableBlocks: Math.ceil((word(0x28) * (word(0x4c) === 0 ? 128 : half(0x58))) / blockSize),
    descriptorBytes,
    descriptorBlocks,
    reservedDescriptorBlocks: half(0xce),
    firstMetaGroup: incompatible & INCOMPATIBLE.metaGroups ? word(0x104) : Infinity,
    hasGroupFlags: (readOnly & (READ_ONLY.groupChecksums | READ_ONLY.metadataChecksums)) !== 0,
    hasSuperblock: backupRule(compatible, readOnly, [word(0x24c), word(0x250)]),
  };
}

function backupRule(compatible: number, readOnly: number, two: number[]): (group: number) => boolean {
  if (compatible & COMPATIBLE.sparseSuper2) return (group) => group === 0 || two.includes(group);
  if (!(readOnly & READ_ONLY.sparseSuper)) return () => true;
  return (group) => group <= 1 || [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(value: number, base: number): boolean {
  while (value % base === 0) value /= base;
  return value === 1;
}

/** The first block of a group. */
export function firstBlockOf(geometry: ExtGeometry, group: number): number {
  return geometry.firstDataBlock + group * geometry.blocksPerGroup;
}

/** Blocks of descriptors that lie behind each other after the superblock: all, but for those of meta_bg. */
export function plainDescriptorBlocks({ descriptorBlocks, firstMetaGroup }: ExtGeometry): number {
  return Math.min(descriptorBlocks, firstMetaGroup);
}

/** The block that holds the superblock: the group's first one, unless byte 1024 is elsewhere (bigalloc with 1 KiB). */
export function superblockBlock(geometry: ExtGeometry, group: number): number {
  return group === 0 ? Math.floor(SUPERBLOCK_OFFSET / geometry.blockSize) : firstBlockOf(geometry, group);
}

/** Where the `index`th block of group descriptors lies. */
export function descriptorBlock(geometry: ExtGeometry, index: number): number {
  if (index < geometry.firstMetaGroup) return superblockBlock(geometry, 0) + 1 + index;
  const group = index * descriptorsPerBlock(geometry);
  return geometry.hasSuperblock(group) ? superblockBlock(geometry, group) + 1 : firstBlockOf(geometry, group);
}

export function descriptorsPerBlock({ blockSize, descriptorBytes }: ExtGeometry): number {
  return Math.floor(blockSize / descriptorBytes);
}
