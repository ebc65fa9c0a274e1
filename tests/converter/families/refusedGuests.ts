/** Families that cannot be converted as they are. */
import type { Guest } from "./guests";
import { NITRO_MODULES, debianKernel, RED_HAT_5_XEN, redHat5Kernel } from "./kernelsOfFamilies";

/** Guests that no conversion helps. */
export const REFUSED_GUESTS: Guest[] = [
  {
    folder: "centos-5-xen",
    menuBy: "by hand, after the kickstart of ami-creator for CentOS 5",
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
    menuBy: "by hand, after a menu by update-grub of Ubuntu's grub 0.97",
    layout: "bare ext3, Ubuntu",
    kernels: [debianKernel("2.6.24-19-xen", { kind: "xen", builtIn: [], early: ["ext3"] })],
    packages: "dpkg",
  },
  {
    folder: "ubuntu-10.04-ec2",
    menuBy: "update-grub-legacy-ec2 0.5.12-0ubuntu5",
    layout: "bare ext3, Ubuntu",
    kernels: [debianKernel("2.6.32-305-ec2", { kind: "ec2", builtIn: [] })],
    packages: "dpkg",
  },
  {
    folder: "sles-11-ec2",
    menuBy: "by hand, after YaST's menu of SLES 11 SP3",
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
    menuBy: "by hand, after the menu of Arch Linux' grub-legacy",
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
    menuBy: "by hand, after the menu of CoreOS' PV images",
    layout: "CoreOS",
    kernels: [{ version: "3.19.0", file: "/boot/coreos/vmlinuz-a" }],
  },
  {
    folder: "nixos-13.10",
    menuBy: "by hand, after the menu of NixOS' PV images",
    layout: "bare ext3, NixOS",
    kernels: [{ version: "3.10.22", file: "/boot/kernels/linux-3.10.22-bzImage" }],
  },
];
