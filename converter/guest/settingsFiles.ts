import type { GuestTree } from "./tree";

/** Where a system's own settings and scripts lie. */
const FOLDERS = ["/etc", "/var/spool/cron", "/usr/local/bin", "/usr/local/sbin", "/usr/local/etc"];

/**
 * Not looked into: what is edited or made anew, policies and certificates, and what systems of the time shipped for
 * disks of any machine.
 */
const PASSED_OVER = [
  /^\/etc\/(?:fstab|mtab|inittab|securetty|blkid\.tab.*|iftab)$/,
  /^\/etc\/(?:blkid|ssl|pki|selinux|ca-certificates|alternatives|grub\.d|fonts|X11|terminfo|apparmor\.d)(?:\/|$)/,
  /^\/etc\/(?:grub\.conf|sysconfig\/(?:grub|bootloader|init)|default\/grub)$/,
  /^\/etc\/(?:init|event\.d)\/(?:hvc|xvc)0/,
  /^\/etc\/udev\/rules\.d\/70-persistent-/,
  /^\/etc\/lvm\/(?:archive|backup|cache)\//,
];

/** How much is looked at: a guest can have any number of files below /etc. */
const MOST_FILES = 4000;
const MOST_DEPTH = 6;
const MOST_FILE_BYTES = 128 * 1024;

/** The paths of regular files, in the order of their names, folder by folder. Links are not followed. */
export function* settingsFiles(tree: GuestTree): Generator<string> {
  const pending = FOLDERS.map((path) => ({ path, depth: 0 })).reverse();
  for (let files = 0; pending.length > 0 && files < MOST_FILES;) {
    const { path, depth } = pending.pop() as (typeof pending)[number];
    if (PASSED_OVER.some((pattern) => pattern.test(path))) continue;
    const status = tree.status(path);
    if (status?.isDirectory() && depth < MOST_DEPTH)
      pending.push(
        ...tree
          .list(path)
          .map((name) => ({ path: `${path}/${name}`, depth: depth + 1 }))
          .reverse(),
      );
    if (!status?.isFile()) continue;
    files++;
    if (status.size <= MOST_FILE_BYTES) yield path;
  }
}
