/** What the program on a live source prints, in the small. */
import type { LiveReport } from "../../../live/types";

/** The record of an inspection that finds GRUB missing, or of the preparation that gives it. */
export function liveReport(command: LiveReport["command"], changes: Partial<LiveReport> = {}): LiveReport {
  const prepared = command === "prepare";
  return {
    format: 1,
    command,
    outcome: prepared ? "CHANGED" : "NOCHANGE",
    summary: prepared ? "installed grub-pc-bin" : "GRUB is missing",
    distribution: "Debian GNU/Linux 7.11",
    packageManager: "apt-get",
    runningKernel: "3.2.0-4-amd64",
    today: {
      menu: "/boot/grub/menu.lst",
      kernel: "/boot/vmlinuz-3.2.0-4-amd64",
      initrd: "/boot/initrd.img-3.2.0-4-amd64",
    },
    kernels: [
      {
        version: "3.2.0-4-amd64",
        image: "/boot/vmlinuz-3.2.0-4-amd64",
        hvm: true,
        why: "/boot/config-3.2.0-4-amd64: CONFIG_XEN_PVHVM=y",
        drivers: [{ name: "xen-blkfront", where: "initramfs" }],
      },
    ],
    bootFiles: ["/boot/grub/menu.lst"],
    freeMb: [{ path: "/", mb: 5000 }],
    missing: prepared ? [] : ["GRUB: grub-pc-bin"],
    packages: prepared ? ["grub-pc-bin"] : [],
    files: [],
    problems: [],
    warnings: [],
    ...changes,
  };
}
