import type { GuestTree } from "../tree";

export { HARDWARE_MEMORY } from "./hardwareMemory";

/** Where a card's name may be configured. A folder stands for all files in it. */
const CONFIGURATION = [
  "/etc/network/interfaces",
  "/etc/network/interfaces.d",
  "/etc/sysconfig/network-scripts",
  "/etc/sysconfig/network",
  "/etc/netplan",
  "/etc/systemd/network",
  "/etc/conf.d/net",
];

/**
 * The forms in which `eth0` … is named: ifupdown's iface, ifcfg's DEVICE=, netplan's key, networkd's Name=, Gentoo's
 * `config_eth0=`.
 */
const NAMED =
  /^\s*(?:iface\s+eth\d+\b|(?:DEVICE|Name)=["']?eth\d+["']?\s*$|eth\d+:\s*$|(?:config|modules|ifconfig)_eth\d+=)/m;

/** SUSE's ifcfg files have the card's name in their own name alone. */
const NAMED_FILE = /^\/etc\/sysconfig\/network\/ifcfg-eth\d+$/;

/** Files that configure a card by its old name. */
export function networkFilesByName(tree: GuestTree): string[] {
  const files = CONFIGURATION.flatMap((path) => [path, ...tree.list(path).map((name) => `${path}/${name}`)]);
  return files.filter((path) => {
    const text = tree.read(path);
    return text !== undefined && (NAMED_FILE.test(path) || NAMED.test(text));
  });
}

const RULES_FOLDERS = ["/lib/udev/rules.d", "/usr/lib/udev/rules.d"];
/** The rules that rename by PCI slot: systemd 197 to 208, and later. */
const RENAMING_RULES = ["80-net-name-slot.rules", "80-net-setup-link.rules"];
const GENERATOR = "75-persistent-net-generator.rules";
/** Masks the names by slot from systemd 209 on. */
const DEFAULT_LINK = "/etc/systemd/network/99-default.link";

/**
 * Whether the guest's udev renames cards by their PCI slot (`ens5`). Not where an administrator masked the rule with a
 * file of the same name in /etc, nor beside the old generator (Debian 8, Ubuntu 14.04), which keeps the old names.
 */
export function hasPredictableNames(tree: GuestTree): boolean {
  const shipped = (name: string) => RULES_FOLDERS.some((folder) => tree.exists(`${folder}/${name}`));
  const masked = (name: string) => tree.hasName(`/etc/udev/rules.d/${name}`);
  if (shipped(GENERATOR) || tree.hasName(DEFAULT_LINK)) return false;
  return RENAMING_RULES.some((name) => shipped(name) && !masked(name));
}
