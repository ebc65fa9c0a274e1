/** Guests of the families whose package managers Debian has, each with today's kernel, and a better one in its repository. */
import { type PhonyKernel, writeKernel } from "../../converter/families/kernels";
import { debianKernel, dracutKernel, NITRO_MODULES } from "../../converter/families/kernelsOfFamilies";
import { write } from "../standIns";
import type { MachineGuest } from "./machineGuest";
import type { TinyPackage } from "./tinyPackages";

/** What every package of such a guest may need, and what zypper and dnf know its release by. */
const BASE: TinyPackage = { name: "rpm", version: "4.11", gives: ["/bin/sh", "system-release = 22"] };

const menu = (version: string, initrd: string) => `default=0
timeout=1
title Linux (${version})
\troot (hd0)
\tkernel /boot/vmlinuz-${version} ro root=LABEL=/ console=hvc0
\tinitrd ${initrd}
`;

/** What grubby does with UPDATEDEFAULT=yes, called with version and initramfs: the new entry comes first, and is the default. */
const NEW_KERNEL_PKG = `
{ sed -n '1,/^timeout/p' /boot/grub/menu.lst
  printf 'title New (%s)\\n\\troot (hd0)\\n\\tkernel /boot/vmlinuz-%s ro root=LABEL=/\\n\\tinitrd %s\\n' "$1" "$1" "$2"
  sed '1,/^timeout/d' /boot/grub/menu.lst; } > /tmp/new
cat /tmp/new > /boot/grub/menu.lst
`;

const grubIn = (file: string) => (folder: string) => write(folder, file, "stage1");
/** With a file that takes room on a filesystem of its own, where a test has mounted one. */
const kernelPackage = (
  name: string,
  version: string,
  kernel: PhonyKernel,
  rest: Partial<TinyPackage> = {},
): TinyPackage => ({
  name,
  version,
  fill: (folder) => {
    writeKernel(folder, kernel);
    write(folder, `/opt/firmware/${version}`, Buffer.alloc(LARGE, "x"));
  },
  ...rest,
});
/** Bytes. */
const LARGE = 2 ** 19;

const FEDORA_TODAY = "3.9.5-301";
const FEDORA_GIVEN = "4.9.0-1";
const fedoraKernel = (version: string, modules?: string[]) =>
  dracutKernel(version, modules && { modules, early: ["xen-blkfront", "nvme", "ext4"] });

/** Fedora with dnf, and a kernel that is older than NVMe and ENA; best=False is what dnf takes where its settings say nothing. */
export const FEDORA_22: MachineGuest = {
  manager: "dnf",
  texts: {
    "/etc/os-release": 'NAME=Fedora\nID=fedora\nVERSION_ID=22\nPRETTY_NAME="Fedora 22 (Twenty Two)"\n',
    "/etc/rpm/macros": "%_dbpath /var/lib/rpm\n",
    "/etc/dnf/dnf.conf":
      "[main]\nplugins=0\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\n",
    "/etc/yum.repos.d/fedora.repo":
      "[fedora]\nname=Fedora 22\nbaseurl=file:///repo\nenabled=1\ngpgcheck=0\nmetadata_expire=0\n",
    "/boot/grub/menu.lst": menu(FEDORA_TODAY, `/boot/initramfs-${FEDORA_TODAY}.img`),
  },
  scripts: { "/usr/sbin/new-kernel-pkg": NEW_KERNEL_PKG, "/usr/bin/dracut": "exit 1\n" },
  installed: [BASE, kernelPackage("kernel", "3.9.5", fedoraKernel(FEDORA_TODAY))],
  offered: [
    kernelPackage("kernel", "4.9.0", fedoraKernel(FEDORA_GIVEN, NITRO_MODULES), {
      script: `/sbin/new-kernel-pkg ${FEDORA_GIVEN} /boot/initramfs-${FEDORA_GIVEN}.img`,
    }),
    { name: "grub2", version: "2.02", fill: grubIn("/usr/lib/grub/i386-pc/boot.img") },
  ],
};

const SLES_TODAY = "3.12.28-4-default";
const SLES_GIVEN = "4.12.14-122-default";
const slesKernel = (version: string, modules?: string[]) => ({
  ...dracutKernel(version, modules && { modules, early: ["xen-blkfront", "nvme", "ext4"] }),
  initrd: `/boot/initrd-${version}`,
});

