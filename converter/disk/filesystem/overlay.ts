/**
 * A filesystem with its journal replayed, on a throw-away overlay: the disk itself is never written. Every snapshot of a
 * running machine has a journal to replay, and until then the map of free blocks on the disk lies: of 3500 files written
 * and fsynced, all 3500 were wrong in a copy made by that map, and e2fsck called it clean (measured; XFS the same).
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { withUndo } from "../../cleanup";
import { FailedError } from "../../errors";
import { type Runner, dyingWithThisProgram, isInstalled } from "../../run";
import type { Advice, FilesystemFacts } from "../../types";
import { withFreeSpace } from "../../freeSpace";
import { withLoop } from "../loop";
import { withMountFolder, withMounted } from "../mount";
import { adviceFor } from "../programs";
import type { Range } from "../copy/ranges";
import { MIB } from "../sizes";
import { withExported } from "./storageDaemon";

/** Journals have up to a gigabyte. Seconds. */
const REPLAY_TIMEOUT = 3600;

/** Few replays change more, and how much one does is not known before it has. Bytes. */
const LEAST_ROOM = 4 * MIB;

const PROGRAMS: Record<string, string> = {
  "qemu-storage-daemon": "qemu-system-common",
  "qemu-img": "qemu-utils",
};
const FUSE = "/dev/fuse";

export interface Replayed {
  /** A read-only device that shows the filesystem as it is once its journal is replayed. Lives as long as the work. */
  device: string;
  /** What the replay changed, in bytes from the filesystem's start: to be copied from `device`, all else from the disk. */
  changedRanges: Range[];
}

/**
 * Replays the journal of the filesystem on a device (or a file with nothing else in it) that is only read, and shows the
 * outcome while `work` runs. Throws `FailedError` if the journal cannot be replayed.
 */
export function withReplayed<T>(
  device: string,
  { type }: Pick<FilesystemFacts, "type">,
  runner: Runner,
  work: (replayed: Replayed) => Promise<T>,
): Promise<T> {
  return withMountFolder((folder) =>
    withOverlay(device, folder, runner, async (overlay) => {
      await withFreeSpace(
        {
          folder: os.tmpdir(),
          what: `what replaying the journal of the ${type} filesystem changes`,
          bytes: LEAST_ROOM,
        },
        () =>
          withExported({ ...overlay, folder, writable: true }, runner, (file) => replay(file, type, runner)),
      );
      const changedRanges = await changesIn(overlay.overlay, runner);
      // Shown anew, so that nothing can change any more.
      return withExported({ ...overlay, folder, writable: false }, runner, (file) =>
        withLoop({ path: file, readOnly: true }, runner, (shown) => work({ device: shown, changedRanges })),
      );
    }),
  );
}

/** What keeps this machine from making overlays; empty: nothing. */
export async function canReplay(
  runner: Runner,
  purpose = "replaying a journal on an overlay",
): Promise<Advice[]> {
  const names = Object.keys(PROGRAMS);
  const found = await Promise.all(names.map((program) => isInstalled(program, runner)));
  const missing = names.filter((_, index) => !found[index]);
  const programs = missing.map((program) => ({ program, debianPackage: PROGRAMS[program] }));
  return [...adviceFor(programs, purpose), ...(await adviceForFuse(runner, purpose))];
}

const known = new WeakMap<Runner, Promise<boolean>>();

/** Whether this machine can make overlays: asked once of it, however often it counts. */
export function replaysHere(runner: Runner): Promise<boolean> {
  const asked = known.get(runner) ?? canReplay(runner).then((missing) => missing.length === 0);
  known.set(runner, asked);
  return asked;
}

/** The node is there without the module: only opening it tells. */
async function adviceForFuse(runner: Runner, purpose: string): Promise<Advice[]> {
  if (canOpen(FUSE)) return [];
  await runner(["modprobe", "fuse"], { purpose: "loading fuse", accept: [-1, 0, 1] });
  if (canOpen(FUSE)) return [];
  return [
    {
      subject: "helper",
      found: `${FUSE} cannot be opened, and it is needed for ${purpose}.`,
      advice: "Load it (modprobe fuse); in a container, give it the device.",
    },
  ];
}

function canOpen(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, "r+"));
    return true;
  } catch {
    return false;
  }
}

/** Makes an empty overlay for the device in a folder, and takes it away again. */
export async function withOverlay<T>(
  device: string,
  folder: string,
  runner: Runner,
  work: (overlay: { device: string; sizeBytes: number; overlay: string }) => Promise<T>,
): Promise<T> {
  const overlay = path.join(folder, "overlay.qcow2");
  const sizeBytes = await sizeOf(device);
  const undo = async () =>
    OVERLAY_FILES.forEach((name) => fs.rmSync(path.join(folder, name), { force: true }));
  return withUndo(undo, async () => {
    await runner(["qemu-img", "create", "-q", "-f", "qcow2", overlay, String(sizeBytes)], {
      purpose: "making an overlay",
    });
    return work({ device, sizeBytes, overlay });
  });
}

/** What is made in an overlay's folder, and where a disk is shown that is not this machine's. */
export const OVERLAY_FILES = ["overlay.qcow2", "disk", "pid", "nbd"];

/** Where the last byte of a device or file is, found by seeking. */
async function sizeOf(device: string): Promise<number> {
  const stat = fs.statSync(device);
  if (!stat.isBlockDevice()) return stat.size;
  const sectors = fs.readFileSync(
    path.join("/sys/class/block", path.basename(fs.realpathSync(device)), "size"),
    "utf8",
  );
  return Number(sectors) * 512;
}

/** ext: the journal alone, orphaned inodes and the rest are left to the copy's own check. XFS replays when mounted. */
async function replay(file: string, type: FilesystemFacts["type"], runner: Runner): Promise<void> {
  if (type === "xfs") {
    await withLoop({ path: file, readOnly: false }, runner, (device) =>
      withMountFolder((folder) =>
        withMounted({ device, type, readOnly: false }, folder, runner, async () => undefined),
      ),
    );
    return;
  }
  const { exitCode, stdout, stderr } = await runner(
    dyingWithThisProgram(["e2fsck", "-fy", "-E", "journal_only", file]),
    {
      purpose: "replaying the journal on an overlay",
      timeoutSeconds: REPLAY_TIMEOUT,
      accept: [0, 1, 4, 8, 12],
    },
  );
  // Told to answer yes, it goes on after a block that it could not write.
  const ignored = /^Error (?:reading|writing) block .*/m.exec(stdout + stderr)?.[0];
  if (exitCode > 1 || ignored !== undefined) {
    const said = ignored ?? stderr.trim().split("\n").slice(-3).join("; ");
    throw new FailedError(
      `journal: e2fsck cannot replay it: ${said}. Mend a copy of the volume with e2fsck -fy, look at what was lost, and convert that.`,
    );
  }
}

interface MapEntry {
  start: number;
  length: number;
  present: boolean;
}

/** What an overlay holds itself, be it data or zeros. */
async function changesIn(overlay: string, runner: Runner): Promise<Range[]> {
  const { stdout } = await runner(["qemu-img", "map", "--output=json", "-f", "qcow2", overlay], {
    purpose: "listing what the replay changed",
  });
  return parseMap(stdout);
}

/** Reads `qemu-img map --output=json` of an image without a backing file. */
export function parseMap(json: string): Range[] {
  const entries = JSON.parse(json) as MapEntry[];
  return entries
    .filter(({ present }) => present)
    .map(({ start, length }) => ({ start, end: start + length }));
}
