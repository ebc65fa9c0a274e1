/** A guest of no family in particular, for what hangs on the disk alone. Everything that it needs is built into its kernel. */
import { LAYOUTS, type LayoutName } from "./layouts";
import type { Guest } from "./guests";

const VERSION = "4.9.0-8-amd64";

/** Its root is labelled `root`, its /boot no filesystem of its own. Changes may leave drivers to be added. */
export function plainGuest(layout: LayoutName, changes: Partial<Guest> = {}): Guest {
  const device = LAYOUTS[layout].table === "none" ? "(hd0)" : "(hd0,0)";
  return {
    folder: "plain",
    layout,
    texts: plainTexts(device),
    kernels: [
      {
        version: VERSION,
        initrd: `/boot/initrd.img-${VERSION}`,
        builtIn: ["XEN_PVHVM", "XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "BLK_DEV_NVME", "ENA_ETHERNET"],
        early: ["ext4"],
      },
    ],
    ...changes,
  };
}

/** The same with NVMe to be added to its initramfs. */
export function guestToRebuild(layout: LayoutName, changes: Partial<Guest> = {}): Guest {
  return plainGuest(layout, {
    kernels: [
      {
        version: VERSION,
        initrd: `/boot/initrd.img-${VERSION}`,
        builtIn: ["XEN_PVHVM", "XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "ENA_ETHERNET"],
        modules: ["nvme"],
        early: ["ext4"],
      },
    ],
    generator: "update-initramfs",
    ...changes,
  });
}

function plainTexts(device: string): Record<string, string> {
  return {
    "/boot/grub/menu.lst": `default 0
timeout 0
title Linux
\troot ${device}
\tkernel /boot/vmlinuz-${VERSION} root=LABEL=root ro console=hvc0
\tinitrd /boot/initrd.img-${VERSION}
`,
    "/etc/fstab": "LABEL=root\t/\tauto\tdefaults\t0 1\n",
    "/etc/debian_version": "9.5\n",
    "/etc/inittab": "id:2:initdefault:\nT0:23:respawn:/sbin/getty -L ttyS0 9600 vt100\n",
  };
}

export const PLAIN_KERNEL = `/boot/vmlinuz-${VERSION}`;
export const PLAIN_INITRD = `/boot/initrd.img-${VERSION}`;