/** SLES 12 with zypper: one kernel-default takes the place of another, unless zypp's settings say otherwise. */
export const SLES_12: MachineGuest = {
  manager: "zypper",
  texts: {
    "/etc/os-release":
      'NAME="SLES"\nID="sles"\nVERSION_ID="12.4"\nPRETTY_NAME="SUSE Linux Enterprise Server 12 SP4"\n',
    "/etc/rpm/macros": "%_dbpath /var/lib/rpm\n",
    "/etc/zypp/repos.d/pool.repo":
      "[pool]\nname=SLES12-Pool\nbaseurl=file:///repo\nenabled=1\ngpgcheck=0\nautorefresh=1\n",
    "/boot/grub/menu.lst": menu(SLES_TODAY, `/boot/initrd-${SLES_TODAY}`),
  },
  scripts: { "/usr/sbin/new-kernel-pkg": NEW_KERNEL_PKG, "/usr/bin/dracut": "exit 1\n" },
  installed: [
    BASE,
    kernelPackage("kernel-default", "3.12.28", slesKernel(SLES_TODAY), { gives: ["multiversion(kernel)"] }),
  ],
  offered: [
    kernelPackage("kernel-default", "4.12.14", slesKernel(SLES_GIVEN, NITRO_MODULES), {
      gives: ["multiversion(kernel)"],
      script: `/sbin/new-kernel-pkg ${SLES_GIVEN} /boot/initrd-${SLES_GIVEN}`,
    }),
    { name: "grub2-i386-pc", version: "2.02", fill: grubIn("/usr/lib/grub2/i386-pc/boot.img") },
  ],
};

const DEBIAN_TODAY = "3.2.0-4-amd64";
const DEBIAN_GIVEN = "4.9.0-0.bpo.12-amd64";

/** Debian 7 whose kernel of today is older than ENA; the newest one is in its repository, behind the name that always has it. */
export const DEBIAN_7: MachineGuest = {
  manager: "apt-get",
  texts: {
    "/etc/os-release":
      'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="7"\nPRETTY_NAME="Debian GNU/Linux 7 (wheezy)"\n',
    "/etc/apt/sources.list": "deb [trusted=yes] file:///repo ./\n",
    "/etc/apt/apt.conf": 'APT::Sandbox::User "root";\n',
    "/boot/grub/menu.lst": menu(DEBIAN_TODAY, `/boot/initrd.img-${DEBIAN_TODAY}`),
  },
  scripts: { "/usr/sbin/new-kernel-pkg": NEW_KERNEL_PKG, "/usr/sbin/update-initramfs": "exit 1\n" },
  installed: [
    { name: "libc6", version: "2.13" },
    kernelPackage(`linux-image-${DEBIAN_TODAY}`, "3.2.41", debianKernel(DEBIAN_TODAY)),
    { name: "linux-image-amd64", version: "3.2+46", needs: [`linux-image-${DEBIAN_TODAY}`] },
  ],
  offered: [
    kernelPackage(
      `linux-image-${DEBIAN_GIVEN}`,
      "4.9.210",
      debianKernel(DEBIAN_GIVEN, { modules: NITRO_MODULES, early: ["xen-blkfront", "nvme", "ext4"] }),
      { script: `/sbin/new-kernel-pkg ${DEBIAN_GIVEN} /boot/initrd.img-${DEBIAN_GIVEN}` },
    ),
    { name: "linux-image-amd64", version: "4.9+80", needs: [`linux-image-${DEBIAN_GIVEN}`] },
    { name: "grub-common", version: "1.99" },
    {
      name: "grub-pc-bin",
      version: "1.99",
      needs: ["grub-common"],
      fill: grubIn("/usr/lib/grub/i386-pc/boot.img"),
    },
  ],
};

export const MACHINE_GUESTS: Record<string, { guest: MachineGuest; today: string; given: string }> = {
  "Fedora 22": { guest: FEDORA_22, today: FEDORA_TODAY, given: FEDORA_GIVEN },
  "SLES 12": { guest: SLES_12, today: SLES_TODAY, given: SLES_GIVEN },
  "Debian 7": { guest: DEBIAN_7, today: DEBIAN_TODAY, given: DEBIAN_GIVEN },
};
