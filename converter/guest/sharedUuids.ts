import type { Advice, MountFacts } from "../types";
import type { GuestDevices, NamedVolume } from "./devices";

/**
 * Why the guest's filesystems cannot be told apart by UUID, as the converted guest tells them: a partition was once copied to
 * another one with dd. As PV, with `root=/dev/xvda2`, that was no trouble; by UUID either of them may be booted.
 */
export function refuseSharedUuids(volumes: NamedVolume[], mounts: MountFacts[]): Advice[] {
  return mounts.flatMap(({ point, filesystem: { type, uuid } }) => {
    const bearers = volumes.filter((volume) => volume.uuid?.toLowerCase() === uuid.toLowerCase());
    if (bearers.length < 2) return [];
    const found = `${bearers.map(nameOf).join(" and ")} have the same UUID, ${uuid}, by which the converted guest would find it.`;
    const command = type === "xfs" ? "xfs_admin -U generate" : "tune2fs -U random";
    const advice = `Give the one that is not ${point} another (${command}) on a copy of the volume, and convert that.`;
    return [{ subject: point, found, advice }];
  });
}

/**
 * What the guest's files name by something that several of its volumes have: no name, for which of them it means is for udev
 * to choose at each boot. The root is then named by its UUID.
 * @param rootNames what its menu and its fstab call the root @param names every device of its fstab
 */
export function warnNamesakes(devices: GuestDevices, rootNames: string[], names: string[]): Advice[] {
  return [...new Set([...rootNames, ...names])].flatMap((device) => {
    const bearers = devices.namesakes(device);
    if (bearers.length === 0) return [];
    const found = `${bearers.map(nameOf).join(" and ")} are called so, and a boot finds one or the other.`;
    const advice = rootNames.includes(device)
      ? "The root is named by its UUID instead. Give the other one another label (e2label, mkswap -L)."
      : "It stays as it is: name the right one by UUID= in the source.";
    return [{ subject: device, found, advice }];
  });
}

/** Why it cannot be told which of several systems is the guest: they bear the one name that its root is called by. */
export function ambiguousRoot(device: string, volumes: NamedVolume[]): Advice {
  return {
    subject: device,
    found: `${volumes.map(nameOf).join(" and ")} are called so, and each has a system on it: which is the guest's root is not to be told.`,
    advice:
      "Name the root by UUID= in menu.lst and /etc/fstab, or give the other one another label (e2label), on a copy of the volume, and convert that.",
  };
}

function nameOf({ part, logicalVolume }: NamedVolume): string {
  return logicalVolume ?? `partition ${part}`;
}
