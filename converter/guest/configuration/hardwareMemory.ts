import type { FileEdit } from "../../types";
import { fileRemoval } from "../edit";
import type { Read } from "../planEdits";

/**
 * udev's memory of MAC addresses: on the new instance eth0 would become eth1. Its generators stay (Amazon Linux's
 * ec2-net-utils need theirs).
 */
const PERSISTENT_RULES = [
  "/etc/udev/rules.d/70-persistent-net.rules",
  // SUSE 10.
  "/etc/udev/rules.d/30-net_persistent_names.rules",
  // Debian 4 and 5.
  "/etc/udev/rules.d/z25_persistent-net.rules",
  // Fedora 3 to 6 and Ubuntu before 8.04: ifrename's table.
  "/etc/iftab",
];

/** blkid's memory of devices: it would still know the root by its old name. */
const BLKID_CACHES = [
  "/etc/blkid.tab",
  "/etc/blkid.tab.old",
  "/etc/blkid/blkid.tab",
  "/etc/blkid/blkid.tab.old",
];

/** LVM's memory of the devices that it scanned; the next scan writes it anew. */
const LVM_CACHES = ["/etc/lvm/cache/.cache", "/etc/lvm/.cache"];

/** Files that remember the hardware of the source. */
export const HARDWARE_MEMORY = [...PERSISTENT_RULES, ...BLKID_CACHES, ...LVM_CACHES];

const MAC_ADDRESS = /(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/i;

/** Takes the source's hardware out of the guest's memory. `files`: those that exist in the guest. */
export function planHardwareMemory(files: string[], read: Read): FileEdit[] {
  return HARDWARE_MEMORY.filter((path) => files.includes(path) && remembers(path, read)).map((path) =>
    fileRemoval(path, why(path), read(path)),
  );
}

/** A rules file that is empty, or a link to /dev/null, was put there so that nothing is remembered. */
function remembers(path: string, read: Read): boolean {
  return !PERSISTENT_RULES.includes(path) || MAC_ADDRESS.test(read(path) ?? "");
}

function why(path: string): string {
  if (BLKID_CACHES.includes(path)) return "blkid's cache names the devices of the source";
  if (LVM_CACHES.includes(path)) return "LVM's cache names the devices of the source";
  return "it binds eth0 to the source's MAC address, and the new instance would have no eth0";
}
