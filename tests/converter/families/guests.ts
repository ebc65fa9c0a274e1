/** The families of PV guests, each with the kernels and on the disk that it has in the field. */
import type { StandInName } from "./generators";
import type { PhonyKernel } from "./kernels";
import {
  XEN_ONLY,
  MODULES,
  COMMON_MODULES,
  NITRO_MODULES,
  dracutKernel,
  debianKernel,
  AMAZON,
  RED_HAT_5_XEN,
  redHat5Kernel,
} from "./kernelsOfFamilies";
import type { LayoutName } from "./layouts";
import type { TextFile } from "./treeFiles";

export interface Guest {
  /** Its texts: `fixtures/FOLDER/before`, and what becomes of them; its name alone where it has `texts`. */
  folder: string;
  /**
   * Who wrote its boot menu: a program of the distribution, by name and version, run on the guest's kernels and again after the
   * image builder's settings had been put in; or `by hand, after` a source. Needed where its fixture has a menu.
   */
  menuBy?: string;
  /** Its texts and links, where they are no fixture. */
  texts?: Record<string, TextFile>;
  layout: LayoutName;
  kernels: PhonyKernel[];
  generator?: StandInName;
  /** Its package manager's program. */
  packages?: "dpkg" | "rpm" | "pacman" | "emerge";
  /** Second names of a file: git knows none. */
  hardLinks?: [name: string, same: string][];
  /** Options of the conversion. */
  options?: string[];
}

