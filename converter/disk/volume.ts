/** Finds the device of an EBS volume. Nitro names devices in the order they came up, so only the serial can be trusted. */
import * as fs from "node:fs";
import * as path from "node:path";
import { monotonicMs } from "../clock";
import { RefusedError } from "../errors";
import type { Log } from "../progress";

/** Where devices are to be seen; tests look elsewhere. */
export interface DeviceFolders {
  byId: string;
  sysBlock: string;
  /** The kernel's folders of devices by their numbers. */
  sysDev: string;
  dev: string;
}

const FOLDERS: DeviceFolders = {
  byId: "/dev/disk/by-id",
  sysBlock: "/sys/block",
  sysDev: "/sys/dev/block",
  dev: "/dev",
};

/** Amazon Linux's and Debian's udev rules name an EBS volume's whole disk by model and serial; partitions add `-partN`. */
const LINK_PREFIX = "nvme-Amazon_Elastic_Block_Store_";

export function isVolumeId(name: string): boolean {
  return /^vol-[0-9a-f]{8,17}$/.test(name);
}

/** An EBS volume's NVMe serial is its id without the dash. */
export function serialOf(volumeId: string): string {
  return volumeId.replace("-", "");
}

/**
 * The devices that bear this volume's serial: by udev's link, and by what the kernel says itself. The kernel's word counts
 * more: names are given anew with each attachment, and a link may still point to where the volume was.
 */
export function devicesOfVolume(volumeId: string, folders: DeviceFolders = FOLDERS): string[] {
  const serial = serialOf(volumeId);
  const link = path.join(folders.byId, LINK_PREFIX + serial);
  const linked = fs.existsSync(link) ? [fs.realpathSync(link)] : [];
  const named = namesIn(folders.sysBlock)
    .filter((name) => readTrimmed(path.join(folders.sysBlock, name, "device/serial")) === serial)
    .map((name) => path.join(folders.dev, name));
  const contradicted = (device: string) => !["", serial].includes(kernelSerial(device, folders));
  return [...new Set([...linked, ...named])].filter((device) => !contradicted(device));
}

/**
 * What the kernel says is the serial of the device behind a name, by its number: in a container the machine's own devices
 * have the same names. Empty if it says none.
 */
function kernelSerial(device: string, folders: DeviceFolders): string {
  const stat = fs.statSync(device, { throwIfNoEntry: false });
  const entry = stat?.isBlockDevice()
    ? path.join(folders.sysDev, deviceNumber(stat.rdev))
    : path.join(folders.sysBlock, path.basename(device));
  return readTrimmed(path.join(entry, "device/serial"));
}

/** `259:3`: as makedev(3) packs it. */
export function deviceNumber(rdev: number): string {
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

export interface Finding {
  folders?: DeviceFolders;
  /** Default 60. */
  waitSeconds?: number;
  /** Milliseconds from any beginning. */
  now?: () => number;
}

/**
 * The one device of a volume, waited for: an attachment takes some seconds to be seen. Default 60 s. Throws
 * `RefusedError` for none, and at once for more than one.
 */
export async function findVolume(
  volumeId: string,
  log: Log,
  { folders = FOLDERS, waitSeconds = 60, now = monotonicMs }: Finding = {},
): Promise<string> {
  const end = now() + waitSeconds * 1000;
  for (let round = 0; ; round++) {
    const found = devicesOfVolume(volumeId, folders);
    if (found.length === 1) return found[0];
    if (found.length > 1 || now() >= end) throw refusal(volumeId, found, folders);
    if (round % 8 === 0) log(`waiting for the device of ${volumeId}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** What a missing volume needs, be it missing from the start or lost on the way. */
export const ATTACH_AGAIN =
  "Attach the volume to this instance: pulumi up --refresh does where it was detached by hand, and a volume that was deleted needs a new revision. (The instance must be of a Nitro type, others show no serials.)";

function refusal(volumeId: string, found: string[], folders: DeviceFolders): RefusedError {
  const wanted = `exactly one disk with the serial ${serialOf(volumeId)} is needed`;
  if (found.length > 1) {
    return new RefusedError([
      {
        subject: volumeId,
        found: `${found.join(" and ")} both bear its serial; ${wanted}.`,
        advice:
          "Detach the one that is not meant (lsblk -o NAME,SERIAL,SIZE shows both) and run it again, or name the device itself.",
      },
    ]);
  }
  const seen = [...visibleLinks(folders), ...visibleSerials(folders)];
  const disks = seen.length
    ? `the volumes seen here are ${seen.join(", ")}`
    : "no EBS volume is seen here at all";
  return new RefusedError([
    {
      subject: volumeId,
      found: `${wanted}; ${disks}.`,
      advice: ATTACH_AGAIN,
    },
  ]);
}

function visibleLinks(folders: DeviceFolders): string[] {
  return namesIn(folders.byId).filter((name) => name.startsWith(LINK_PREFIX) && !/-part\d+$/.test(name));
}

function visibleSerials(folders: DeviceFolders): string[] {
  return namesIn(folders.sysBlock)
    .map((name) => ({ name, serial: readTrimmed(path.join(folders.sysBlock, name, "device/serial")) }))
    .filter(({ serial }) => serial !== "")
    .map(({ name, serial }) => `${name} (${serial})`);
}

function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

function readTrimmed(file: string): string {
  try {
    return fs.readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
