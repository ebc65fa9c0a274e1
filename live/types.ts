/**
 * What the program on a live source says of it (`pv-to-hvm.sh inspect / --json`, `prepare / --json`). Types only: the program
 * itself is POSIX shell, put together of the parts beside this file.
 */

/** The record that the program prints with `--json`: what it found, and, after `prepare`, what it did. */
export interface LiveReport {
  format: 1;
  command: "inspect" | "prepare";
  /** As the program's last line and its exit status: NOCHANGE 0, CHANGED 0, REFUSED 3, FAILED 4. `inspect` never says CHANGED. */
  outcome: "CHANGED" | "NOCHANGE" | "REFUSED" | "FAILED";
  /** One sentence. */
  summary: string;
  /** The system by its own name, e.g. `Debian GNU/Linux 7.11`. */
  distribution: string;
  /** The one that `prepare` would use. Absent: none that this program knows of. */
  packageManager?: "apt-get" | "yum" | "dnf" | "zypper" | "emerge" | "pacman";
  /** `uname -r`, where the folder is the root of the running system; else empty. */
  runningKernel: string;
  /** What boots when the machine starts again as it is. */
  today: LiveBoot;
  /** Every kernel that an entry of the menu starts, then every other `/boot/vmlinuz-*`. */
  kernels: LiveKernel[];
  /** The menus and settings of boot loaders that are there, absolute in the guest. The one in force comes first. */
  bootFiles: string[];
  /** What is free on the filesystem of each folder, in MiB. */
  freeMb: { path: string; mb: number }[];
  /** What `prepare` would give, a sentence each. Empty: nothing is missing. */
  missing: string[];
  /** Packages that `prepare` installed, by the package manager's names. */
  packages: string[];
  /** Files of configuration and boot files that `prepare` changed, each with a unified diff. */
  files: LiveFile[];
  /** Why the outcome is REFUSED or FAILED; for `inspect` also what `prepare` cannot mend. */
  problems: LiveProblem[];
  /** Worth knowing, in the way of nothing. */
  warnings: string[];
}

/** The entry of the menu that boots, and its files, absolute in the guest. */
export interface LiveBoot {
  /** The menu that PV-GRUB reads. Empty where it would find none. */
  menu: string;
  /** Empty where the menu has no entry with a kernel. */
  kernel: string;
  initrd?: string;
}

export interface LiveKernel {
  /** `uname -r`, or the file's name where it has no version. */
  version: string;
  /** Absolute in the guest. */
  image: string;
  initrd?: string;
  /** Boots as HVM: false for a PV-only kernel (`kernel-xen`, Ubuntu's `-ec2`). */
  hvm: boolean;
  /** By what that was judged, e.g. `/boot/config-V: CONFIG_X86_64_XEN=y`. */
  why: string;
  /** Each driver that the families need, `xen-blkfront`, `xen-netfront`, `nvme`, `ena` and `ixgbevf`. */
  drivers: LiveDriver[];
}

export interface LiveDriver {
  name: string;
  /**
   * The first place of these in which it is: built into the kernel, in its initramfs, or as a module in `/lib/modules`
   * alone, which is too late for the disk of the root.
   */
  where: "builtin" | "initramfs" | "module" | "missing";
}

export interface LiveFile {
  /** Absolute in the guest. */
  path: string;
  reasons: string[];
  /** A unified diff, line by line. */
  diff: string[];
}

export interface LiveProblem {
  /** What was found, a clause or a sentence. */
  found: string;
  /** What was needed. */
  needed: string;
  /** What to do next. */
  fix: string;
}
