/** Guests that lack a kernel for HVM, or its drivers for Nitro, as releases of these years had it, with what their packages do to the menu. */
import type { Family } from "../../converter/types";
import {
  debianKernel,
  dracutKernel,
  NITRO_MODULES,
  redHat5Kernel,
  RED_HAT_5_XEN,
} from "../converter/families/kernelsOfFamilies";
import type { PhonyKernel } from "../converter/families/kernels";
import { initramfs } from "../converter/families/kernels";
import type { OldGuest } from "./oldGuest";

const menu = (version: string, initrd: string, rest = "console=hvc0") => `default=0
timeout=1
title Linux (${version})
\troot (hd0)
\tkernel /boot/vmlinuz-${version} ro root=LABEL=/ ${rest}
\tinitrd ${initrd}
`;

/** What grubby does with UPDATEDEFAULT=yes: the new kernel's entry comes first, and is the default. */
const GRUBBY = (version: string, initrd: string) => `
{ sed -n '1,/^timeout/p' /boot/grub/grub.conf
  printf 'title New (${version})\\n\\troot (hd0)\\n\\tkernel /boot/vmlinuz-${version} ro root=LABEL=/\\n\\tinitrd ${initrd}\\n'
  sed '1,/^timeout/d' /boot/grub/grub.conf; } > /tmp/new
cat /tmp/new > /boot/grub/grub.conf
`;

const EL5_XEN = "2.6.18-348.el5xen";
const EL5 = "2.6.18-398.el5";
const EL5_KERNEL = redHat5Kernel(EL5, {
  early: ["xen-platform-pci", "xen-vbd", "ata_piix", "sd_mod", "ext3"],
});

/** CentOS 5 with nothing but kernel-xen; its grubby makes the new kernel the default. */
export const CENTOS_5: OldGuest = {
  manager: "yum",
  texts: {
    "/etc/redhat-release": "CentOS release 5.9 (Final)\n",
    "/boot/grub/grub.conf": menu(EL5_XEN, `/boot/initrd-${EL5_XEN}.img`, "console=xvc0"),
  },
  links: { "/boot/grub/menu.lst": "grub.conf" },
  scripts: { "/sbin/mkinitrd": "# nash --preload\n" },
  kernels: [redHat5Kernel(EL5_XEN, { ...RED_HAT_5_XEN, initrd: `/boot/initrd-${EL5_XEN}.img` })],
  packages: {
    kernel: { kernel: EL5_KERNEL, script: GRUBBY(EL5, `/boot/initrd-${EL5}.img`) },
    grub: { script: "mkdir -p /usr/share/grub/x86_64-redhat; echo > /usr/share/grub/x86_64-redhat/stage1" },
  },
};

const EC2 = "2.6.32-305-ec2";
const MAVERICK = "2.6.35-32-virtual";
const MAVERICK_KERNEL: PhonyKernel = debianKernel(MAVERICK, {
  builtIn: ["XEN_PVHVM", "XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND"],
  early: ["ext3", "ata_piix"],
});

const UPDATE_INITRAMFS = `while [ $# -gt 0 ]; do [ "$1" != -k ] || version=$2; shift; done
cat /repo/new-initrd > "/boot/initrd.img-$version"
`;
/** What an upgrade of initramfs-tools does: it makes the initramfs of the kernel that boots today anew. */
const TODAY_BY_TRIGGER = `echo other > /boot/initrd.img-${EC2}`;

/** Ubuntu 10.04 with its kernel for EC2: nothing writes the new kernel into the menu. */
export const UBUNTU_10_04: OldGuest = {
  manager: "apt-get",
  texts: {
    "/etc/lsb-release":
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n',
    "/boot/grub/menu.lst": menu(EC2, `/boot/initrd.img-${EC2}`),
  },
  scripts: { "/repo/update-initramfs": UPDATE_INITRAMFS },
  files: { "/repo/new-initrd": initramfs("V", ["xen-blkfront", "ext3"]) },
  kernels: [debianKernel(EC2, { kind: "ec2", builtIn: [] })],
  packages: {
    "linux-image-virtual-lts-backport-maverick": { kernel: MAVERICK_KERNEL },
    "initramfs-tools": { script: `cp /repo/update-initramfs /usr/sbin/ && ${TODAY_BY_TRIGGER}` },
    "grub-pc-bin": { script: "mkdir -p /usr/lib/grub/i386-pc; echo > /usr/lib/grub/i386-pc/boot.img" },
    "grub-common": {},
  },
};

const SLES_EC2 = "3.0.101-0.47.52-ec2";
const SLES = "3.0.101-0.47.52-default";

