/**
 * What GRUB reads. Its ext2 driver gives up, with "unknown filesystem", at each incompatible feature that it does not know,
 * whether or not a file on the way has to do with it (measured with grub-fstest 2.06).
 */
import type { Advice, BootFileFacts, FilesystemFacts, MountFacts } from "../types";

const UNREAD = ["inline_data", "ea_inode", "casefold", "compression", "dirdata"];
/** Clusters of blocks smaller than this are beyond it, too. */
const BIGALLOC_BLOCK_BYTES = 4096;

/** The features of a filesystem for which GRUB does not read it. */
export function unreadByGrub({ type, features, blockSizeBytes }: FilesystemFacts): string[] {
  if (type === "xfs") return [];
  const clusters = blockSizeBytes < BIGALLOC_BLOCK_BYTES ? ["bigalloc"] : [];
  return features.filter((name) => [...UNREAD, ...clusters].includes(name));
}

/** Why GRUB could not read the menu and its kernels. */
export function refuseForGrub(mounts: MountFacts[], { part }: Pick<BootFileFacts, "part">): Advice[] {
  const mount = mounts.find((one) => one.part === part && one.logicalVolume === undefined);
  const features = mount ? unreadByGrub(mount.filesystem) : [];
  if (!mount || features.length === 0) return [];
  const found = `its ${mount.filesystem.type} filesystem holds the boot menu and has ${features.join(", ")}, for which GRUB does not read it.`;
  const advice =
    "Copy its files to a filesystem made without (mke2fs -O ^…), on a copy of the volume, and convert that.";
  return [{ subject: mount.point, found, advice }];
}
