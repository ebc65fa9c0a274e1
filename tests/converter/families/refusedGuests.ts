/** Families that cannot be converted as they are. */
import type { Guest } from "./guests";
import { NITRO_MODULES, debianKernel, RED_HAT_5_XEN, redHat5Kernel } from "./kernelsOfFamilies";

/** Guests that no conversion helps. */
export const REFUSED_GUESTS: Guest[] = [
  {
    folder: "centos-5-xen",
    layout: "bare ext3",
    kernels: [
      redHat5Kernel("2.6.18-348.el5xen", {
        ...RED_HAT_5_XEN,
        initrd: "/boot/initrd-2.6.18-348.el5xen-ec2.img",
      }),
    ],
    generator: "mkinitrd",
    packages: "rpm",
  },
  {
    folder: "ubuntu-8.04",
    layout: "bare ext3, Ubuntu",
    kernels: [debianKernel("2.6.24-19-xen", { kind: "xen", builtIn: [], early: ["ext3"] })],
    packages: "dpkg",
  },
  {
    folder: "ubuntu-10.04-ec2",
    layout: "bare ext3, Ubuntu",
    kernels: [debianKernel("2.6.32-305-ec2", { kind: "ec2", builtIn: [] })],
    packages: "dpkg",
  },
  {
    folder: "sles-11-ec2",
    layout: "bare ext3, SLES",
    kernels: [
      {
        version: "3.0.101-0.47.52-ec2",
        kind: "xen",
        initrd: "/boot/initrd-3.0.101-0.47.52-ec2",
        modules: ["xenblk", "xennet"],
        early: ["xenblk"],
      },
    ],
    packages: "rpm",
  },
  {
    folder: "arch-btrfs",
    layout: "/boot, btrfs",
    kernels: [
      {
        version: "3.12.6-1-ARCH",
        file: "/boot/vmlinuz-linux",
        initrd: "/boot/initramfs-linux.img",
        modules: NITRO_MODULES,
        early: ["nvme"],
      },
    ],
    packages: "pacman",
  },
  {
    folder: "coreos",
    layout: "CoreOS",
    kernels: [{ version: "3.19.0", file: "/boot/coreos/vmlinuz-a" }],
  },
  {
    folder: "nixos-13.10",
    layout: "bare ext3, NixOS",
    kernels: [{ version: "3.10.22", file: "/boot/kernels/linux-3.10.22-bzImage" }],
  },
];
