/** Kernels as the families have them: what is built in, what is a module, what is in the initramfs. */
import type { PhonyKernel } from "./kernels";

/** For kernels that came before NVMe or ENA. */
export const XEN_ONLY = ["--for", "xen"];

/** Modules that most kernels of these years have, from 2.6.32 on. */
export const MODULES = [
  "xen-blkfront",
  "xen-netfront",
  "ata_piix",
  "sd_mod",
  "e1000",
  "virtio_pci",
  "virtio_blk",
  "ext4",
];
/** For kernels that have Xen's drivers built in. */
export const COMMON_MODULES = MODULES.filter((name) => !name.startsWith("xen-"));
export const NITRO_MODULES = [...MODULES, "nvme", "ena", "ixgbevf"];

/** A kernel of Red Hat's, with dracut's name for the initramfs. */
export function dracutKernel(version: string, rest: Partial<PhonyKernel> = {}): PhonyKernel {
  return {
    version,
    initrd: `/boot/initramfs-${version}.img`,
    builtIn: ["XEN_PVHVM"],
    modules: MODULES,
    early: ["xen-blkfront", "ext4"],
    ...rest,
  };
}

/** A kernel of Debian's and Ubuntu's. */
export function debianKernel(version: string, rest: Partial<PhonyKernel> = {}): PhonyKernel {
  return {
    version,
    initrd: `/boot/initrd.img-${version}`,
    builtIn: ["XEN_PVHVM"],
    modules: MODULES,
    early: ["xen-blkfront", "ext4"],
    ...rest,
  };
}

/** Amazon builds Xen's drivers in. */
export const AMAZON = ["XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "XEN_PVHVM", "ATA_PIIX"];

/** kernel-xen of Red Hat 5: without NVMe, ENA, or a boot sector. */
export const RED_HAT_5_XEN: Partial<PhonyKernel> = {
  kind: "xen",
  modules: ["xenblk", "xennet", "ext3"],
  early: ["xenblk", "ext3"],
};
export const RED_HAT_5_MODULES = [
  "xen-vbd",
  "xen-vnif",
  "xen-platform-pci",
  "ext3",
  "e1000",
  "dm_mod",
  "ata_piix",
  "sd_mod",
];

export function redHat5Kernel(version: string, rest: Partial<PhonyKernel> = {}): PhonyKernel {
  return {
    version,
    initrd: `/boot/initrd-${version}.img`,
    kind: "hvm",
    modules: RED_HAT_5_MODULES,
    early: ["ext3"],
    ...rest,
  };
}
