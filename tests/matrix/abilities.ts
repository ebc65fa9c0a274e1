/** What not every machine can do: rows that need it are skipped there, and say so. */
import * as fs from "node:fs";
import { type Layout, volumesOf } from "./layouts";
import { attempt, has, sh, withFolder, withMount } from "./shell";

/** What this machine lacks for a layout, in words. */
export function whyNot(layout: Layout): string | undefined {
  const volumes = volumesOf(layout);
  const holds = (kind: string) => volumes.some(({ volume }) => volume.holds === kind);
  if (layout.needs === "device-mapper" && !hasDeviceMapper()) return "no device-mapper here";
  if (volumes.some(({ group }) => group !== undefined) && !has("lvm")) return "no lvm2 here";
  if (holds("btrfs") && !has("mkfs.btrfs")) return "no btrfs-progs here";
  return holds("xfs-v4") && !mountsXfs4() ? "this kernel is built without XFS v4" : undefined;
}

/** The module may be there and not be loaded yet. */
function hasDeviceMapper(): boolean {
  attempt(["modprobe", "-q", "dm-mod"]);
  return fs.existsSync("/sys/class/misc/device-mapper");
}

/** CONFIG_XFS_SUPPORT_V4 is off in many a kernel of today; Debian's has it. The smallest that mkfs.xfs makes. */
function mountsXfs4(): boolean {
  return withFolder((folder) => {
    const file = `${folder}/disk`;
    fs.writeFileSync(file, "");
    fs.truncateSync(file, 320 * 2 ** 20);
    sh("mkfs.xfs", "-q", "-f", "-m", "crc=0", file);
    try {
      return withMount(file, `${folder}/mounted`, "ro", () => true);
    } catch {
      return false;
    }
  });
}
