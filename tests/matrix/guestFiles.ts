/** The files that make a Debian tree a PV guest of the old kind, whatever disk it lies on. */
import type { ImageFile } from "../../local/images/recipe";
import type { PlacedVolume } from "./disk";
import type { Naming } from "./rows";

/** A volume with what blkid says of it. */
export interface NamedVolume extends PlacedVolume {
  uuid: string;
}

/** What the guest's files call a volume. */
export function deviceName({ volume, partition, group, uuid }: NamedVolume, naming: Naming): string {
  if (group !== undefined) return `/dev/mapper/${group}-${volume.name}`;
  if (naming === "uuid") return `UUID=${uuid}`;
  if (naming === "label" && volume.label !== undefined) return `LABEL=${volume.label}`;
  // EC2 attached the bare filesystem as a partition without a disk.
  return `/dev/${naming === "sda" ? "sda" : "xvda"}${partition === 0 ? 1 : partition}`;
}

/** `root=` has a name of its own where /etc/fstab would have a label, as initramfs-tools and dracut both take them. */
export function fstab(volumes: NamedVolume[], naming: Naming): string {
  const types: Record<string, string> = { "ext4-modern": "ext4", "xfs-v4": "xfs" };
  const lines = volumes.map((one) => {
    const { holds, point, options } = one.volume;
    const type = types[holds] ?? holds;
    const pass = point === "/" ? 1 : holds === "swap" || options?.includes("noauto") ? 0 : 2;
    const where = holds === "swap" ? "none" : point;
    return [deviceName(one, naming), where, type, options ?? "defaults", 0, pass].join("\t");
  });
  return [
    "# <file system>\t<mount point>\t<type>\t<options>\t<dump>\t<pass>",
    ...lines,
    INSTANCE_STORE,
    "",
  ].join("\n");
}

/** As cloud-init wrote it for the first instance store, which most instances of today do not have. */
export const INSTANCE_STORE = "/dev/xvdb\t/mnt\tauto\tdefaults,comment=cloudconfig\t0\t2";

const INTERFACES = `auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp
`;

/** Of the instance that the image was made of: its card is nowhere to be found again. */
export const PERSISTENT_NET_RULES = `# PCI device 0x8086:0x100e (e1000)
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="12:31:39:0a:4b:1c", ATTR{dev_id}=="0x0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"
`;

/** The files of every guest. `inittab`: sysvinit's own, where the tree has it. */
export function guestFiles(volumes: NamedVolume[], naming: Naming, inittab: string | undefined): ImageFile[] {
  return [
    { path: "/etc/fstab", text: fstab(volumes, naming) },
    { path: "/etc/network/interfaces", text: INTERFACES },
    { path: "/etc/udev/rules.d/70-persistent-net.rules", text: PERSISTENT_NET_RULES },
    ...(inittab === undefined ? [] : [{ path: "/etc/inittab", text: consoleInittab(inittab) }]),
  ];
}

/** One terminal, Xen's, in place of six virtual ones. */
function consoleInittab(inittab: string): string {
  const kept = inittab.split("\n").filter((line) => !/^\d:\d+:respawn:.*getty .*tty\d$/.test(line));
  return [...kept, "co:2345:respawn:/sbin/getty 38400 hvc0", ""].join("\n");
}

/** systemd's link for the same terminal. */
export const PV_GETTY_LINK = "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service";
