import type { Advice, DeviceReference } from "../types";
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
const MOST_REFERENCES = 60;
const MOST_TEXT = 120;

const DEVICE = /(?<![\w-])\/dev\/(?:sd[a-z]|xvd[a-z]|hd[a-z]|hvc0|xvc0)/;
const COMMENT = /^\s*(?:#|;|\/\/)/;

/**
 * Lines of the guest's files that name disks, or Xen's console, by names that are not the same on HVM; 60 at most. Links
 * are not followed, comments and binaries passed over.
 */
export function findDeviceReferences(tree: GuestTree): DeviceReference[] {
  const found: DeviceReference[] = [];
  for (const path of regularFiles(tree)) {
    if (found.length >= MOST_REFERENCES) break;
    found.push(...referencesIn(path, tree.read(path) ?? ""));
  }
  return found.slice(0, MOST_REFERENCES);
}

/** In the order of their names, folder by folder. */
function* regularFiles(tree: GuestTree): Generator<string> {
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

function referencesIn(path: string, text: string): DeviceReference[] {
  if (text.includes("\0")) return [];
  return text.split("\n").flatMap((line, index) => {
    if (COMMENT.test(line) || !DEVICE.test(line)) return [];
    return [{ path, line: index + 1, text: line.trim().slice(0, MOST_TEXT) }];
  });
}

/** One advice a file, and one on what cannot be seen from the disk. */
export function warnReferences(references: DeviceReference[] = []): Advice[] {
  if (references.length === 0) return [];
  const files = [...new Set(references.map(({ path }) => path))];
  return files.map((subject) => {
    const lines = references.filter(({ path }) => path === subject);
    const found = lines.map(({ line, text }) => `line ${line}: ${text}`).join("; ");
    return { subject, found: found.slice(0, MOST_FOUND), advice: REFERENCE_ADVICE };
  });
}

/** A line of the report must stay readable. */
const MOST_FOUND = 400;

const REFERENCE_ADVICE =
  "Not edited: sd* and xvd* are not there on Nitro types, and hvc0 and xvc0 nowhere. Name disks by UUID= or LABEL=; user data may name them too, and no disk shows it.";
