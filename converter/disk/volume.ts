/** Finds the device of an EBS volume. Nitro names devices in the order they came up, so only the serial can be trusted. */
import * as fs from "node:fs";
import * as path from "node:path";
import { RefusedError } from "../errors";
import type { Log } from "../progress";

/** Where devices are to be seen; tests look elsewhere. */
export interface DeviceFolders {
  byId: string;
  sysBlock: string;
  dev: string;
}

const FOLDERS: DeviceFolders = { byId: "/dev/disk/by-id", sysBlock: "/sys/block", dev: "/dev" };

/** Amazon Linux's and Debian's udev rules name an EBS volume's whole disk by model and serial; partitions add `-partN`. */
const LINK_PREFIX = "nvme-Amazon_Elastic_Block_Store_";

export function isVolumeId(name: string): boolean {
  return /^vol-[0-9a-f]{8,17}$/.test(name);
}

/** An EBS volume's NVMe serial is its id without the dash. */
export function serialOf(volumeId: string): string {
  return volumeId.replace("-", "");
}

/** The devices that bear this volume's serial: by udev's link, and by what the kernel says itself. */
export function devicesOfVolume(volumeId: string, folders: DeviceFolders = FOLDERS): string[] {
  const serial = serialOf(volumeId);
  const link = path.join(folders.byId, LINK_PREFIX + serial);
  const linked = fs.existsSync(link) ? [fs.realpathSync(link)] : [];
  const named = namesIn(folders.sysBlock)
    .filter((name) => readTrimmed(path.join(folders.sysBlock, name, "device/serial")) === serial)
    .map((name) => path.join(folders.dev, name));
  return [...new Set([...linked, ...named])];
}

/**
 * The one device of a volume, waited for: an attachment takes some seconds to be seen. Default 60 s. Throws
 * `RefusedError` for none, and at once for more than one.
 */
export async function findVolume(
  volumeId: string,
  log: Log,
  { folders = FOLDERS, waitSeconds = 60 }: { folders?: DeviceFolders; waitSeconds?: number } = {},
): Promise<string> {
  const end = Date.now() + waitSeconds * 1000;
  for (let round = 0; ; round++) {
    const found = devicesOfVolume(volumeId, folders);
    if (found.length === 1) return found[0];
    if (found.length > 1 || Date.now() >= end) throw refusal(volumeId, found, folders);
    if (round % 8 === 0) log(`waiting for the device of ${volumeId}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function refusal(volumeId: string, found: string[], folders: DeviceFolders): RefusedError {
  const wanted = `exactly one disk with the serial ${serialOf(volumeId)} is needed`;
  if (found.length > 1) {
    return new RefusedError([
      {
        subject: volumeId,
        found: `${found.join(" and ")} both bear its serial; ${wanted}.`,
        advice: "Name the device itself.",
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
      advice: "Attach the volume to this instance, which must be of a Nitro type (others show no serials).",
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
