/** By what a filesystem is found, wherever its disk is plugged in. */
export interface RootIdentity {
  rootUuid: string;
  rootLabel?: string;
}

/** Disks by the names that an old guest can have given them: none of these is the same on every HVM family. */
const DISK_NAME = /^\/dev\/(?:sd|xvd|hd)[a-z]+\d*$/;

/** Whether a device is named by where it is plugged in, and not by LABEL=, UUID= or a volume group. */
export function isDiskName(device: string): boolean {
  return DISK_NAME.test(device);
}

/** Whether it is a `LABEL=` or `UUID=` of another filesystem than the root. */
export function isForeignIdentity(device: string, { rootUuid, rootLabel }: RootIdentity): boolean {
  const [, kind, value] = /^(LABEL|UUID)="?([^"]*)"?$/.exec(device) ?? [];
  if (kind === "UUID") return value.toLowerCase() !== rootUuid.toLowerCase();
  return kind === "LABEL" && value !== rootLabel;
}

/**
 * The name under which the root is found on every family. A LABEL or UUID of this filesystem stays, as do volume
 * groups; a disk's name, and a label that is not this filesystem's, become its UUID. (Ubuntu 12.04 after a hand
 * conversion: `LABEL=/` in the menu, `cloudimg-rootfs` in fstab; j3tm0t0/pv2hvm#3.)
 */
export function stableRoot(device: string, root: RootIdentity): string {
  return isDiskName(device) || isForeignIdentity(device, root) ? `UUID=${root.rootUuid}` : device;
}
