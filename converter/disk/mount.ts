/** Mounting filesystems at a folder of their own, for as long as some work takes. */
import { mkdtempSync, readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import { withUndo } from "../cleanup";
import { withFreeSpace } from "../freeSpace";
import { type Runner } from "../run";
import type { FilesystemFacts } from "../types";
import { mountFolderPrefix } from "./leftovers";
import { type Window, withLoop } from "./loop";
import { MOUNT_FAILED, whyUnmountable } from "./mountFailure";
import { parseMounts } from "./use";

/** A device with a filesystem on it, and what it takes to mount that. */
export interface Mountable {
  device: string;
  type: FilesystemFacts["type"];
  readOnly: boolean;
}

/** Makes a folder for mounts, and takes it away again: the empty folder alone, should an unmounting have failed. */
export async function withMountFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  let made: string | undefined;
  const undo = async () => (made === undefined ? undefined : fs.rmdir(made).catch(() => undefined));
  return withUndo(undo, async () => {
    const request = { folder: os.tmpdir(), what: "a folder to mount at" };
    // At once, as in `withScratch`.
    await withFreeSpace(request, async () => void (made = mkdtempSync(mountFolderPrefix())));
    return work(made as string);
  });
}

/**
 * Mounts at the folder while `work` runs. Afterwards everything written is on the disk. Throws `ObstacleError` if
 * this machine's kernel does not take the filesystem.
 */
export async function withMounted<T>(
  mountable: Mountable,
  folder: string,
  runner: Runner,
  work: () => Promise<T>,
): Promise<T> {
  const { device, type } = mountable;
  // Not known while `mount` runs: a signal may end it before or after its work.
  let isMounted = () => mountsNow().some((mount) => mount.folder === folder);
  let place = () => folder;
  const undo = async () => (isMounted() ? unmount(place(), runner) : undefined);
  return withUndo(undo, async () => {
    const mounted = await runner(["mount", "-t", type, "-o", mountOptions(mountable), device, folder], {
      purpose: `mounting ${device}`,
      accept: [0, MOUNT_FAILED],
    });
    isMounted = () => mounted.exitCode === 0;
    if (mounted.exitCode !== 0) throw await whyUnmountable(device, type, mounted.stderr, runner);
    place = followed(folder);
    return work();
  });
}

/**
 * Where a mount is later on. A program of the guest may rename a folder above it and put a link there, which on this machine
 * leads to this machine's files: the kernel knows the mount by a number, and where it is now.
 */
function followed(folder: string): () => string {
  const numbered = () =>
    readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => line.split(" "));
  const number = numbered().findLast((fields) => unescaped(fields[4]) === folder)?.[0];
  return () => unescaped(numbered().find(([one]) => one === number)?.[4]) ?? folder;
}

/** Blanks and the like are there in octal: proc_pid_mountinfo(5). */
function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function mountsNow() {
  return parseMounts(readFileSync("/proc/self/mounts", "utf8"));
}

/**
 * Read-only mounts replay the journal all the same, unless they are told not to; ext2 has none, and its driver does not
 * know `noload`. XFS mounts no second filesystem of the same UUID, and source and copy carry the same one, without
 * `nouuid`.
 */
export function mountOptions({ type, readOnly }: Mountable): string {
  const xfs = type === "xfs";
  if (!readOnly) return xfs ? "rw,nodev,nosuid,nouuid" : "rw,nodev,nosuid";
  const asItIs = xfs ? ["norecovery", "nouuid"] : type === "ext2" ? [] : ["noload"];
  return ["ro", ...asItIs, "nodev", "nosuid"].join(",");
}

/**
 * Unmounts: a program of the guest that is just ending may hold the mount for a moment. Written out before, since a mount
 * of which another namespace has a copy lives on there for as long as that does.
 */
export async function unmount(root: string, runner: Runner): Promise<void> {
  await runner(["sync", "--file-system", root], { purpose: `writing out ${root}`, timeoutSeconds: 3600 });
  for (let attempt = 1; attempt <= 10; attempt++) {
    const result = await runner(["umount", root], {
      purpose: `unmounting ${root}`,
      accept: attempt < 10 ? [0, 32] : [0],
    });
    if (result.exitCode === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
  }
}

/** Mounts the filesystem in a window of a disk, whichever it is, and gives its root. */
export function withFilesystem<T>(
  window: Window,
  runner: Runner,
  work: (root: string) => Promise<T>,
): Promise<T> {
  return withLoop(window, runner, async (device) => {
    const { stdout } = await runner(["blkid", "-p", "-s", "TYPE", "-o", "value", device], {
      purpose: `probing ${device}`,
      accept: [0, 2],
    });
    const type = stdout.trim() as FilesystemFacts["type"];
    return withMountFolder((root) =>
      withMounted({ device, type, readOnly: window.readOnly }, root, runner, () => work(root)),
    );
  });
}
