import { formatBytes } from "../disk/sizes";
import type { Advice, FileEdit, GuestFacts, Options } from "../types";

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
