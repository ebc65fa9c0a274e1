/** Folders for what is needed for a while: mounts, GRUB's core image, overlays, unpacked files. */
import * as fs from "node:fs";
import * as os from "node:os";
import { withUndo } from "./cleanup";
import { type ScratchKind, scratchPrefix } from "./disk/leftovers";
import { formatBytes, MIB } from "./disk/sizes";
import { RefusedError } from "./errors";
import { type Deposit, withRoomFor } from "./room";

/** For what may be large: on a disk, where /tmp may be memory. */
export const ROOMY_FOLDER = "/var/tmp";

/** Enough for everything whose size is not known beforehand but is always small; larger things are asked for apart. */
const NEEDED_BYTES = 4 * MIB;

/** Throws a `RefusedError` where nothing can be laid down there: told now, before it fails in the middle of a step. */
export function refuseScratch(folders = [os.tmpdir(), ROOMY_FOLDER]): void {
  const reasons = [...new Set(folders)].flatMap((folder) => {
    const found = whyUnusable(folder);
    if (found === undefined) return [];
    const mend = found.startsWith("has ") ? "Make room there" : "Make it a folder that can be written to";
    const advice = `${mend}, or set TMPDIR to another folder.`;
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

/** What a folder is for. */
export interface Scratch extends Omit<Deposit, "folder"> {
  kind: ScratchKind;
  /** Where it is made. Default: TMPDIR, or /tmp. */
  folder?: string;
}

/**
 * Makes a folder of this process's own, and takes it away after the work with all that is in it; the next run does where
 * this one is killed. Throws an `ObstacleError` where there is too little room.
 */
export function withScratch<T>(scratch: Scratch, work: (folder: string) => Promise<T>): Promise<T> {
  const { kind, folder: parent = os.tmpdir() } = scratch;
  let made: string | undefined;
  const undo = async () => void (made && (await fs.promises.rm(made, { recursive: true, force: true })));
  return withUndo(undo, () =>
    withRoomFor({ ...scratch, folder: parent }, async () => {
      // At once: a signal that came while it is being made would find nothing to take away.
      made = fs.mkdtempSync(scratchPrefix(kind, parent));
      return work(made);
    }),
  );
}
