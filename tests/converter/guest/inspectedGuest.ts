/** A guest made of a few files, inspected as if it lay on a bare disk or on partitions. */
import { GuestDevices } from "../../../converter/guest/devices";
import { readGuest } from "../../../converter/guest/inspect";
import type { BootFilePlace } from "../../../converter/guest/menu/readBootFile";
import type { GuestTree } from "../../../converter/guest/tree";
import { run } from "../../../converter/run";
import type { DiskFacts, Facts, FilesystemFacts, MountFacts } from "../../../converter/types";
import { UUID } from "./menu/phonyTarget";

/** A clean ext4 filesystem, with changes. */
export function cleanFilesystem(changes: Partial<FilesystemFacts> = {}): FilesystemFacts {
  return {
    ...{ type: "ext4", uuid: UUID, label: "cloudimg-rootfs", blockSizeBytes: 4096, blockCount: 524288 },
    ...{ freeBlocks: 262144, features: [], needsRecovery: false, health: "clean" },
    ...changes,
  };
}

/** Where a guest lies: by default on a bare disk, with its menu there. */
export interface Lying {
  mounts?: MountFacts[];
  table?: DiskFacts["table"];
  bootFile?: BootFilePlace;
}

/** What inspection says of it, and what its devices mean. */
export async function inspectedGuest(
  tree: GuestTree,
  {
    mounts = [{ point: "/", part: 0, filesystem: cleanFilesystem() }],
    table = "none",
    bootFile = { part: 0, path: "/boot/grub/menu.lst", prefix: "" },
  }: Lying = {},
): Promise<{ facts: Facts; devices: GuestDevices }> {
  const parts = mounts.map(({ part: number, filesystem }) => ({
    ...{ number, startBytes: 0, sizeBytes: 2 ** 30 },
    content: { kind: "filesystem" as const, filesystem },
  }));
  const source: DiskFacts = { path: "/dev/xvdf", sizeBytes: 2 ** 31, table, parts };
  const guest = await readGuest({ tree, mounts, bootFile }, run);
  return { facts: { source, mounts, guest }, devices: new GuestDevices(source, mounts) };
}
