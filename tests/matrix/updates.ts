/** What the guest's own programs do at its next kernel update, run in the converted guest. */
import * as fs from "node:fs";
import * as path from "node:path";
import { inGuest, menuFile } from "./checker/checker";
import { readMenu } from "./checker/menu";
import { none, type Finding } from "./checker/finding";
import { sh } from "./shell";

const COMMANDS = {
  // GRUB legacy's, from the settings within the menu.
  "update-grub": () => ["update-grub", "-y"],
  // Debian 7 by bootstrap-vz: grub-mkconfig, from /etc/grub.d/40_custom.
  "grub-mkconfig": () => ["grub-mkconfig", "-o", "/boot/grub/grub.cfg"],
  "update-initramfs": (version: string) => ["update-initramfs", "-u", "-k", version],
  dracut: (version: string) => ["dracut", "--force", `/boot/initrd.img-${version}`, version],
} satisfies Record<string, (version: string) => string[]>;

export type UpdateName = keyof typeof COMMANDS;

const WRITES_MENU: UpdateName[] = ["update-grub", "grub-mkconfig"];

/**
 * Installs a newer kernel (the guest's own under a higher version) where the update writes the menu, and runs the
 * update. Gives back what must hold besides all that the checker looks at.
 */
export function update(what: UpdateName, disk: string): Finding[] {
  return inGuest(disk, "rw", (guest) => {
    const version = installedVersion(guest.root);
    const newer = WRITES_MENU.includes(what) ? installNewer(guest.root, version) : version;
    inChroot(guest.root, COMMANDS[what](newer));
    const entries = readMenu(fs.readFileSync(menuFile(guest), "utf8")).entries;
    return [
      none(
        "the newest kernel is the menu's first",
        entries[0]?.kernel?.endsWith(newer) ? [] : [String(entries[0]?.kernel)],
      ),
    ];
  });
}

function installedVersion(root: string): string {
  const names = fs.readdirSync(path.join(root, "boot")).filter((name) => name.startsWith("vmlinuz-"));
  return names[0].replace("vmlinuz-", "");
}

/** Newer than all of Debian 12: `6.1.0-50-amd64` → `6.1.0-99-amd64`. Its modules are those that it asks for by its own name. */
function installNewer(root: string, version: string): string {
  const newer = version.replace(/-\d+-/, "-99-");
  for (const name of ["vmlinuz-", "initrd.img-", "config-", "System.map-"]) {
    fs.copyFileSync(path.join(root, "boot", name + version), path.join(root, "boot", name + newer));
  }
  return newer;
}

/** With the file systems that such programs look at; the host's devices are seen, none is written to. */
function inChroot(root: string, command: string[]): void {
  const enter = [
    'root=$1; shift; for name in proc dev sys; do mount --rbind "/$name" "$root/$name"; done',
    'exec chroot "$root" "$@"',
  ].join("; ");
  sh("unshare", "--mount", "--propagation", "private", "--net", "sh", "-euc", enter, "sh", root, ...command);
}
