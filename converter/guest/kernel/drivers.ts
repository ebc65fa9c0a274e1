/** A driver by the one name that `Facts` uses, whatever a kernel of one time or another calls it. */
export interface DriverDescription {
  /** Names of its module, today's first. */
  modules: readonly string[];
  /** The kernel's configuration symbols: with one of them `=y` it is built in. */
  configs: readonly string[];
  /** Modules that it needs and that modprobe does not pull in by itself: they go into an initramfs beside it, where the kernel has them. */
  with: readonly string[];
}

/** XFS, and ext4 with metadata_csum, ask the kernel for this checksum by name: depmod knows nothing of it. */
const CHECKSUMS = ["crc32c", "crc32c_generic"];

/** The drivers by which a guest reaches its root and its network. */
export const DRIVERS = {
  /**
   * The PCI device by which a kernel finds Xen's bus when it runs as HVM: since Linux 2.6.36, as a module of its own in
   * some kernels to 3.x and in Red Hat 5's `xenpv_hvm`.
   */
  "xen-platform-pci": {
    modules: ["xen-platform-pci"],
    configs: ["CONFIG_XEN_PLATFORM_PCI", "CONFIG_XEN_PVHVM"],
    with: [],
  },
  /** Xen's disks. `xen-vbd` is Red Hat 5's and SLES 11's name in their HVM kernels, `xenblk` the one in `kernel-xen`. */
  "xen-blkfront": {
    modules: ["xen-blkfront", "xen-vbd", "xenblk"],
    configs: ["CONFIG_XEN_BLKDEV_FRONTEND"],
    with: ["xen-platform-pci"],
  },
  "xen-netfront": {
    modules: ["xen-netfront", "xen-vnif", "xennet"],
    configs: ["CONFIG_XEN_NETDEV_FRONTEND"],
    with: ["xen-platform-pci"],
  },
  /** Disks of Nitro instances. */
  nvme: { modules: ["nvme"], configs: ["CONFIG_BLK_DEV_NVME"], with: [] },
  /** The network card of Nitro instances. Not in Linux before 4.9, unless the distribution brought it. */
  ena: { modules: ["ena"], configs: ["CONFIG_ENA_ETHERNET"], with: [] },
  /** The network card of the Xen types with enhanced networking (C3, C4, D2, I2, M4, R3). */
  ixgbevf: { modules: ["ixgbevf"], configs: ["CONFIG_IXGBEVF"], with: [] },
  /** QEMU's IDE disk: every kernel of these years has it. `piix` is the driver before libata (Red Hat 5 builds it in). */
  ata_piix: {
    modules: ["ata_piix", "piix"],
    configs: ["CONFIG_ATA_PIIX", "CONFIG_BLK_DEV_PIIX"],
    with: ["sd_mod", "ata_generic"],
  },
  ahci: { modules: ["ahci"], configs: ["CONFIG_SATA_AHCI"], with: ["sd_mod"] },
  e1000: { modules: ["e1000"], configs: ["CONFIG_E1000"], with: [] },
  e1000e: { modules: ["e1000e"], configs: ["CONFIG_E1000E"], with: [] },
  "8139cp": { modules: ["8139cp"], configs: ["CONFIG_8139CP"], with: [] },
  virtio_pci: { modules: ["virtio_pci"], configs: ["CONFIG_VIRTIO_PCI"], with: [] },
  virtio_blk: { modules: ["virtio_blk"], configs: ["CONFIG_VIRTIO_BLK"], with: ["virtio_pci"] },
  virtio_net: { modules: ["virtio_net"], configs: ["CONFIG_VIRTIO_NET"], with: ["virtio_pci"] },
  /** What the root is made of: no new initramfs may lack what the old one had. */
  ext2: { modules: ["ext2"], configs: ["CONFIG_EXT2_FS"], with: [] },
  ext3: { modules: ["ext3"], configs: ["CONFIG_EXT3_FS"], with: [] },
  ext4: { modules: ["ext4"], configs: ["CONFIG_EXT4_FS"], with: CHECKSUMS },
  xfs: { modules: ["xfs"], configs: ["CONFIG_XFS_FS"], with: CHECKSUMS },
  dm_mod: { modules: ["dm_mod"], configs: ["CONFIG_BLK_DEV_DM"], with: [] },
} as const satisfies Record<string, DriverDescription>;

export type Driver = keyof typeof DRIVERS;

export const DRIVER_NAMES = Object.keys(DRIVERS) as Driver[];

/**
 * Bus and disk of both families, and of the rehearsal's machines. A new initramfs gets all of them that its kernel has, whether
 * or not the old one had them: Red Hat's and SUSE's mkinitrd, mkinitcpio and MODULES=list of initramfs-tools put in what
 * they are told and nothing else, so that an image made with the missing ones alone lacked those of the old one.
 */
export const DISK_DRIVERS: readonly Driver[] = [
  ...(["xen-platform-pci", "xen-blkfront", "nvme"] as const),
  ...(["ata_piix", "ahci", "virtio_pci", "virtio_blk"] as const),
];

/** The cards of the same machines: welcome in a new initramfs, and found without it once the root is there. */
export const CARD_DRIVERS: readonly Driver[] = ["xen-netfront", "ena", "e1000", "virtio_net"];

/** Those of `DRIVERS` that the way to the root leads through. */
export const ROOT_DRIVERS: readonly Driver[] = ["ext2", "ext3", "ext4", "xfs", "dm_mod"];

/** modprobe takes dashes and underscores for the same: the form to compare by. */
export function moduleKey(name: string): string {
  return name.replaceAll("-", "_");
}

/**
 * The module in a file of that path, by its own spelling, or `undefined` if it is none: `…/nvme-core.ko.xz` is
 * `nvme-core`. Anchored, since a search for `nvme` also finds `nvmem` (RHEL 7.9; awslabs/aws-support-tools#181).
 */
export function moduleNameOfFile(path: string): string | undefined {
  return /(?:^|\/)([^/]+)\.ko(?:\.xz|\.gz|\.zst)?$/.exec(path)?.[1];
}

/** As `moduleNameOfFile`, by `moduleKey`. */
export function moduleOfFile(path: string): string | undefined {
  const name = moduleNameOfFile(path);
  return name === undefined ? undefined : moduleKey(name);
}

/** Those of `DRIVERS` that are among the modules (by `moduleKey`). */
export function driversAmong(modules: { has(key: string): boolean }): Driver[] {
  return DRIVER_NAMES.filter((driver) => hasDriver(modules, driver));
}

/** Whether the driver is among the modules (by `moduleKey`), under one of its names. */
export function hasDriver(modules: { has(key: string): boolean }, driver: Driver): boolean {
  return DRIVERS[driver].modules.some((name) => modules.has(moduleKey(name)));
}
