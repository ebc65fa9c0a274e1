/** The folder for mounts, GRUB's core image, claims and replayed journals: TMPDIR, or /tmp. */
import * as fs from "node:fs";
import * as os from "node:os";
import { formatBytes } from "./disk/sizes";
import { RefusedError } from "./errors";

const MIB = 2 ** 20;

/** Enough for everything but a large journal, which says by itself where it finds no room. */
const NEEDED_BYTES = 4 * MIB;

/** Throws a `RefusedError` where nothing can be laid down there: told now, before it fails in the middle of a step. */
export function refuseScratch(folder = os.tmpdir()): void {
  const found = whyUnusable(folder);
  if (found === undefined) return;
  const advice = "Make room there, or set TMPDIR to another folder.";
  throw new RefusedError([{ subject: `folder for temporary files ${folder}`, found, advice }]);
}

function whyUnusable(folder: string): string | undefined {
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    const { bavail, bsize } = fs.statfsSync(folder);
    if (bavail * bsize >= NEEDED_BYTES) return undefined;
    return `has ${formatBytes(bavail * bsize)} free, ${formatBytes(NEEDED_BYTES)} are needed.`;
  } catch (error) {
    return `cannot be used (${(error as Error).message}).`;
  }
}
