/** The EFI system partition of a GPT: an empty FAT filesystem. Nothing boots from it until the guest puts a loader there. */
import type { Runner } from "../../run";
import type { PartitionPlan } from "../../types";
import { withMappedDevice } from "../extents";
import { MIB } from "../sizes";

/** mkfs.vfat's smallest FAT32 with clusters of one sector has 65525 of them. */
const SMALLEST_FAT32 = 34 * MIB;

/** Makes the filesystem. What was there is gone: this is for a partition of our own making alone. */
export async function makeEfiSystemPartition(
  path: string,
  partition: PartitionPlan,
  runner: Runner,
): Promise<void> {
  const { startBytes, sizeBytes } = partition;
  await withMappedDevice({ path, extents: [{ startBytes, sizeBytes }] }, false, runner, async (device) => {
    await runner(mkfsCommand(device, partition), { purpose: `making the EFI system partition of ${path}` });
  });
}

/** `mkfs.vfat`'s arguments. The volume's number comes from the partition's GUID: the same at every call. */
export function mkfsCommand(device: string, { sizeBytes, guid = "" }: PartitionPlan): string[] {
  const fat32 = sizeBytes >= SMALLEST_FAT32;
  const number = guid.replaceAll("-", "").slice(0, 8).padStart(8, "0");
  // 32 bits are what UEFI asks of a fixed disk; clusters of one sector make them possible below 260 MiB.
  return [
    "mkfs.vfat",
    "-F",
    fat32 ? "32" : "16",
    ...(fat32 ? ["-s", "1"] : []),
    "-i",
    number,
    "-n",
    "EFI",
    device,
  ];
}
