/** Mounts a guest under one folder of this machine: its root, and the other filesystems of the same disk that it mounts. */
import fs from "node:fs";
import { type DiskExtents, extentsOf, withMappedDevice } from "../disk/extents";
import { withMounted, withMountFolder } from "../disk/mount";
import { replaysHere, withReplayed } from "../disk/filesystem/overlay";
import { withThrowAway } from "../disk/filesystem/throwAway";
import { RefusedError } from "../errors";
import type { Runner } from "../run";
import type { Advice, DiskFacts, MountFacts, PartFacts } from "../types";
import { findBootFile } from "./menu/bootFile";
import { type Surveyed, decideMounts } from "./decideMounts";
import type { BootFilePlace } from "./menu/readBootFile";
import { GuestTree } from "./tree";

/** A guest whose filesystems are mounted. */
export interface MountedGuest {
  tree: GuestTree;
  /** The root first. */
  mounts: MountFacts[];
  /** Absent if PV-GRUB would find none. */
  bootFile?: BootFilePlace;
}

/** A disk with a guest on it. */
export interface GuestDisk extends Pick<DiskFacts, "path" | "parts"> {
  readOnly: boolean;
  /** Writable, but nothing reaches the disk: what is written goes to overlays, which are removed after the work. */
  throwAway?: boolean;
}

/**
 * Finds the guest on a disk and mounts it: the root, and `/boot`, `/usr`, `/var` and the like if they are filesystems of the
 * same disk. If a read-only filesystem has a journal that waits for its replay, it is mounted through an overlay, as it will be
 * after the replay, if this machine can make one. Throws a `RefusedError` if it finds no guest.
 */
export async function withGuest<T>(
  disk: GuestDisk,
  runner: Runner,
  work: (guest: MountedGuest) => Promise<T>,
): Promise<T> {
  const replays = disk.readOnly && (await replaysHere(runner));
  const surveyed: Surveyed[] = [];
  for (const one of filesystemsOf(disk.parts)) {
    const looking: Showing = { path: disk.path, parts: disk.parts, readOnly: true, replays, runner };
    surveyed.push(
      await withMountFolder((folder) => withShown(looking, one, folder, async () => survey(one, folder))),
    );
  }
  const { mounts, bootFile } = decideMounts(disk.parts, surveyed);
  return withMounts({ ...disk, replays }, mounts, runner, (tree) => work({ tree, mounts, bootFile }));
}

/** Mounts a guest whose mounts are known already, the root first. */
export function withMounts<T>(
  disk: GuestDisk & { replays?: boolean },
  mounts: MountFacts[],
  runner: Runner,
  work: (tree: GuestTree) => Promise<T>,
): Promise<T> {
  const showing: Showing = { replays: false, ...disk, runner };
  return withMountFolder((root) => withAll(showing, mounts, root, () => work(new GuestTree(root))));
}

/** A filesystem of which the mount point in the guest is not known yet. */
export type UnmountedFilesystem = Omit<MountFacts, "point">;

/** Every filesystem of a disk that can hold files of the guest. */
export function filesystemsOf(parts: PartFacts[]): UnmountedFilesystem[] {
  return parts.flatMap(({ number: part, content }) => {
    if (content.kind === "filesystem") return [{ part, filesystem: content.filesystem }];
    if (content.kind !== "lvm") return [];
    const { name, volumes } = content.volumeGroup;
    return volumes.flatMap((volume) =>
      volume.content.kind === "filesystem" && volume.extents !== undefined
        ? [{ part, logicalVolume: `${name}/${volume.name}`, filesystem: volume.content.filesystem }]
        : [],
    );
  });
}

/** The extents of a filesystem on its disk. */
export function extentsOfFilesystem(
  { path, parts }: Pick<DiskFacts, "path" | "parts">,
  { part, logicalVolume }: UnmountedFilesystem,
): DiskExtents {
  return extentsOf(path, parts.find(({ number }) => number === part) as PartFacts, logicalVolume);
}

/** Reads what decides where the guest mounts a filesystem. */
function survey(one: UnmountedFilesystem, folder: string): Surveyed {
  const tree = new GuestTree(folder);
  const found = findBootFile([{ part: one.part, tree }]);
  const menu = found && { path: found.path, text: tree.read(found.path) ?? "" };
  return {
    ...one,
    menu,
    fstab: tree.read("/etc/fstab"),
    hasSystem: SYSTEM_FILES.some((name) => tree.hasName(name)),
    hasKernel: tree.list("/").some((name) => /^vmlinu[xz]/.test(name)),
  };
}

/** Files that a root filesystem has, even if /usr is a filesystem of its own. */
const SYSTEM_FILES = ["/sbin/init", "/etc/passwd", "/etc/inittab"];

/** How filesystems are mounted. */
interface Showing extends GuestDisk {
  /** Whether an overlay can show a filesystem with its journal replayed. */
  replays: boolean;
  runner: Runner;
}

/** Mounts all of them below the root's folder, the root first. */
function withAll<T>(
  showing: Showing,
  [mount, ...rest]: MountFacts[],
  root: string,
  work: () => Promise<T>,
): Promise<T> {
  const folder = mount.point === "/" ? root : new GuestTree(root).hostPath(mount.point);
  if (!fs.existsSync(folder)) throw new RefusedError([noMountPoint(mount)]);
  return withShown(showing, mount, folder, () =>
    rest.length === 0 ? work() : withAll(showing, rest, root, work),
  );
}

function withShown<T>(
  { path, parts, readOnly, throwAway, replays, runner }: Showing,
  one: UnmountedFilesystem,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  const extents = extentsOfFilesystem({ path, parts }, one);
  const { type, needsRecovery } = one.filesystem;
  if (throwAway)
    return withMappedDevice(extents, true, runner, (device) =>
      withThrowAway(device, one.filesystem, runner, (shown) =>
        withMounted({ device: shown, type, readOnly: false }, folder, runner, work),
      ),
    );
  return withMappedDevice(extents, readOnly, runner, (device) =>
    readOnly && replays && needsRecovery
      ? withReplayed(device, one.filesystem, runner, (replayed) =>
          withMounted({ device: replayed.device, type, readOnly }, folder, runner, work),
        )
      : withMounted({ device, type, readOnly }, folder, runner, work),
  );
}

function noMountPoint({ point, part }: MountFacts): Advice {
  return {
    subject: point,
    found: `/etc/fstab mounts partition ${part} there, and there is no such folder.`,
    advice: `Make it in the source (mkdir ${point}), or take the line out of /etc/fstab.`,
  };
}
