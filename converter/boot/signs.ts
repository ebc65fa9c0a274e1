/** What a console shows when a rung is reached: the words of loaders, kernels and init systems of twenty years. */
import type { RungName } from "../types";

interface Sign {
  rung: RungName;
  pattern: RegExp;
  /** Whose words these are. */
  by: string;
}

/** A line may be a sign of several rungs: Red Hat's init says its welcome from the root filesystem. */
const SIGNS: Sign[] = [
  { rung: "grub", pattern: /^GRUB|GNU GRUB/, by: "GRUB 2 and its embedded configuration" },
  { rung: "grub", pattern: /^\s*Booting [`']/, by: "legacy_configfile, and GRUB legacy" },
  { rung: "kernel", pattern: /Linux version \d/, by: "every kernel" },
  { rung: "kernel", pattern: /^\[\s*\d+\.\d{6}\] /, by: "kernels with the times of their lines" },
  { rung: "init", pattern: /Freeing (?:initrd|unused kernel)|Run \S*init as init process/, by: "the kernel" },
  { rung: "init", pattern: /^Loading, please wait|^Begin: /, by: "initramfs-tools: Debian, Ubuntu" },
  { rung: "init", pattern: /dracut(?:-\d\S*|\[\d+\])?: |dracut Warning/, by: "dracut: Red Hat 6, Fedora" },
  { rung: "init", pattern: /Red Hat nash version|^Reading all physical volumes/, by: "mkinitrd: Red Hat 5" },
  { rung: "init", pattern: /^Waiting for device .* to appear|^Creating device nodes/, by: "mkinitrd: SUSE" },
  { rung: "init", pattern: /^>> (?:Activating|Determining|Loading)/, by: "genkernel: Gentoo" },
  { rung: "init", pattern: /^:: (?:running|Triggering)/i, by: "mkinitcpio: Arch" },
  { rung: "init", pattern: /systemd\[1\]: /, by: "systemd, in the initramfs too" },
  { rung: "root-read", pattern: /^INIT: version/, by: "sysvinit" },
  { rung: "root-read", pattern: /^INIT: Entering runlevel/, by: "sysvinit" },
  { rung: "root-read", pattern: /^init: \S+ (?:main|pre-start|post-stop) process/, by: "upstart" },
  { rung: "root-read", pattern: /^mountall: /, by: "Ubuntu's upstart" },
  {
    rung: "root-read",
    pattern: /Welcome to (?!emergency mode|rescue mode|.*dracut|.*Initramfs)/,
    by: "Red Hat's rc.sysinit; systemd, but for the one in the initramfs",
  },
  { rung: "root-read", pattern: /OpenRC [\d.]+\S* is starting up/, by: "OpenRC: Gentoo" },
  { rung: "root-read", pattern: /^System Boot Control: /, by: "SUSE" },
  {
    rung: "root-read",
    pattern: /EXT[234]-fs.*mounted filesystem|XFS .*(?:Ending clean mount|Mounting)/,
    by: "the kernel",
  },
  { rung: "root-read", pattern: /VFS: Mounted root/, by: "a kernel without initramfs" },
  { rung: "login", pattern: /(?:^|\s)login:\s*$/, by: "every getty" },
  { rung: "login", pattern: /Reached target (?:multi-user\.target - )?Multi-User/, by: "systemd" },
  { rung: "login", pattern: /runlevel [2345] has been reached/i, by: "SUSE" },
];

/** The rungs that a rung implies: a program on the root filesystem runs after kernel and init, even if they were silent. */
const IMPLIED: Partial<Record<RungName, RungName[]>> = {
  init: ["kernel"],
  "root-read": ["kernel", "init"],
  login: ["kernel", "init", "root-read"],
};

/** The rungs that were reached if this line was printed. */
export function rungsIn(line: string): RungName[] {
  const shown = SIGNS.filter(({ pattern }) => pattern.test(line)).map(({ rung }) => rung);
  return [...new Set(shown.flatMap((rung) => [...(IMPLIED[rung] ?? []), rung]))];
}