/** SLES 11 with its kernel for EC2, whose perl-Bootloader writes the whole menu anew; and an initrd without Xen's disks. */
export const SLES_11: OldGuest = {
  manager: "zypper",
  texts: {
    "/etc/SuSE-release": "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 3\n",
    "/etc/fstab": "LABEL=/ / ext3 defaults 1 1\n",
    "/etc/sysconfig/kernel": 'INITRD_MODULES="ext3"\nDOMU_INITRD_MODULES="xennet xenblk"\n',
    "/boot/grub/menu.lst": menu(SLES_EC2, `/boot/initrd-${SLES_EC2}`, "console=xvc0"),
  },
  scripts: {
    "/sbin/mkinitrd": `# INITRD_MODULES, no_bootloader_update=$param_B
echo "mkinitrd $*" >> /var/log/calls
while [ $# -gt 0 ]; do [ "$1" != -i ] || output=$2; shift; done
cat /repo/new-initrd > "/boot/$output"
`,
  },
  files: { "/repo/new-initrd": initramfs("V", ["xen-vbd", "xen-platform-pci", "ext3"]) },
  kernels: [
    {
      version: SLES_EC2,
      kind: "xen",
      initrd: `/boot/initrd-${SLES_EC2}`,
      modules: ["xenblk"],
      early: ["xenblk"],
    },
  ],
  packages: {
    "kernel-default": {
      kernel: {
        version: SLES,
        kind: "hvm",
        initrd: `/boot/initrd-${SLES}`,
        modules: ["xen-vbd", "xen-vnif", "xen-platform-pci", "ata_piix"],
        early: ["ext3"],
      },
      script: `printf 'default 0\\ntimeout 8\\ntitle SLES ${SLES}\\n  root (hd0)\\n  kernel /boot/vmlinuz-${SLES} root=LABEL=/\\n  initrd /boot/initrd-${SLES}\\n' > /boot/grub/menu.lst`,
    },
    "xen-kmp-default": {},
    grub: { script: "mkdir -p /usr/lib/grub; echo > /usr/lib/grub/stage1" },
  },
};

const EL6 = "2.6.32-220.el6.x86_64";
const EL6_NITRO = "2.6.32-754.el6.x86_64";
const EL6_KERNEL = dracutKernel(EL6_NITRO, { modules: NITRO_MODULES });

/** CentOS 6 with a kernel that boots as HVM and is older than NVMe and ENA; its grubby makes the new one the default. */
export const CENTOS_6: OldGuest = {
  manager: "yum",
  texts: {
    "/etc/redhat-release": "CentOS release 6.2 (Final)\n",
    "/etc/dracut.conf": '# add_drivers+=""\n',
    // A title without commands, as some draw a line by, is no entry for GRUB legacy.
    "/boot/grub/grub.conf": menu(EL6, `/boot/initramfs-${EL6}.img`).replace("title", "title ----\ntitle"),
  },
  links: { "/boot/grub/menu.lst": "grub.conf" },
  scripts: {
    "/sbin/dracut": `# reads /etc/dracut.conf.d
for word; do case "$word" in /boot/*) output=$word ;; esac; done
cat /repo/new-initrd > "$output"
`,
  },
  files: { "/repo/new-initrd": initramfs("V", ["xen-blkfront", "nvme", "ext4"]) },
  kernels: [dracutKernel(EL6)],
  packages: {
    kernel: { kernel: EL6_KERNEL, script: GRUBBY(EL6_NITRO, `/boot/initramfs-${EL6_NITRO}.img`) },
    grub: { script: "mkdir -p /usr/share/grub/x86_64-redhat; echo > /usr/share/grub/x86_64-redhat/stage1" },
  },
};

/** As before, without grubby: nothing writes the new kernel into the menu. */
export const CENTOS_6_WITHOUT_GRUBBY: OldGuest = {
  ...CENTOS_6,
  packages: { ...CENTOS_6.packages, kernel: { kernel: EL6_KERNEL } },
};

/** The new kernel was installed and is in no entry; nothing but that entry is missing. */
export const CENTOS_6_WITHOUT_ENTRY: OldGuest = {
  ...CENTOS_6,
  kernels: [...CENTOS_6.kernels, EL6_KERNEL],
  packages: { grub: CENTOS_6.packages.grub },
};

const ARCH_EC2 = "2.6.35-ec2";
const ARCH = "3.12.6-1-ARCH";

