/** A disk or filesystem that does not begin at the first byte: something was put before it, or it was copied with too much. */
import { SECTOR } from "./sizes";

/** Where one is looked for: after a header of a sector or two, of a page, the old and the new start of a first partition. Bytes. */
const OFFSETS = [512, 1024, 2048, 4096, 8192, 63 * SECTOR, 64 * 1024, 1024 * 1024, 2 * 1024 * 1024];

/** What is there, with its offset in bytes; the first that is found. */
export function whatIsInside(head: Buffer): { offset: number; what: string } | undefined {
  for (const offset of OFFSETS) {
    const what = whatBegins(head.subarray(offset));
    if (what !== undefined) return { offset, what };
  }
  return undefined;
}

function whatBegins(bytes: Buffer): string | undefined {
  if (bytes.length < EXT.start + EXT.bytes) return undefined;
  if (isExt(bytes.subarray(EXT.start))) return "an ext2, ext3 or ext4 filesystem";
  if (isXfs(bytes)) return "an XFS filesystem";
  if (bytes.toString("latin1", SECTOR, SECTOR + 8) === "EFI PART") return "a disk with a GPT";
  if (bytes.toString("latin1", SECTOR, SECTOR + 8) === "LABELONE") return "a physical volume of LVM";
  return isMasterBootRecord(bytes) ? "a disk with a master boot record" : undefined;
}

/** The superblock lies 1024 bytes behind the beginning (kernel documentation, filesystems/ext4/super.rst). */
const EXT = { start: 1024, bytes: 1024 };

/** The first superblock, and no copy of it: those have the number of their group. */
function isExt(superblock: Buffer): boolean {
  const [blocks, blockSize, magic] = [
    superblock.readUInt32LE(4),
    superblock.readUInt32LE(24),
    superblock.readUInt16LE(56),
  ];
  const [revision, group] = [superblock.readUInt32LE(76), superblock.readUInt16LE(90)];
  return magic === 0xef53 && blocks > 0 && blockSize <= 6 && revision <= 1 && group === 0;
}

function isXfs(bytes: Buffer): boolean {
  const blockSize = bytes.readUInt32BE(4);
  return (
    bytes.toString("latin1", 0, 4) === "XFSB" &&
    [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536].includes(blockSize)
  );
}

const TABLE = { start: 446, entries: 4, entryBytes: 16 };

/** The mark, and four entries that can be true, one of them in use: the mark alone stands in every old boot sector. */
function isMasterBootRecord(bytes: Buffer): boolean {
  if (bytes.readUInt16LE(510) !== 0xaa55) return false;
  const entries = Array.from({ length: TABLE.entries }, (_, index) =>
    bytes.subarray(TABLE.start + index * TABLE.entryBytes, TABLE.start + (index + 1) * TABLE.entryBytes),
  );
  const used = entries.filter((entry) => entry[4] !== 0);
  return (
    used.length > 0 &&
    entries.every((entry) => entry[0] === 0 || entry[0] === 0x80) &&
    used.every((entry) => entry.readUInt32LE(8) > 0 && entry.readUInt32LE(12) > 0)
  );
}
