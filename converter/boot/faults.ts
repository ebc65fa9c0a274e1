/** Console lines after which no boot continues, and lines that hint at a cause: who prints them, their meaning, what to do. */

export interface Fault {
  pattern: RegExp;
  /** The distributions, or the program, that say so. */
  by: string;
  /** Without a full stop. */
  meaning: string;
  advice: string;
}

const LOOK_AT_ROOT =
  "Hold root= in the boot menu against the filesystem's UUID and label, and the initramfs' drivers against the disk bus.";
const LOOK_AT_FSTAB =
  "Give every line of /etc/fstab whose disk may be missing `nofail` and pass 0 in the source, and convert again.";
const LOOK_AT_MENU = "Read the boot menu's default entry: its root, kernel and initrd lines.";
const LOOK_AT_DISK = "Repair the source's filesystem (fsck on an unmounted volume), and convert again.";

/** What GRUB says before it gives up. */
const IN_GRUB: Fault[] = [
  {
    pattern: /^grub rescue>/,
    by: "GRUB 2",
    meaning: "GRUB found neither its modules nor its configuration",
    advice: "Run install-grub and verify again.",
  },
  {
    pattern: /^grub>/,
    by: "GRUB 2, GRUB legacy",
    meaning: "GRUB stands at its prompt: the boot menu has no entry that it could start",
    advice: LOOK_AT_MENU,
  },
];

