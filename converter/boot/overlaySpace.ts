/** Room for what a guest writes while it is rehearsed. */
import * as fs from "node:fs/promises";
import type { Advice } from "../types";

/** Where QEMU keeps the throw-away overlay: nameless from the start, so that nothing stays behind whoever ends it. */
export const OVERLAY_FOLDER = "/var/tmp";

/** Measured: 30 MB for a Debian 12 to its prompt. Journals, logs and a first boot's keys may take ten times that. */
const NEEDED_BYTES = 512 * 1024 * 1024;

/** Refuses a rehearsal for which there is no room. Empty: there is. */
export async function refuseCrampedOverlay(
  folder = OVERLAY_FOLDER,
  needed = NEEDED_BYTES,
): Promise<Advice[]> {
  const { bavail, bsize } = await fs.statfs(folder);
  const free = bavail * bsize;
  if (free >= needed) return [];
  const found = `${mebibytes(free)} free, ${mebibytes(needed)} needed for the throw-away overlay of a rehearsal.`;
  return [
    { subject: folder, found, advice: `Free some room in ${folder} of this machine, and run it again.` },
  ];
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}
