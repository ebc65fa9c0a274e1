/** A disk as it was named: a block device, a raw image file, or an EBS volume. */
import * as fs from "node:fs";
import { FailedError, UsageError } from "../errors";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { ATTACH_AGAIN, type DeviceFolders, devicesOfVolume, findVolume, isVolumeId } from "./volume";

export interface Disk {
  /** The device or file itself, after links. */
  path: string;
  kind: "device" | "file";
  sizeBytes: number;
  /** Equal for two names of the same disk: device number, or file system and inode. */
  identity: string;
  /** Where it was named by it, or it was given beside the name. */
  volumeId?: string;
}

/**
 * Finds a disk by what the user typed. Throws `UsageError` for a path that is no disk, `RefusedError` for a volume
 * with no device, or with several.
 */
export async function findDisk(name: string, runner: Runner, log: Log): Promise<Disk> {
  if (!isVolumeId(name)) return describeDisk(name, runner);
  const device = await findVolume(name, log);
  return { ...(await describeDisk(device, runner)), volumeId: name };
}

/** Size and identity of a device or file. Throws `UsageError` where it is neither. */
export async function describeDisk(name: string, runner: Runner): Promise<Disk> {
  const stat = statOf(name);
  const path = fs.realpathSync(name);
  if (stat.isFile()) return { path, kind: "file", sizeBytes: stat.size, identity: identityOf(stat) };
  if (!stat.isBlockDevice()) {
    throw new UsageError(
      `${name}: is neither a block device nor a file. Name a device, a raw image file or a volume id (vol-…).`,
    );
  }
  const size = await runner(["blockdev", "--getsize64", path], { purpose: `reading the size of ${path}` });
  return { path, kind: "device", sizeBytes: Number(size.stdout.trim()), identity: identityOf(stat) };
}

/**
 * Throws `FailedError` where the path no longer leads to the disk that was found there: a volume that was detached takes
 * its name along, and the next one to be attached may get it. To be called before anything is written by name.
 */
export function confirmDisk(disk: Disk, folders?: DeviceFolders): void {
  const lost = whyLost(disk, folders);
  if (lost !== undefined) throw new FailedError(lost);
}

/** Why a disk is not any more where it was found, and what to do; undefined where it is. */
export function whyLost({ path, identity, volumeId }: Disk, folders?: DeviceFolders): string | undefined {
  const name = volumeId ?? path;
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  const found = volumeId === undefined ? [path] : devicesOfVolume(volumeId, folders);
  if (stat === undefined || found.length === 0)
    return `${name}: is not here any more (it was ${path}). ${volumeId === undefined ? "Attach it again." : ATTACH_AGAIN} Then run the same command again: it goes on from there.`;
  if (identityOf(stat) === identity && found.length === 1 && found[0] === path) return undefined;
  return `${name}: ${path} is another disk by now, so nothing more was written there${elsewhere(found, path)}. Run the same command again: it looks for the disk anew, and goes on from there.`;
}

function elsewhere(found: string[], path: string): string {
  const others = found.filter((device) => device !== path);
  return others.length === 0 ? "" : ` (the volume is seen as ${others.join(" and ")})`;
}

/** Device number of a block device, file system and inode of a file. */
export function identityOf(stat: fs.Stats): string {
  return stat.isBlockDevice() ? `device ${stat.rdev}` : `file ${stat.dev}:${stat.ino}`;
}

function statOf(name: string): fs.Stats {
  try {
    return fs.statSync(name);
  } catch {
    throw new UsageError(`${name}: does not exist. Name a device, a raw image file or a volume id (vol-…).`);
  }
}
