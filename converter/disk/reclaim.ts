/** Clears what a killed run left: mounts, loop devices and files. Otherwise the next run would find a disk in use, or full. */
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

/** How long to wait for a killed program of the guest, which uses the filesystem until it has ended. Milliseconds. */
const PATIENCE_MS = 20_000;

/** The kernel's name for the device of a disk that a storage daemon provides. */
const FUSE = "/dev/fuse";

/** Unmounts, detaches and removes what runs of this program left behind, and waits until its loop devices are gone. */
export async function reclaimLeftovers(runner: Runner, log: Log): Promise<void> {
  await reclaimLoops(runner, log);
  const mounts = parseMounts(fs.readFileSync("/proc/self/mounts", "utf8"));
  // The last mounted first: a guest's /boot is mounted in its root.
  for (const { device, folder } of mounts.filter((mount) => isLeftover(mount.folder)).reverse()) {
    log(`unmounting ${folder}: a run that was killed left it`);
    const file = shownBy(device);
    // Its daemon ended with the run: nothing can be written out any more.
    if (device === FUSE) await runner(["umount", folder], { purpose: `unmounting ${folder}` });
    else await unmount(folder, runner);
    if (isMountFolder(folder)) await fs.promises.rmdir(folder);
    await untilReleased(device, file);
  }
  removeOverlays();
  removeScratch(log);
}

/** Removes the temporary files of a killed rehearsal or check: these may be gigabytes, on the disk of a small helper. */
export function removeScratch(log: Log, folders = [os.tmpdir(), LARGE_FILES_FOLDER]): void {
  for (const left of leftScratch(folders)) {
    log(`removing ${left}: a run that was killed left it`);
    fs.rmSync(left, { recursive: true, force: true });
  }
}

/** Removes overlays of killed runs: their daemon ended with the run, and no other run can use them. */
function removeOverlays(): void {
  const folders = fs.readdirSync(os.tmpdir()).map((name) => path.join(os.tmpdir(), name));
  for (const folder of folders.filter((one) => isLeftover(one) && isMountFolder(one))) {
    for (const name of OVERLAY_FILES) fs.rmSync(path.join(folder, name), { force: true });
    // A folder with other files stays: it may be a mount that could not be unmounted.
    if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
  }
}

/** Detaches loop devices of runs that were killed between attaching one and opening it. */
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
