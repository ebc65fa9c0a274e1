import type { GuestDevices } from "../devices";
import type { Mount } from "./fstabLines";

/** Mount points without which a system does not come up, whether fstab calls them optional or not. */
const ESSENTIAL = ["/", "/usr", "/var", "/boot"];

/** Devices that every boot makes anew, the root by its old name, and partitions by an identity that the conversion keeps. */
const NO_DISK = /^\/dev\/(?:loop|ram|zram|shm|pts|hugepages|mqueue|root$|null$|disk\/by-part)/;

/**
 * Whether it names a disk that is none of the guest's own: an instance store, a volume that was attached. What several
 * volumes of its own are called is no such name, whichever of them a boot finds.
 */
export function isLostDisk(device: string, devices: GuestDevices): boolean {
  if (devices.namesakes(device).length > 0) return false;
  const isDisk = /^(?:LABEL|UUID)=/.test(device) || /^\/dev\/./.test(device);
  return isDisk && !NO_DISK.test(device) && devices.find(device) === undefined;
}

/** Whether a boot must go on without the mount: it lies on a disk that the image does not bring, and the system can do without. */
export function isOptional(mount: Mount, devices: GuestDevices): boolean {
  return !ESSENTIAL.includes(mount.point) && isLostDisk(mount.device, devices);
}

/** Mounts on other disks that the system cannot do without: the image will lack them. */
export function essentialMountsElsewhere(mounts: Mount[], devices: GuestDevices): Mount[] {
  return mounts.filter(
    ({ point, device }) => point !== "/" && ESSENTIAL.includes(point) && isLostDisk(device, devices),
  );
}

/** A disk's name for something of the guest's own that has no other: swap made by an old mkswap. Nitro types have no such name. */
export function isNameless({ device }: Mount, devices: GuestDevices): boolean {
  return (
    devices.isDiskName(device) && devices.find(device) !== undefined && devices.stableName(device) === device
  );
}
