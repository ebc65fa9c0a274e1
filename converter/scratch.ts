/** Folders for temporary files: mounts, GRUB's core image, overlays, unpacked files. */
import * as fs from "node:fs";
import * as os from "node:os";
import { withUndo } from "./cleanup";
import { type ScratchKind, scratchPrefix } from "./disk/leftovers";
import { formatBytes, MIB } from "./disk/sizes";
import { RefusedError } from "./errors";
import { type SpaceRequest, withFreeSpace } from "./freeSpace";

/** The folder for files that may be large. It is on a disk; /tmp may be in memory. */
export const LARGE_FILES_FOLDER = "/var/tmp";

/** Enough for all small files whose size is not known before. Larger ones have a `SpaceRequest` of their own. */
const NEEDED_BYTES = 4 * MIB;

/** Throws a `RefusedError` if temporary files cannot be written there: better now than in the middle of a step. */
export function refuseScratch(folders = [os.tmpdir(), LARGE_FILES_FOLDER]): void {
  const reasons = [...new Set(folders)].flatMap((folder) => {
    const found = whyUnusable(folder);
    if (found === undefined) return [];
    const remedy = found.startsWith("has ") ? "Make room there" : "Make it a folder that can be written to";
    const advice = `${remedy}, or set TMPDIR to another folder.`;
    return [{ subject: `folder for temporary files ${folder}`, found, advice }];
  });
  if (reasons.length > 0) throw new RefusedError(reasons);
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

/** What a temporary folder is for. */
export interface Scratch extends Omit<SpaceRequest, "folder"> {
  kind: ScratchKind;
  /** Where it is made. Default: TMPDIR, or /tmp. */
  folder?: string;
}

/**
 * Makes a temporary folder, and removes it with all its files after the work. If this run is killed, the next one removes
 * it. Throws an `ObstacleError` if there is too little free space.
 */
export function withScratch<T>(scratch: Scratch, work: (folder: string) => Promise<T>): Promise<T> {
  const { kind, folder: parent = os.tmpdir() } = scratch;
  let made: string | undefined;
  const undo = async () => void (made && (await fs.promises.rm(made, { recursive: true, force: true })));
  return withUndo(undo, () =>
    withFreeSpace({ ...scratch, folder: parent }, async () => {
      // Synchronous: a signal during an asynchronous call would not know the folder, and leave it.
      made = fs.mkdtempSync(scratchPrefix(kind, parent));
      return work(made);
    }),
  );
}