/** From kernel and initramfs, on the way to the root filesystem. */
const BEFORE_ROOT: Fault[] = [
  {
    pattern: /VFS: Unable to mount root fs|Cannot open root device|VFS: Cannot open root/,
    by: "every kernel",
    meaning: "the kernel cannot reach its root filesystem",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /Kernel panic - not syncing: (?:No (?:working )?init found|Requested init)/,
    by: "every kernel",
    meaning: "the root filesystem has no init that runs",
    advice: "Check /sbin/init in the guest, and whether its libraries fit the kernel's architecture.",
  },
  {
    pattern: /Kernel panic - not syncing: (?:Out of memory|System is deadlocked on memory)/,
    by: "every kernel",
    meaning: "the machine's memory is not enough",
    advice: "Give the rehearsal more with --memory.",
  },
  {
    pattern: /Gave up waiting for (?:the )?root/,
    by: "initramfs-tools: Debian, Ubuntu",
    meaning: "the initramfs waited for the root device in vain",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /ALERT!.*does not exist/,
    by: "initramfs-tools: Debian, Ubuntu",
    meaning: "the device that root= names is not there",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /^\(initramfs\)/,
    by: "initramfs-tools: Debian, Ubuntu",
    meaning: "the initramfs stands at its prompt",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /No root device "?.*"? found|dracut.*(?:Can't mount root|Boot has failed|FATAL)/,
    by: "dracut: Red Hat 6, Amazon Linux, Fedora",
    meaning: "the initramfs found no root device",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /^dracut:\/#|Dropping to debug shell/,
    by: "dracut: Red Hat 6, Amazon Linux, Fedora",
    meaning: "the initramfs stands at its prompt",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /could not find filesystem '?\/dev\/root|error mounting \/dev\/root|switchroot: mount failed/,
    by: "nash: Red Hat 5, Fedora to 11",
    meaning: "the initrd could not mount the root filesystem",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /not found -- exiting to \/bin\/sh|Want me to fall back to |(?:^|\.)could not find \/dev\//i,
    by: "mkinitrd: SUSE",
    meaning: "the initrd waited for the root device in vain",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /Could not find the root|not a valid root device|root block device is unspecified/,
    by: "genkernel: Gentoo",
    meaning: "the initramfs found no root device",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern:
      /ERROR: Unable to find root device|being dropped (?:in)?to a recovery shell|^\[(?:rootfs|ramfs) /,
    by: "mkinitcpio: Arch",
    meaning: "the initramfs found no root device",
    advice: LOOK_AT_ROOT,
  },
];

/** From the root filesystem, on the way to the login prompt. */
const BEFORE_LOGIN: Fault[] = [
  {
    pattern:
      /UNEXPECTED INCONSISTENCY|error occurred during the file system check|fsck failed\. +Please repair/,
    by: "fsck under sysvinit: Red Hat, Debian, SUSE",
    meaning: "a filesystem needs a repair that nobody is there to allow",
    advice: LOOK_AT_DISK,
  },
  {
    pattern: /Press S to skip mounting/i,
    by: "mountall: Ubuntu 10.04 to 14.04",
    meaning: "a line of /etc/fstab names a disk that is not there, and the boot waits for an answer",
    advice: LOOK_AT_FSTAB,
  },
  {
    pattern: /(?:Entering|You are in|Welcome to) (?:emergency|rescue) mode/i,
    by: "systemd; dracut of Fedora",
    meaning: "the boot stopped in emergency mode",
    advice: LOOK_AT_FSTAB,
  },
  {
    pattern:
      /Give root password for (?:maintenance|login)|Press enter for maintenance|type Control-D to continue/i,
    by: "sulogin: every distribution",
    meaning: "the boot stopped and asks for the root password",
    advice: LOOK_AT_FSTAB,
  },
  {
    pattern: /\*{3} Dropping you to a shell|Dropping you to a shell; the system will reboot/,
    by: "rc.sysinit: Red Hat 5 and 6",
    meaning: "the boot stopped in a shell",
    advice: LOOK_AT_DISK,
  },
  {
    pattern: /Kernel panic - not syncing: Attempted to kill init/,
    by: "every kernel",
    meaning: "process 1 ended",
    advice: "Read the lines before: the initramfs' last words, or a library that init misses.",
  },
  {
    pattern: /Kernel panic - not syncing/,
    by: "every kernel",
    meaning: "the kernel panicked",
    advice: "Read the lines before it.",
  },
];

const FATAL = [...IN_GRUB, ...BEFORE_ROOT, ...BEFORE_LOGIN];

/** Alone harmless; where the boot falls short all the same, the last of them says why. */
const HINTS: Fault[] = [
  {
    pattern: /No volume groups found|Volume group "\S+" not found/,
    by: "LVM: Red Hat 5 and 6 (said of disks without LVM too)",
    meaning: "no LVM volume group was seen",
    advice: "Check that the initramfs has the disk's driver, and that the group's only disk is this one.",
  },
  {
    pattern: /FATAL: Module \S+ not found/,
    by: "modprobe",
    meaning: "a module is missing",
    advice: "Check /lib/modules for the kernel that boots (depmod), and the aliases in /etc/modprobe.d.",
  },
  {
    pattern: /dracut-initqueue.*timeout/,
    by: "dracut: Fedora, Red Hat 7",
    meaning: "the initramfs waits for a device that does not come",
    advice: LOOK_AT_ROOT,
  },
  {
    pattern: /Timed out waiting for device|Dependency failed for|start job is running for dev-/,
    by: "systemd",
    meaning: "a device of /etc/fstab, or a console, does not come",
    advice: LOOK_AT_FSTAB,
  },
  {
    pattern: /EXT[234]-fs error|XFS.*(?:[Cc]orruption|metadata I\/O error)/,
    by: "the kernel",
    meaning: "the filesystem is damaged",
    advice: LOOK_AT_DISK,
  },
  {
    pattern: /renamed (?:network interface eth0 to|from eth0)|eth\d+: renamed from/,
    by: "udev",
    meaning: "udev gave the network card another name than the one that is configured",
    advice:
      "Remove /etc/udev/rules.d/70-persistent-net.rules in the source, or give a kernel with predictable names net.ifnames=0.",
  },
  {
    pattern: /(?:Cannot find device|Device) "?eth0"?|eth0.*(?:No such device|does not seem to be present)/,
    by: "ifup: Debian, Red Hat",
    meaning: "the network card has another name than the one that is configured",
    advice: "Remove /etc/udev/rules.d/70-persistent-net.rules and HWADDR lines of ifcfg-eth0 in the source.",
  },
  {
    pattern: /INIT: Id "?(?:S0|s0|T0|ttyS0|co)"? respawning too fast/,
    by: "sysvinit",
    meaning: "the getty on the serial port does not stay",
    advice: "Check the getty's line in /etc/inittab.",
  },
];

/** The fault that a line shows: no boot continues after it. */
export function faultIn(line: string): Fault | undefined {
  return FATAL.find(({ pattern }) => pattern.test(line));
}

/** What a line hints at: it explains a failure only if the boot does fail. */
export function hintIn(line: string): Fault | undefined {
  return HINTS.find(({ pattern }) => pattern.test(line));
}

/** GRUB's own errors: a fallback entry may follow. */
export function isGrubError(line: string): boolean {
  return /^\s*error: |^Error \d+: /.test(line);
}

/** What GRUB's errors mean if no kernel follows. */
export const GRUB_ERROR: Omit<Fault, "pattern"> = {
  by: "GRUB 2",
  meaning: "GRUB could not start the menu's default entry",
  advice: LOOK_AT_MENU,
};
