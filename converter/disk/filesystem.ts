/** What the superblock of an ext filesystem says, through dumpe2fs. */
import { FailedError } from "../errors";
import { readAt, withDisk } from "./bytes";
import type { Runner } from "../run";
import type { FilesystemFacts } from "../types";

export type Superblock = Omit<FilesystemFacts, "health">;

/** Reads the superblock of a device or file. */
export async function readSuperblock(path: string, runner: Runner): Promise<Superblock> {
  const { stdout } = await runner(["dumpe2fs", "-h", path], { purpose: `reading the superblock of ${path}` });
  return parseSuperblock(stdout);
}

const SUPERBLOCK = { offset: 1024, bytes: 1024 };
/** The feature that makes the number of blocks one of 64 bits. */
const INCOMPATIBLE_64BIT = 0x80;

/**
 * The size that an ext filesystem says it has, in bytes. From the superblock itself: dumpe2fs fails on a disk that has
 * lost the end on which the journal lies. (Offsets: the kernel's Documentation/filesystems/ext4/super.rst.)
 */
export async function readClaimedSize(path: string): Promise<number> {
  const { offset, bytes } = SUPERBLOCK;
  const block = await withDisk(path, "read", (disk) => readAt(disk, offset, bytes));
  const high = block.readUInt32LE(0x60) & INCOMPATIBLE_64BIT ? block.readUInt32LE(0x150) : 0;
  return (high * 2 ** 32 + block.readUInt32LE(0x04)) * (1024 << block.readUInt32LE(0x18));
}

/** Reads the header that `dumpe2fs -h` prints. Throws `FailedError` where a field is missing. */
export function parseSuperblock(text: string): Superblock {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const found = /^([^:]+):\s+(.*)$/.exec(line);
    if (found && !fields.has(found[1])) fields.set(found[1], found[2].trim());
  }
  const field = (name: string) => {
    const value = fields.get(name);
    if (value === undefined)
      throw new FailedError(`superblock: dumpe2fs shows no "${name}". Is this an ext filesystem?`);
    return value;
  };
  const features = field("Filesystem features")
    .split(/\s+/)
    .filter((name) => name !== "(none)");
  return {
    type: typeOf(features),
    uuid: field("Filesystem UUID"),
    label: labelOf(field("Filesystem volume name")),
    blockSizeBytes: Number(field("Block size")),
    blockCount: Number(field("Block count")),
    freeBlocks: Number(field("Free blocks")),
    features,
    needsRecovery: features.includes("needs_recovery"),
  };
}

/** As the kernel and blkid tell them apart: extents and their like make an ext4, a journal an ext3. */
function typeOf(features: string[]): Superblock["type"] {
  const ext4 = [
    "extent",
    "extents",
    "flex_bg",
    "uninit_bg",
    "metadata_csum",
    "64bit",
    "huge_file",
    "dir_nlink",
    "extra_isize",
  ];
  if (features.some((name) => ext4.includes(name))) return "ext4";
  return features.includes("has_journal") ? "ext3" : "ext2";
}

function labelOf(text: string): string | undefined {
  return text === "<none>" || text === "" ? undefined : text;
}
