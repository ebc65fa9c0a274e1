/** Places on a converted disk, in bytes. One table, so that they cannot come to overlap unseen. */
export const SECTOR = 512;
export const MIB = 1024 * 1024;

/** Boot code in the master boot record; the disk's signature and the partition table follow it. */
export const BOOT_CODE_BYTES = 440;

/** GRUB's core image: from the sector after the master boot record up to the record. */
export const CORE_OFFSET = SECTOR;

/** The record of what has been finished: the last quarter of the gap before partition 1. */
export const RECORD_OFFSET = 786_432;

/** Partition 1 begins at 1 MiB, where every partitioning tool of the last fifteen years begins. */
export const PARTITION_OFFSET = MIB;

/** A master boot record counts 512-byte sectors in 32 bits. */
export const MBR_LIMIT_BYTES = 2 ** 32 * SECTOR;

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** `763 MiB`, `1025 MiB`, `8 GiB`: the largest unit of which there is a whole number, or ten and more. */
export function formatBytes(bytes: number): string {
  const fits = (power: number) =>
    bytes >= 10 * 1024 ** power || (bytes >= 1024 ** power && bytes % 1024 ** power === 0);
  const power = Math.max(0, [0, 1, 2, 3, 4].findLast(fits) ?? 0);
  return `${Math.round(bytes / 1024 ** power)} ${UNITS[power]}`;
}
