/** A guest on a disk that the whole program can convert in about a second, its initramfs rebuilt by its own program. */
import fs from "node:fs";
import path from "node:path";
import { filesystemOf, noise, scratchFolder } from "../disk/images";
import { initramfsWith, pvOpsKernel } from "../guest/phonyKernel";
import { copyPrograms } from "../guest/programs";

const KERNEL = "3.13.0-48-generic";
export const MENU_PATH = "/boot/grub/menu.lst";
export const INITRD_PATH = `/boot/initrd.img-${KERNEL}`;

/** What the guest's update-initramfs makes: the old one's content and NVMe. */
export const REBUILT_INITRD = initramfsWith("xen-blkfront", "nvme");

const BUILT_IN = ["XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "ENA_ETHERNET", "ATA_PIIX", "E1000"];

/** Leaves half a file for as long as a test needs to interrupt it. */
const UPDATE_INITRAMFS = `#!/bin/sh
while getopts "utk:" option; do :; done
echo half > ${INITRD_PATH}
sleep 1
cat /boot/rebuilt > ${INITRD_PATH}
`;

const FILES: Record<string, string | Buffer> = {
  [MENU_PATH]: `default 0
timeout 0
# groot=(hd0)
title Linux ${KERNEL}
	root (hd0)
	kernel /boot/vmlinuz-${KERNEL} root=/dev/xvda1 ro console=hvc0
	initrd ${INITRD_PATH}
`,
  [`/boot/vmlinuz-${KERNEL}`]: pvOpsKernel(KERNEL),
  [INITRD_PATH]: initramfsWith("xen-blkfront"),
  "/boot/rebuilt": REBUILT_INITRD,
  [`/boot/config-${KERNEL}`]: BUILT_IN.map((name) => `CONFIG_${name}=y\n`).join(""),
  [`/lib/modules/${KERNEL}/modules.dep`]: "",
  [`/lib/modules/${KERNEL}/kernel/drivers/nvme/nvme.ko`]: "",
  "/usr/sbin/update-initramfs": UPDATE_INITRAMFS,
  "/etc/fstab": "/dev/xvda1\t/\text4\tdefaults\t0\t1\n",
  "/etc/debian_version": "7.8\n",
  "/etc/inittab": "id:2:initdefault:\nco:2345:respawn:/sbin/getty 38400 hvc0\n",
  "/srv/data.bin": noise(8_000_000, "data"),
};

/** The guest on an ext4 filesystem of 48 MiB, in a file of its own. `change`: of its files, in the folder that they are made in. */
export function phonyDisk(change: (tree: string) => void = () => undefined): string {
  const tree = scratchFolder();
  for (const folder of ["proc", "sys", "dev", "tmp"]) fs.mkdirSync(path.join(tree, folder));
  for (const [name, content] of Object.entries(FILES)) {
    fs.mkdirSync(path.dirname(tree + name), { recursive: true });
    fs.writeFileSync(tree + name, content, { mode: name.includes("/sbin/") ? 0o755 : 0o644 });
  }
  copyPrograms(tree, ["/bin/sh", "/bin/sleep", "/bin/cat", "/bin/date"]);
  change(tree);
  return filesystemOf(tree, 48);
}
