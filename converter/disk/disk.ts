/** A disk as it was named: a block device, a raw image file, or an EBS volume. */
import * as fs from "node:fs";
import { FailedError, UsageError } from "../errors";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { SECTOR } from "./sizes";
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
  if (!isVolumeId(name)) return findPath(name, runner);
  const device = await findVolume(name, log);
  return { ...(await describeDisk(device, runner)), volumeId: name };
}

async function findPath(name: string, runner: Runner): Promise<Disk> {
  const disk = await describeDisk(name, runner);
  if (disk.sizeBytes >= SECTOR) return disk;
  throw new UsageError(
    `${name}: holds ${disk.sizeBytes} bytes, and a disk has ${SECTOR} at the least. ${disk.kind === "file" ? "Name the file that holds the whole image; a destination's is made with truncate -s SIZE FILE." : "Nothing is attached to that device: attach the disk, or name another device."}`,
  );
}

/** Size and identity of a device or file. Throws `UsageError` if it is neither, or its name cannot be told to others. */
export async function describeDisk(name: string, runner: Runner): Promise<Disk> {
  const stat = statOf(name);
  const path = fs.realpathSync(name);
  refuseControlCharacters(path);
  if (stat.isFile()) return { path, kind: "file", sizeBytes: stat.size, identity: identityOf(stat) };
  if (!stat.isBlockDevice()) {
    throw new UsageError(
      `${name}: is neither a block device nor a file, but ${kindOf(stat)}. ${NAME_A_DISK}`,
    );
  }
  const size = await runner(["blockdev", "--getsize64", path], { purpose: `reading the size of ${path}` });
  return { path, kind: "device", sizeBytes: Number(size.stdout.trim()), identity: identityOf(stat) };
}

/**
 * Throws `FailedError` if the path no longer leads to the disk that was found there: a volume that was detached takes
 * its name along, and the next one to be attached may get it. To be called before anything is written by name.
 */
export function confirmDisk(disk: Disk, folders?: DeviceFolders): void {
  const lost = whyLost(disk, folders);
  if (lost !== undefined) throw new FailedError(lost);
}

/** Why a disk is not any more where it was found, and what to do; undefined if it is. */
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

const NAME_A_DISK = "Name a device, a raw image file or a volume id (vol-…).";

function kindOf(stat: fs.Stats): string {
  if (stat.isDirectory()) return "a folder";
  if (stat.isCharacterDevice()) return "a character device";
  return stat.isFIFO() ? "a pipe" : "a socket";
}

/** What lies on EC2 and is no disk of any machine's. */
const ON_EC2 = /^(snap|ami)-([0-9a-f]{8}|[0-9a-f]{17})$/;

const READ_THERE =
  "is on EC2, and no disk of this machine's. `npx --no pv-to-hvm inspect` with it alone reads it there. To convert it, give it to the component (source.snapshotId or source.imageId), which does all of this; or make a volume of the snapshot (aws ec2 create-volume), attach that to this machine, and name it (vol-…).";

function statOf(name: string): fs.Stats {
  refuseControlCharacters(name);
  try {
    return fs.statSync(name);
  } catch (error) {
    if (ON_EC2.test(name)) throw new UsageError(`${name}: ${READ_THERE}`);
    throw new UsageError(`${name}: ${whyNotFound(name, error as NodeJS.ErrnoException)}. ${NAME_A_DISK}`);
  }
}

function whyNotFound(name: string, { code, message }: NodeJS.ErrnoException): string {
  if (code !== "ENOENT") return `cannot be looked at (${message})`;
  const isLink = fs.lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? `is a link to ${fs.readlinkSync(name)}, which does not exist` : "does not exist";
}

/** Messages are lines, and so are the kernel's lists of mounts and of loop devices, and what other programs print. */
function refuseControlCharacters(name: string): void {
  if (!/[\x00-\x1f\x7f]/.test(name)) return;
  throw new UsageError(
    `${JSON.stringify(name)}: has a line break or another control character in its name, with which other programs cannot be told it. Rename it (mv), or its folder.`,
  );
}
