/** What the superblock of a filesystem says: ext2, ext3 and ext4 here, XFS in a file of its own. */
import { FailedError } from "../../errors";
import type { Runner } from "../../run";
import type { FilesystemFacts } from "../../types";
import { withDisk } from "../bytes";
import { describeDisk } from "../disk";
import { type ReadBytes, readerOf } from "../extents";
import { formatUuid } from "../uuid";
import { readXfs } from "./xfs";

export type Superblock = Omit<FilesystemFacts, "health">;

/** Reads the superblock of a device or file. Throws `FailedError` if neither ext nor XFS lies there. */
export async function readSuperblock(path: string, runner: Runner): Promise<Superblock> {
  const { sizeBytes } = await describeDisk(path, runner);
  const found = await withDisk(path, "read", (disk) =>
    readFilesystem(readerOf(disk, [{ startBytes: 0, sizeBytes }])),
  );
  if (found) return found;
  throw new FailedError(
    `${path}: holds neither an ext nor an XFS superblock. Was it written over since it was inspected?`,
  );
}

/** Reads the superblock of whichever filesystem begins there; undefined if it is neither ext nor XFS. */
export async function readFilesystem(read: ReadBytes): Promise<Superblock | undefined> {
  const ext = await read(SUPERBLOCK.offset, SUPERBLOCK.bytes);
  return (ext && parseExtSuperblock(ext)) ?? readXfs(read);
}

const SUPERBLOCK = { offset: 1024, bytes: 1024 };
const MAGIC = 0xef53;

/** Bits by dumpe2fs's names, in the order in which it prints the three words (e2fsprogs, lib/e2p/feature.c). */
const FEATURES: [offset: number, names: Record<number, string>][] = [
  [
    0x5c,
    {
      ...{
        0x1: "dir_prealloc",
        0x2: "imagic_inodes",
        0x4: "has_journal",
        0x8: "ext_attr",
        0x10: "resize_inode",
      },
      ...{ 0x20: "dir_index", 0x40: "lazy_bg", 0x100: "snapshot_bitmap", 0x200: "sparse_super2" },
      ...{ 0x400: "fast_commit", 0x800: "stable_inodes", 0x1000: "orphan_file" },
    },
  ],
  [
    0x60,
    {
      ...{ 0x1: "compression", 0x2: "filetype", 0x4: "needs_recovery", 0x8: "journal_dev", 0x10: "meta_bg" },
      ...{
        0x40: "extent",
        0x80: "64bit",
        0x100: "mmp",
        0x200: "flex_bg",
        0x400: "ea_inode",
        0x1000: "dirdata",
      },
      ...{ 0x2000: "metadata_csum_seed", 0x4000: "large_dir", 0x8000: "inline_data", 0x10000: "encrypt" },
      ...{ 0x20000: "casefold" },
    },
  ],
  [
    0x64,
    {
      ...{ 0x1: "sparse_super", 0x2: "large_file", 0x8: "huge_file", 0x10: "uninit_bg", 0x20: "dir_nlink" },
      ...{ 0x40: "extra_isize", 0x80: "snapshot", 0x100: "quota", 0x200: "bigalloc", 0x400: "metadata_csum" },
      ...{
        0x800: "replica",
        0x1000: "read-only",
        0x2000: "project",
        0x4000: "shared_blocks",
        0x8000: "verity",
      },
      ...{ 0x10000: "orphan_present" },
    },
  ],
];

/**
 * Reads an ext superblock; undefined if the bytes are none. (Offsets: the kernel's
 * Documentation/filesystems/ext4/super.rst.) From the bytes and not through dumpe2fs, which fails on a disk that has lost
 * the end on which the journal lies, and cannot look into a logical volume without a device for it.
 */
export function parseExtSuperblock(block: Buffer): Superblock | undefined {
  if (block.readUInt16LE(0x38) !== MAGIC) return undefined;
  const features = featuresOf(block);
  const wide = features.includes("64bit");
  const count = (low: number, high: number) =>
    (wide ? block.readUInt32LE(high) : 0) * 2 ** 32 + block.readUInt32LE(low);
  const label = block.toString("utf8", 0x78, 0x88).replace(/\0.*$/s, "");
  return {
    type: typeOf(features),
    uuid: formatUuid(block.subarray(0x68, 0x78)),
    ...(label === "" ? {} : { label }),
    blockSizeBytes: 1024 * 2 ** block.readUInt32LE(0x18),
    blockCount: count(0x04, 0x150),
    freeBlocks: count(0x0c, 0x158),
    features,
    needsRecovery: features.includes("needs_recovery"),
  };
}

/** Names of the bits that are set; an unknown one as `feature word:bit`. */
function featuresOf(block: Buffer): string[] {
  return FEATURES.flatMap(([offset, names]) => {
    const word = block.readUInt32LE(offset);
    const bits = Array.from({ length: 32 }, (_, index) => 2 ** index).filter((bit) => (word & bit) !== 0);
    return bits.map((bit) => names[bit] ?? `feature ${offset.toString(16)}:${bit.toString(16)}`);
  });
}

const EXT4_ONLY = [
  "extent",
  "flex_bg",
  "uninit_bg",
  "metadata_csum",
  "64bit",
  "huge_file",
  "dir_nlink",
  "extra_isize",
];

/** As the kernel and blkid tell them apart: extents and their like make an ext4, a journal an ext3. */
function typeOf(features: string[]): Superblock["type"] {
  if (features.some((name) => EXT4_ONLY.includes(name))) return "ext4";
  return features.includes("has_journal") ? "ext3" : "ext2";
}
