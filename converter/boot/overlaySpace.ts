/** Room for what a guest writes while it is rehearsed. */
import { describeNoRoom, freeBytes } from "../room";
import { ROOMY_FOLDER } from "../scratch";
import type { Advice } from "../types";

/** Where QEMU keeps the throw-away overlay: nameless from the start, so that nothing stays behind whoever ends it. */
export const OVERLAY_FOLDER = ROOMY_FOLDER;

/** Measured: 30 MB for a Debian 12 to its prompt. Journals, logs and a first boot's keys may take ten times that. */
const NEEDED_BYTES = 512 * 1024 * 1024;

/** Refuses a rehearsal for which there is no room. Empty: there is. */
export async function refuseCrampedOverlay(
  folder = OVERLAY_FOLDER,
  needed = NEEDED_BYTES,
): Promise<Advice[]> {
  const free = await freeBytes(folder);
  if (free >= needed) return [];
  return [describeNoRoom({ folder, what: "the throw-away overlay of a rehearsal", bytes: needed }, free)];
}
