import { formatBytes } from "../disk/sizes";
import type { Advice, FileEdit, GuestFacts, InitramfsPlan, Options } from "../types";

/** The report, as text and as JSON, with room for the originals of a guest's configuration. Bytes. */
const NEEDED_BYTES = 1024 * 1024;
/** Folders of the backup, the report's own files. */
const NEEDED_INODES = 20;

/**
 * Why the root filesystem has no room for what a conversion leaves in it: an original of each file that it changes, and a
 * report. Found on the way, it would leave a destination half done.
 */
export function refuseFullRoot(
  { rootFree }: Pick<GuestFacts, "rootFree">,
  { grow }: Pick<Options, "grow">,
  edits: FileEdit[],
): Advice[] {
  // Growing comes before the changes, and makes room. Nothing to change: converted already.
  if (!rootFree || grow || edits.length === 0) return [];
  const inodes = NEEDED_INODES + 2 * edits.length;
  if (rootFree.bytes >= NEEDED_BYTES && rootFree.inodes >= inodes) return [];
  const found = `no room for the originals of the changed files and the report: ${formatBytes(rootFree.bytes)} and ${rootFree.inodes} inodes are free, ${formatBytes(NEEDED_BYTES)} and ${inodes} are needed.`;
  return [{ subject: "/var", found, advice: "Remove files in the source, or grow the root (--grow)." }];
}

/** What is reckoned for an image that could not be read. Bytes. */
const USUAL_IMAGE_BYTES = 20_000_000;
/** An image unpacked, and packed again beside that. */
const UNPACKED = 4;

/**
 * Why there is no room for what a generator lays down in the guest meanwhile. Red Hat's mkinitrd (5.1.19.6) passes over a
 * /tmp that is memory, and takes /var/tmp; the others take the /tmp that they are given.
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
