import type { GuestTree } from "../tree";

/** Where systems keep the kernel's messages of the last boot: Debian, Ubuntu, Red Hat 5 and 6, Amazon Linux; SUSE. */
const LOGS = ["/var/log/dmesg", "/var/log/boot.msg"];
const MOST_BYTES = 64 * 1024;

/**
 * The version of the kernel that the guest's own log says it booted last; `undefined` if there is no log. A guest may
 * carry a newer one that it never booted: old PV-GRUB cannot unpack all that a distribution packs (turnkeylinux/tracker#509).
 */
export function readLastBootedKernel(tree: GuestTree): string | undefined {
  for (const log of LOGS) {
    const text = tree.readStart(log, MOST_BYTES)?.toString("latin1");
    const version = /Linux version (\S+)/.exec(text ?? "")?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
