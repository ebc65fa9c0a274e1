import type { Advice, MountFacts } from "../types";
import type { NamedVolume } from "./devices";

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

function nameOf({ part, logicalVolume }: NamedVolume): string {
  return logicalVolume ?? `partition ${part}`;
}