/** Guests that become HVM guests. */
export const GUESTS: Guest[] = [
  {
    folder: "amazon-linux-2012.03",
    menuBy: "by hand, after the menu of Amazon's user guide for PV-GRUB, and an entry as grubby adds it",
    layout: "bare ext4, Amazon",
    kernels: [
      dracutKernel("3.2.12-3.2.4.amzn1.x86_64", { builtIn: AMAZON, modules: ["ext4"], early: ["ext4"] }),
      dracutKernel("3.2.30-49.59.amzn1.x86_64", { builtIn: AMAZON, modules: ["ext4"], early: ["ext4"] }),
    ],
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "amazon-linux-2015.09",
    menuBy: "by hand, after the menu of an Amazon Linux 2015.09 image",
    layout: "bare ext4, Amazon",
    kernels: [
      dracutKernel("4.1.10-17.31.amzn1.x86_64", {
        builtIn: AMAZON,
        modules: NITRO_MODULES,
        early: ["nvme", "ext4"],
      }),
    ],
    generator: "dracut",
    packages: "rpm",
  },
  {
    folder: "amazon-linux-2018.03",
    menuBy: "by hand, after the menu of an Amazon Linux image, and an entry as grubby adds it",
    layout: "bare ext4, Amazon",
    kernels: [
      dracutKernel("4.14.42-61.37.amzn1.x86_64", {
        builtIn: AMAZON,
        modules: NITRO_MODULES,
        early: ["ext4"],
      }),
      dracutKernel("4.14.33-59.34.amzn1.x86_64", {
        builtIn: AMAZON,
        modules: NITRO_MODULES,
        early: ["ext4"],
      }),
    ],
    generator: "dracut",
    packages: "rpm",
  },
  {
    folder: "centos-5",
    menuBy: "by hand, after the kickstart of ami-creator for CentOS 5, and an entry as grubby adds it",
    layout: "bare ext3",
    kernels: [
      redHat5Kernel("2.6.18-348.el5xen", {
        ...RED_HAT_5_XEN,
        initrd: "/boot/initrd-2.6.18-348.el5xen-ec2.img",
      }),
      redHat5Kernel("2.6.18-348.el5"),
    ],
    generator: "mkinitrd",
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "rhel-5",
    menuBy: "by hand, after anaconda's menu of Red Hat 5 as a Xen guest",
    layout: "LVM, /usr and /var",
    kernels: [
      redHat5Kernel("2.6.18-308.el5", {
        early: ["xen-platform-pci", "xen-vbd", "ata_piix", "sd_mod", "ext3", "dm_mod", "bin/lvm"],
      }),
    ],
    generator: "mkinitrd",
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "centos-6-ami-creator",
    menuBy: "by hand, after what ami-creator writes",
    layout: "bare ext4, ami-creator",
    kernels: [dracutKernel("2.6.32-431.el6.x86_64", { modules: [...MODULES, "nvme", "ixgbevf"] })],
    generator: "dracut",
    packages: "rpm",
    hardLinks: [["/boot/grub/menu.lst", "/boot/grub/grub.conf"]],
    options: XEN_ONLY,
  },
  {
    // As `prepare` leaves it for Nitro: a newer kernel beside the one that boots.
    folder: "centos-6-prepared",
    menuBy: "by hand, after what ami-creator writes, and an entry as grubby adds it",
    layout: "bare ext4, ami-creator",
    kernels: [
      dracutKernel("2.6.32-754.el6.x86_64", { modules: NITRO_MODULES }),
      dracutKernel("2.6.32-220.el6.x86_64"),
    ],
    generator: "dracut",
    packages: "rpm",
    hardLinks: [["/boot/grub/menu.lst", "/boot/grub/grub.conf"]],
  },
  {
    folder: "rhel-6",
    menuBy: "by hand, after the menu of the Red Hat 6.6 image in EC2's user guide",
    layout: "MBR from 2048",
    kernels: [
      dracutKernel("2.6.32-504.3.3.el6.x86_64", { modules: NITRO_MODULES }),
      dracutKernel("2.6.32-431.29.2.el6.x86_64", { modules: NITRO_MODULES }),
    ],
    generator: "dracut",
    packages: "rpm",
  },
  {
    folder: "centos-6-lvm",
    menuBy: "by hand, after build-cloud-tools' bld-linux64",
    layout: "LVM",
    kernels: [
      dracutKernel("2.6.32-573.el6.x86_64", {
        modules: [...NITRO_MODULES, "dm_mod"],
        early: ["xen-blkfront", "ext4", "dm_mod", "sbin/lvm"],
      }),
    ],
    generator: "dracut",
    packages: "rpm",
  },
  {
    folder: "oracle-linux-6",
    menuBy: "by hand, after anaconda's menu of Oracle Linux 6",
    layout: "/boot, swap, XFS",
    kernels: [
      dracutKernel("3.8.13-68.el6uek.x86_64", {
        modules: [...NITRO_MODULES, "xfs"],
        early: ["xen-blkfront", "xfs"],
      }),
      dracutKernel("2.6.32-504.el6.x86_64", {
        modules: [...NITRO_MODULES, "xfs"],
        early: ["xen-blkfront", "xfs"],
      }),
    ],
    generator: "dracut",
    packages: "rpm",
  },
  {
    folder: "fedora-14",
    menuBy: "by hand, after the kickstart of ami-creator for Fedora 14",
    layout: "bare ext4, ami-creator",
    kernels: [
      dracutKernel("2.6.35.6-45.fc14.i686.PAE", {
        kind: "pv-ops-i386",
        builtIn: ["XEN_PVHVM", "XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "ATA_PIIX"],
        modules: ["ext4", "e1000"],
        early: ["ext4"],
      }),
    ],
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "fedora-17",
    menuBy: "by hand, after a kickstart for Fedora 17 images",
    layout: "bare ext4, ami-creator",
    kernels: [dracutKernel("3.3.4-5.fc17.x86_64", { builtIn: ["XEN_PVHVM"] })],
    generator: "dracut",
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "ubuntu-10.04-virtual",
    menuBy: "update-grub-legacy-ec2 0.5.15-0ubuntu2, from a menu by 0.5.12-0ubuntu5",
    layout: "bare ext3, Ubuntu",
    kernels: [
      debianKernel("2.6.32-305-ec2", { kind: "ec2", builtIn: [] }),
      debianKernel("2.6.35-32-virtual", {
        builtIn: ["XEN_PVHVM", "XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND"],
        modules: COMMON_MODULES,
        early: ["ext3", "ata_piix"],
      }),
    ],
    packages: "dpkg",
    options: XEN_ONLY,
  },
  {
    folder: "ubuntu-12.04",
    menuBy: "update-grub-legacy-ec2 0.6.3-0ubuntu2, and the last entry by hand",
    layout: "bare ext4, Ubuntu",
    kernels: [
      debianKernel("3.2.0-58-virtual", {
        modules: [...NITRO_MODULES],
        early: ["xen-blkfront", "ata_piix", "ext4"],
      }),
      debianKernel("3.2.0-40-virtual", {
        modules: [...NITRO_MODULES],
        early: ["xen-blkfront", "ata_piix", "ext4"],
      }),
    ],
    generator: "update-initramfs",
    packages: "dpkg",
    options: XEN_ONLY,
  },
  {
    folder: "ubuntu-14.04",
    menuBy: "update-grub-legacy-ec2 0.7.5-0ubuntu1",
    layout: "bare ext4, Ubuntu",
    kernels: [debianKernel("3.13.0-48-generic", { modules: NITRO_MODULES })],
    generator: "update-initramfs",
    packages: "dpkg",
  },
  {
    folder: "debian-6",
    menuBy: "by hand, after what the 40_custom of build-debian-cloud prints",
    layout: "bare XFS",
    kernels: [
      debianKernel("2.6.32-5-xen-amd64", {
        modules: [...MODULES, "xfs"],
        early: ["xen-blkfront", "xfs", "ata_piix"],
      }),
    ],
    generator: "update-initramfs",
    packages: "dpkg",
    options: XEN_ONLY,
  },
  {
    folder: "debian-7",
    menuBy: "by hand, after what the 40_custom of bootstrap-vz prints",
    layout: "bare ext4",
    kernels: [debianKernel("3.2.0-4-amd64", { modules: NITRO_MODULES, early: ["ext4"] })],
    generator: "update-initramfs",
    packages: "dpkg",
  },
  {
    folder: "debian-7-partitioned",
    menuBy: "by hand, after what the 40_custom of bootstrap-vz prints",
    layout: "MBR from 63",
    kernels: [debianKernel("3.2.0-4-amd64", { modules: NITRO_MODULES })],
    generator: "update-initramfs",
    packages: "dpkg",
  },
  {
    folder: "debian-8-turnkey",
    menuBy: "update-menu-lst 1.3+nmu1",
    layout: "swap, root, data",
    kernels: [debianKernel("3.16.0-4-amd64", { modules: NITRO_MODULES })],
    generator: "update-initramfs",
    packages: "dpkg",
  },
  {
    folder: "sles-11",
    menuBy: "by hand, after YaST's menu of SLES 11 SP3",
    layout: "bare ext3, SLES",
    kernels: [
      {
        version: "3.0.101-0.47.52-ec2",
        kind: "xen",
        initrd: "/boot/initrd-3.0.101-0.47.52-ec2",
        modules: ["xenblk", "xennet"],
        early: ["xenblk", "ext3"],
      },
      {
        version: "3.0.101-0.47.52-default",
        initrd: "/boot/initrd-3.0.101-0.47.52-default",
        kind: "hvm",
        modules: ["xen-vbd", "xen-vnif", "xen-platform-pci", "ata_piix", "e1000", "ext3"],
        early: ["ext3"],
      },
    ],
    generator: "mkinitrd-suse",
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "opensuse-13.1",
    menuBy: "by hand, after YaST's menu of openSUSE 13.1",
    layout: "/boot, logical",
    kernels: [
      {
        version: "3.11.10-7-default",
        initrd: "/boot/initrd-3.11.10-7-default",
        modules: NITRO_MODULES,
        early: ["xen-blkfront", "ext4"],
      },
    ],
    generator: "mkinitrd-suse",
    packages: "rpm",
  },
  {
    folder: "mandriva-2010",
    menuBy: "by hand, after drakx' menu of Mandriva 2010",
    layout: "primary, logical",
    kernels: [
      {
        version: "2.6.33.7-2mnb",
        initrd: "/boot/initrd-2.6.33.7-2mnb.img",
        builtIn: ["XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "XEN_PVHVM"],
        modules: COMMON_MODULES,
        early: ["virtio_blk", "ext4"],
      },
    ],
    generator: "mkinitrd 6",
    packages: "rpm",
    options: XEN_ONLY,
  },
  {
    folder: "gentoo",
    menuBy: "by hand, after notes of Gentoo's users on EC2",
    layout: "bare ext4, no label",
    kernels: [
      {
        version: "4.9.16-gentoo",
        file: "/boot/bzImage",
        builtIn: [
          "XEN_BLKDEV_FRONTEND",
          "XEN_NETDEV_FRONTEND",
          "XEN_PVHVM",
          "BLK_DEV_NVME",
          "ENA_ETHERNET",
          "EXT4_FS",
        ],
      },
    ],
    packages: "emerge",
  },
  {
    folder: "gentoo-genkernel",
    menuBy: "by hand, after notes of Gentoo's users on EC2, and genkernel's names",
    layout: "/boot noauto",
    kernels: [
      {
        version: "3.10.25-gentoo",
        file: "/boot/kernel-genkernel-x86_64-3.10.25-gentoo",
        initrd: "/boot/initramfs-genkernel-x86_64-3.10.25-gentoo",
        builtIn: ["XEN_NETDEV_FRONTEND", "XEN_PVHVM", "ENA_ETHERNET"],
        early: ["xen-blkfront", "nvme", "ext4"],
      },
    ],
    packages: "emerge",
  },
  {
    folder: "arch-2013",
    menuBy: "by hand, after the menu of Arch Linux' grub-legacy",
    layout: "GPT, /boot",
    kernels: [
      {
        version: "3.12.6-1-ARCH",
        file: "/boot/vmlinuz-linux",
        initrd: "/boot/initramfs-linux.img",
        modules: NITRO_MODULES,
        early: ["xen-blkfront", "ext4"],
      },
    ],
    generator: "mkinitcpio",
    packages: "pacman",
  },
];
