/** What a killed run left mounted is unmounted by the next one, which would otherwise meet a disk in use. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { forgetLoop, isLeftover, leftLoops } from "./leftovers";
import { unmount } from "./mount";
import { parseMounts } from "./use";

/** A killed program of the guest holds the filesystem until it is gone. Milliseconds. */
const PATIENCE_MS = 20_000;

/** Unmounts and detaches what runs of this program left behind, and waits until its loop devices are gone. */
export async function reclaimMounts(runner: Runner, log: Log): Promise<void> {
  await reclaimLoops(runner, log);
  const mounts = parseMounts(fs.readFileSync("/proc/self/mounts", "utf8"));
  for (const { device, folder } of mounts.filter((mount) => isLeftover(mount.folder))) {
    log(`unmounting ${folder}: a run that was killed left it`);
    const file = backingFile(device);
    await unmount(folder, runner);
    await fs.promises.rmdir(folder);
    await untilReleased(device, file);
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
