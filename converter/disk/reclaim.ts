/** What a killed run left mounted, attached or lying about is cleared by the next one, which would otherwise meet a disk in use or full. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { monotonicMs } from "../clock";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { LARGE_FILES_FOLDER } from "../scratch";
import { forgetLoop, isLeftover, isMountFolder, leftLoops, leftScratch } from "./leftovers";
import { shownBy } from "./loop";
import { unmount } from "./mount";
import { OVERLAY_FILES } from "./filesystem/overlay";
import { parseMounts } from "./use";

/** A killed program of the guest holds the filesystem until it is gone. Milliseconds. */
const PATIENCE_MS = 20_000;

/** What the kernel names as the device of a disk that a storage daemon shows. */
const FUSE = "/dev/fuse";

/** Unmounts, detaches and removes what runs of this program left behind, and waits until its loop devices are gone. */
export async function reclaimLeftovers(runner: Runner, log: Log): Promise<void> {
  await reclaimLoops(runner, log);
  const mounts = parseMounts(fs.readFileSync("/proc/self/mounts", "utf8"));
  // The last mounted first: a guest's /boot is mounted in its root.
  for (const { device, folder } of mounts.filter((mount) => isLeftover(mount.folder)).reverse()) {
    log(`unmounting ${folder}: a run that was killed left it`);
    const file = shownBy(device);
    // Its daemon ended with the run: there is nothing to be written out, and nobody to be asked.
    if (device === FUSE) await runner(["umount", folder], { purpose: `unmounting ${folder}` });
    else await unmount(folder, runner);
    if (isMountFolder(folder)) await fs.promises.rmdir(folder);
    await untilReleased(device, file);
  }
  removeOverlays();
  removeScratch(log);
}

/** What a killed rehearsal or check laid down: it may be gigabytes, on the disk of a small helper. */
export function removeScratch(log: Log, folders = [os.tmpdir(), LARGE_FILES_FOLDER]): void {
  for (const left of leftScratch(folders)) {
    log(`removing ${left}: a run that was killed left it`);
    fs.rmSync(left, { recursive: true, force: true });
  }
}

/** Overlays of runs that were killed: their daemon ended with them, and nothing in them is of use to another run. */
function removeOverlays(): void {
  const folders = fs.readdirSync(os.tmpdir()).map((name) => path.join(os.tmpdir(), name));
  for (const folder of folders.filter((one) => isLeftover(one) && isMountFolder(one))) {
    for (const name of OVERLAY_FILES) fs.rmSync(path.join(folder, name), { force: true });
    // A folder that something else lies in stays: it may be a mount that could not be undone.
    if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
  }
}

/** Loop devices of runs that were killed between attaching one and holding it. */
async function reclaimLoops(runner: Runner, log: Log): Promise<void> {
  for (const { note, device, file } of leftLoops()) {
    if (shownBy(device) === file) {
      log(`detaching ${device}: a run that was killed left it`);
      await runner(["losetup", "--detach", device], { purpose: `detaching ${device}` });
    }
    forgetLoop(note);
  }
}

async function untilReleased(device: string, file: string | undefined): Promise<void> {
  const end = monotonicMs() + PATIENCE_MS;
  while (file !== undefined && shownBy(device) === file && monotonicMs() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
