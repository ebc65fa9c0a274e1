/** Free space for what a guest writes during its rehearsal. */
import { describeNoSpace, freeBytes } from "../freeSpace";
import { LARGE_FILES_FOLDER } from "../scratch";
import type { Advice } from "../types";

/** Where QEMU keeps the throw-away overlay. Its file has no name, so nothing stays behind, however QEMU ends. */
export const OVERLAY_FOLDER = LARGE_FILES_FOLDER;

/** Measured: 30 MB for a Debian 12 to its prompt. Journals, logs and a first boot's keys may take ten times that. */
const NEEDED_BYTES = 512 * 1024 * 1024;

/** Refuses a rehearsal if the free space is too small for its overlay. Empty if it is enough. */
export async function refuseCrampedOverlay(
  folder = OVERLAY_FOLDER,
  needed = NEEDED_BYTES,
): Promise<Advice[]> {
  const free = await freeBytes(folder);
  if (free >= needed) return [];
  return [describeNoSpace({ folder, what: "the throw-away overlay of a rehearsal", bytes: needed }, free)];
}