/** Arch Linux with a kernel for EC2 that boots, and its own beside it, whose initramfs was made by autodetect. Nothing is to be installed. */
export const ARCH_LINUX: OldGuest = {
  manager: "pacman",
  texts: {
    "/etc/os-release": 'ID=arch\nPRETTY_NAME="Arch Linux"\n',
    "/etc/fstab": "LABEL=/ / ext4 defaults 0 1\n",
    "/etc/mkinitcpio.conf": '# MODULES="none"\nMODULES="xen-netfront"\nHOOKS="base udev autodetect"\n',
    "/usr/lib/grub/i386-pc/boot.img": "",
    "/boot/grub/menu.lst": `${menu(ARCH_EC2, "/boot/initramfs-ec2.img")}title Arch
\troot (hd0)
\tkernel /boot/vmlinuz-linux ro root=LABEL=/
\tinitrd /boot/initramfs-linux.img
`,
  },
  scripts: {
    // Made by hand, with the letters of 0.8.0: a word would end it.
    "/usr/bin/mkinitcpio": `echo "mkinitcpio $*" >> /var/log/calls
while getopts ':c:k:sb:g:p:m:nvH:LMhS:t:z:' option; do
  case "$option" in g) output=$OPTARG ;; S) skipped=$OPTARG ;; k) ;; *) exit 1 ;; esac
done
. /etc/mkinitcpio.conf
case "$skipped $MODULES " in "autodetect "*" xen-blkfront "*" ext4 "*) cat /repo/new-initrd > "$output" ;; *) exit 1 ;; esac
`,
  },
  files: { "/repo/new-initrd": initramfs("V", ["xen-blkfront", "nvme", "ext4"]) },
  kernels: [
    { version: ARCH_EC2, kind: "ec2", initrd: "/boot/initramfs-ec2.img", early: ["xen-blkfront"] },
    {
      version: ARCH,
      file: "/boot/vmlinuz-linux",
      initrd: "/boot/initramfs-linux.img",
      builtIn: ["XEN_PVHVM"],
      modules: NITRO_MODULES,
      early: ["ext4"],
    },
  ],
  packages: {},
};

/** As katzj/ami-creator leaves it: mkinitrd ends at a module that the new kernel has not. */
const CENTOS_5_OF_AMI_CREATOR: OldGuest = {
  ...CENTOS_5,
  texts: { ...CENTOS_5.texts, "/etc/sysconfig/mkinitrd/xen": 'MODULES+="xenblk "\n' },
  packages: {
    ...CENTOS_5.packages,
    kernel: {
      kernel: EL5_KERNEL,
      script: `! grep -w xenblk /etc/sysconfig/mkinitrd/xen || exit 1\ngrep -w xen-vbd /etc/sysconfig/mkinitrd/xen || exit 1\n${GRUBBY(EL5, `/boot/initrd-${EL5}.img`)}`,
    },
  },
};

/** Its builder left NVMe out of every initramfs, and made each for one machine. */
const CENTOS_6_THAT_OMITS: OldGuest = {
  ...CENTOS_6,
  texts: {
    ...CENTOS_6.texts,
    "/etc/dracut.conf.d/small.conf": 'omit_drivers+=" floppy nvme "\nhostonly="yes"\n',
  },
  scripts: {
    "/sbin/dracut": `# reads /etc/dracut.conf.d
grep '" floppy "' /etc/dracut.conf.d/small.conf && grep 'hostonly="no"' /etc/dracut.conf.d/small.conf || exit 1
for word; do case "$word" in /boot/*) output=$word ;; esac; done
cat /repo/new-initrd > "$output"
`,
  },
};

interface FamilyToPrepare {
  guest: OldGuest;
  /** What it is to boot on. */
  families: Family[];
  /** The kernel that it boots, before and after. */
  today: string;
  /** The kernel that it is given. */
  given: string;
}

const NITRO: Pick<FamilyToPrepare, "families" | "today" | "given"> = {
  families: ["xen", "nitro"],
  today: EL6,
  given: EL6_NITRO,
};

export const FAMILIES_TO_PREPARE: Record<string, FamilyToPrepare> = {
  "CentOS 5": { guest: CENTOS_5, families: ["xen"], today: EL5_XEN, given: EL5 },
  "CentOS 5 of ami-creator": {
    guest: CENTOS_5_OF_AMI_CREATOR,
    families: ["xen"],
    today: EL5_XEN,
    given: EL5,
  },
  "CentOS 6 that omits NVMe": { guest: CENTOS_6_THAT_OMITS, ...NITRO },
  "Ubuntu 10.04": { guest: UBUNTU_10_04, families: ["xen"], today: EC2, given: MAVERICK },
  "SLES 11": { guest: SLES_11, families: ["xen"], today: SLES_EC2, given: SLES },
  "Arch Linux": { guest: ARCH_LINUX, families: ["xen"], today: ARCH_EC2, given: "linux" },
  "CentOS 6 for Nitro": { guest: CENTOS_6, ...NITRO },
  "CentOS 6 for Nitro without grubby": { guest: CENTOS_6_WITHOUT_GRUBBY, ...NITRO },
  "CentOS 6 for Nitro without an entry": { guest: CENTOS_6_WITHOUT_ENTRY, ...NITRO },
};
