/** What a killed run left mounted is unmounted by the next one, which would otherwise meet a disk in use. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { forgetLoop, isLeftover, isMountFolder, leftLoops } from "./leftovers";
import { unmount } from "./mount";
import { OVERLAY_FILES } from "./filesystem/overlay";
import { parseMounts } from "./use";

/** A killed program of the guest holds the filesystem until it is gone. Milliseconds. */
const PATIENCE_MS = 20_000;

/** Unmounts and detaches what runs of this program left behind, and waits until its loop devices are gone. */
export async function reclaimMounts(runner: Runner, log: Log): Promise<void> {
  await reclaimLoops(runner, log);
  const mounts = parseMounts(fs.readFileSync("/proc/self/mounts", "utf8"));
  // The last mounted first: a guest's /boot is mounted in its root.
  for (const { device, folder } of mounts.filter((mount) => isLeftover(mount.folder)).reverse()) {
    log(`unmounting ${folder}: a run that was killed left it`);
    const file = backingFile(device);
    await unmount(folder, runner);
    if (isMountFolder(folder)) await fs.promises.rmdir(folder);
    await untilReleased(device, file);
  }
  removeOverlays();
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
    if (backingFile(device)?.replace(/ \(deleted\)$/, "") === file) {
      log(`detaching ${device}: a run that was killed left it`);
      await runner(["losetup", "--detach", device], { purpose: `detaching ${device}` });
    }
    forgetLoop(note);
  }
}

async function untilReleased(device: string, file: string | undefined): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (file !== undefined && backingFile(device) === file && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a loop device shows; undefined where it is none, or free. */
function backingFile(device: string): string | undefined {
  const file = path.join("/sys/class/block", path.basename(device), "loop/backing_file");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : undefined;
}
