/** Mounting a filesystem at a folder of its own, for as long as some work takes. */
import * as fs from "node:fs/promises";
import { withUndo } from "../cleanup";
import { type Runner } from "../run";
import { mountFolderPrefix } from "./leftovers";
import { type Window, withLoop } from "./loop";

/** `noload`: a read-only mount replays the journal all the same, unless it is told not to. */
const READ_ONLY = "ro,noload,nodev,nosuid";
const READ_WRITE = "rw,nodev";

/**
 * Mounts the filesystem in a window of a disk and gives its root. Never found by label or UUID: source and copy carry
 * the same ones. Afterwards everything written is on the disk.
 */
export function withFilesystem<T>(
  window: Window,
  runner: Runner,
  work: (root: string) => Promise<T>,
): Promise<T> {
  return withLoop(window, runner, (device) => withMount(device, window.readOnly, runner, work));
}

async function withMount<T>(
  device: string,
  readOnly: boolean,
  runner: Runner,
  work: (root: string) => Promise<T>,
): Promise<T> {
  const root = await fs.mkdtemp(mountFolderPrefix());
  const options = await mountOptions(device, readOnly, runner);
  try {
    await runner(["mount", "-o", options, device, root], { purpose: `mounting ${device}` });
    return await withUndo(
      () => unmount(root, runner),
      () => work(root),
    );
  } finally {
    // Only the empty folder: never anything in it, should the unmounting have failed.
    await fs.rmdir(root).catch(() => undefined);
  }
}

/** ext2 has no journal, and the kernel's ext2 driver does not know `noload`. */
async function mountOptions(device: string, readOnly: boolean, runner: Runner): Promise<string> {
  if (!readOnly) return READ_WRITE;
  const type = await runner(["blkid", "-p", "-s", "TYPE", "-o", "value", device], {
    purpose: `probing ${device}`,
    accept: [0, 2],
  });
  return type.stdout.trim() === "ext2" ? READ_ONLY.replace("noload,", "") : READ_ONLY;
}

/** Unmounts: a program of the guest that is just ending may hold the mount for a moment. */
export async function unmount(root: string, runner: Runner): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const result = await runner(["umount", root], {
      purpose: `unmounting ${root}`,
      accept: attempt < 10 ? [0, 32] : [0],
    });
    if (result.exitCode === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
  }
}
