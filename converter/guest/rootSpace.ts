import { formatBytes } from "../disk/sizes";
import type { Advice, FileEdit, GuestFacts, InitramfsPlan, Options } from "../types";

/** Enough for the report, as text and as JSON, and for the originals of a guest's configuration files. Bytes. */
const NEEDED_BYTES = 1024 * 1024;
/** For the folders of the backup, and the report's own files. */
const NEEDED_INODES = 20;

/**
 * Refuses a root filesystem without enough free space for what a conversion leaves there: the original of each file that it
 * changes, and a report. Without this check, the conversion would fail half done.
 */
export function refuseFullRoot(
  { rootFree }: Pick<GuestFacts, "rootFree">,
  { grow }: Pick<Options, "grow">,
  edits: FileEdit[],
): Advice[] {
  // With --grow, the filesystem is grown before the changes. Without edits, the guest is converted already.
  if (!rootFree || grow || edits.length === 0) return [];
  const inodes = NEEDED_INODES + 2 * edits.length;
  if (rootFree.bytes >= NEEDED_BYTES && rootFree.inodes >= inodes) return [];
  const found = `no room for the originals of the changed files and the report: ${formatBytes(rootFree.bytes)} and ${rootFree.inodes} inodes are free, ${formatBytes(NEEDED_BYTES)} and ${inodes} are needed.`;
  return [{ subject: "/var", found, advice: "Remove files in the source, or grow the root (--grow)." }];
}

/** The assumed size of an image that could not be read. Bytes. */
const USUAL_IMAGE_BYTES = 20_000_000;
/** How many times the packed size an image needs while it is unpacked, with the new one beside it. */
const UNPACKED = 4;

/**
 * Refuses a guest without enough free space for the generator's temporary files. Red Hat's mkinitrd (5.1.19.6) does not use
 * a /tmp in memory, and takes /var/tmp; the other generators use the /tmp that they are given.
 */
export function refuseFullTemporary(
  { rootFree, kernels }: Pick<GuestFacts, "rootFree" | "kernels">,
  { grow }: Pick<Options, "grow">,
  initramfs: InitramfsPlan[],
): Advice[] {
  const rebuilt = initramfs.filter(({ action, tool }) => action === "rebuild" && tool === "mkinitrd");
  if (!rootFree || grow || rebuilt.length === 0) return [];
  const sizes = rebuilt.map(
    ({ path }) => kernels.find(({ initrd }) => initrd === path)?.initrdBytes ?? USUAL_IMAGE_BYTES,
  );
  const needed = UNPACKED * Math.max(...sizes);
  if (rootFree.bytes >= needed) return [];
  const found = `no room for mkinitrd to work in: ${formatBytes(rootFree.bytes)} are free, ${formatBytes(needed)} are needed.`;
  return [{ subject: "/var/tmp", found, advice: "Remove files in the source, or grow the root (--grow)." }];
}
