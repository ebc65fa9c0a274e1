/**
 * The drivers by which a guest reaches its root disk and its network, under the names that `Facts` uses. `config` is the
 * kernel's configuration symbol (`=y`: built in). `with` names modules that it needs and that modprobe does not pull
 * in by itself; they go into an initramfs beside it, where the guest has them.
 */
export const DRIVERS = {
  /** Xen's disks, PV and HVM. On HVM the bus comes with the platform device, a module of its own in Linux 2.6.36 to 3.x. */
  "xen-blkfront": { config: "CONFIG_XEN_BLKDEV_FRONTEND", with: ["xen-platform-pci"] },
  "xen-netfront": { config: "CONFIG_XEN_NETDEV_FRONTEND", with: [] },
  /** Disks of Nitro instances. */
  nvme: { config: "CONFIG_BLK_DEV_NVME", with: [] },
  /** The network card of Nitro instances. Not in Linux before 4.9, unless the distribution brought it. */
  ena: { config: "CONFIG_ENA_ETHERNET", with: [] },
  /** The network card of the first Xen types with enhanced networking. */
  ixgbevf: { config: "CONFIG_IXGBEVF", with: [] },
  /** QEMU's IDE disk: every kernel of these years has it. */
  ata_piix: { config: "CONFIG_ATA_PIIX", with: ["sd_mod", "ata_generic"] },
  ahci: { config: "CONFIG_SATA_AHCI", with: ["sd_mod"] },
  e1000: { config: "CONFIG_E1000", with: [] },
  virtio_pci: { config: "CONFIG_VIRTIO_PCI", with: [] },
  virtio_blk: { config: "CONFIG_VIRTIO_BLK", with: ["virtio_pci"] },
  virtio_net: { config: "CONFIG_VIRTIO_NET", with: ["virtio_pci"] },
} as const;

export type Driver = keyof typeof DRIVERS;

export const DRIVER_NAMES = Object.keys(DRIVERS) as Driver[];

/** modprobe takes dashes and underscores for the same: the form to compare by. */
export function moduleKey(name: string): string {
  return name.replaceAll("-", "_");
}

/**
 * The module in a file of that path, or `undefined` where it is none: `…/nvme-core.ko.xz` is `nvme_core`.
 * Anchored, since a search for `nvme` also finds `nvmem` (RHEL 7.9; awslabs/aws-support-tools#181).
 */
export function moduleOfFile(path: string): string | undefined {
  const name = /(?:^|\/)([^/]+)\.ko(?:\.xz|\.gz|\.zst)?$/.exec(path)?.[1];
  return name === undefined ? undefined : moduleKey(name);
}

/** Those of `DRIVERS` that are among the modules (by `moduleKey`). */
export function driversAmong(modules: ReadonlySet<string>): Driver[] {
  return DRIVER_NAMES.filter((driver) => modules.has(moduleKey(driver)));
}
