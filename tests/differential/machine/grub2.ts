/** The converter's GRUB 2 on a disk of one partition, as `install-grub` leaves it. */
import * as fs from "node:fs";
import { makeBootLoader, writeBootLoader } from "../../../converter/boot/grubCore";
import { withDisk } from "../../../converter/disk/bytes";
import { run } from "../../../converter/run";
import type { Plan } from "../../../converter/types";
import { boot, type Started } from "./boot";
import { fillPartition, partitionedDisk } from "./disks";

/** A disk with a partition table and the boot loader, and nothing on its partition. */
export async function emptyConvertedDisk(disk: string, plan: Plan["boot"]): Promise<string> {
  partitionedDisk(disk);
  const loader = await makeBootLoader(plan, run);
  const layout = { layout: "mbr" as const, partitions: [] };
  await withDisk(disk, "write", (handle) => writeBootLoader(handle, loader, layout));
  return disk;
}

/** The disk with the files of a folder on its partition. */
export function fillConvertedDisk(empty: string, tree: string, disk: string, uuid: string): string {
  fs.copyFileSync(empty, disk);
  return fillPartition(tree, disk, uuid);
}

/** What GRUB 2 starts from a converted disk. */
export function startedByGrub2(disk: string): Promise<Started> {
  return boot(disk);
}
