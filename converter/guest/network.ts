import type { FileEdit } from "../types";
import { fileRemoval } from "./edit";
import type { Read } from "./planEdits";
import type { GuestTree } from "./tree";

/** udev's memory of MAC addresses: on the new instance eth0 would become eth1. Its generators stay (Amazon Linux's ec2-net-utils need theirs). */
const PERSISTENT_RULES = [
  "/etc/udev/rules.d/70-persistent-net.rules",
  // Debian 4 and 5.
  "/etc/udev/rules.d/z25_persistent-net.rules",
];

/** Where a card's name may be configured. A folder stands for all files in it. */
const CONFIGURATION = [
  "/etc/network/interfaces",
  "/etc/network/interfaces.d",
  "/etc/sysconfig/network-scripts",
  "/etc/sysconfig/network",
  "/etc/netplan",
  "/etc/systemd/network",
];

/** The forms in which `eth0` … is named: ifupdown's iface, ifcfg's DEVICE=, netplan's key, networkd's Name=. */
const NAMED = /^\s*(?:iface\s+eth\d+\b|(?:DEVICE|Name)="?eth\d+"?\s*$|eth\d+:\s*$)/m;

/** Files that configure a card by its old name. */
export function networkFilesByName(tree: GuestTree): string[] {
  const files = CONFIGURATION.flatMap((path) => [path, ...tree.list(path).map((name) => `${path}/${name}`)]);
  return files.filter((path) => NAMED.test(tree.read(path) ?? ""));
}

const RULES_FOLDERS = ["/lib/udev/rules.d", "/usr/lib/udev/rules.d"];
/** The rules that rename by PCI slot: systemd 197 to 208, and later. */
const RENAMING_RULES = ["80-net-name-slot.rules", "80-net-setup-link.rules"];
const GENERATOR = "75-persistent-net-generator.rules";

/**
 * Whether the guest's udev renames cards by their PCI slot (`ens5`). Not where an administrator masked the rule with a
 * file of the same name in /etc, nor beside the old generator (Debian 8, Ubuntu 14.04), which keeps the old names.
 */
export function hasPredictableNames(tree: GuestTree): boolean {
  const shipped = (name: string) => RULES_FOLDERS.some((folder) => tree.exists(`${folder}/${name}`));
  const masked = (name: string) => tree.hasName(`/etc/udev/rules.d/${name}`);
  return !shipped(GENERATOR) && RENAMING_RULES.some((name) => shipped(name) && !masked(name));
}

/** blkid's memory of devices: it would still know the root by its old name. */
const BLKID_CACHES = [
  "/etc/blkid.tab",
  "/etc/blkid.tab.old",
  "/etc/blkid/blkid.tab",
  "/etc/blkid/blkid.tab.old",
];

/** Files that remember the hardware of the source. */
export const HARDWARE_MEMORY = [...PERSISTENT_RULES, ...BLKID_CACHES];

/** Takes the source's hardware out of the guest's memory. `files`: those that exist in the guest. */
export function planHardwareMemory(files: string[], read: Read): FileEdit[] {
  const why = (path: string) =>
    BLKID_CACHES.includes(path)
      ? "blkid's cache names the devices of the source"
      : "it binds eth0 to the source's MAC address, and the new instance would have no eth0";
  return HARDWARE_MEMORY.filter((path) => files.includes(path)).map((path) =>
    fileRemoval(path, why(path), read(path)),
  );
}
