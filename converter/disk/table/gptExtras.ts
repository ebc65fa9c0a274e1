/** The partitions that a GPT gets beside the source's own. */
import type { DiskFacts, MountFacts, PartitionPlan } from "../../types";
import { ENTRIES, GPT_TYPES } from "./gpt";
import { guidFrom } from "./identities";
import { MIB, RECORD_OFFSET, SECTOR } from "../sizes";

/** The first whole 4 KiB after the table's entries. */
export const BIOS_BOOT_OFFSET = 40 * SECTOR;
const EFI_SYSTEM_BYTES = 64 * MIB;

/** Numbers that the cloud images of Ubuntu and Debian have for these two: far from those that a guest's files name. */
const BIOS_BOOT_NUMBER = 14;
const EFI_SYSTEM_NUMBER = 15;

/**
 * Where GRUB's core image lies: between the table and the conversion's record. A source's own BIOS boot partition gives it
 * number and GUID.
 */
export function biosBootPartition(
  source: DiskFacts,
  root: MountFacts,
  copies: PartitionPlan[],
): PartitionPlan {
  const own = source.parts.find(({ type }) => type === GPT_TYPES.biosBoot);
  const taken = [...copies.map(({ number }) => number), EFI_SYSTEM_NUMBER];
  return {
    number: own?.number ?? freeNumber(BIOS_BOOT_NUMBER, taken),
    startBytes: BIOS_BOOT_OFFSET,
    sizeBytes: RECORD_OFFSET - BIOS_BOOT_OFFSET,
    type: GPT_TYPES.biosBoot,
    guid: own?.guid ?? guidFrom(root.filesystem.uuid, "BIOS boot partition"),
    role: "bios-boot",
  };
}

/** Empty: room for the guest's own UEFI boot loader, should it ever get one. */
export function efiSystemPartition(
  source: DiskFacts,
  root: MountFacts,
  copies: PartitionPlan[],
): PartitionPlan {
  const biosBoot = biosBootPartition(source, root, copies).number;
  return {
    number: freeNumber(EFI_SYSTEM_NUMBER, [...copies.map(({ number }) => number), biosBoot]),
    startBytes: 0,
    sizeBytes: EFI_SYSTEM_BYTES,
    type: GPT_TYPES.efiSystem,
    guid: guidFrom(root.filesystem.uuid, "EFI system partition"),
    role: "efi-system",
  };
}

/** The wish, or the highest free number of a table; beyond its end where all are taken, which is refused later. */
function freeNumber(wish: number, taken: number[]): number {
  if (!taken.includes(wish)) return wish;
  const numbers = Array.from({ length: ENTRIES }, (_, index) => ENTRIES - index);
  return numbers.find((number) => !taken.includes(number)) ?? ENTRIES + 1;
}
