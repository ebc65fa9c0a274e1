import type { GuestTree } from "../tree";

export { chooseEntry, parseMenu, type Menu, type MenuEntry } from "./menu";

/**
 * The nine places in which PV-GRUB looks for `menu.lst`, in its order; the first one there is in force (AWS's user guide,
 * "Use your own Linux kernels"). On a disk without a partition table `(hd0)` is the only device there is.
 */
export const PV_GRUB_PLACES: readonly { device: string; part: number; path: string }[] = [
  { device: "(hd0)", part: 0, path: "/boot/grub/menu.lst" },
  ...[1, 2, 3, 4].flatMap((part) =>
    ["/boot/grub/menu.lst", "/grub/menu.lst"].map((path) => ({ device: `(hd0,${part - 1})`, part, path })),
  ),
];

/** A filesystem that PV-GRUB can look into, mounted by itself. */
export interface BootCandidate {
  /** Partition number; 0: the bare disk. */
  part: number;
  tree: GuestTree;
}

/**
 * The boot file in force, its path on the filesystem that it lies on. PV-GRUB knows no mounts: a link leads through that
 * filesystem alone, so an absolute `/boot/grub/grub.conf` on a /boot of its own leads nowhere, and a circle too.
 */
export function findBootFile(candidates: BootCandidate[]): { part: number; path: string } | undefined {
  const found = PV_GRUB_PLACES.find(({ part, path }) =>
    candidates.some((candidate) => candidate.part === part && isReadable(candidate.tree, path)),
  );
  return found && { part: found.part, path: found.path };
}

/** Whether there is a regular file at the end of a path's links. */
export function isReadable(tree: GuestTree, path: string): boolean {
  try {
    return tree.read(path) !== undefined;
  } catch {
    return false;
  }
}

/** Whether a text is a GRUB 2 script. Debian 6 and 7 keep a legacy menu under the name `grub.cfg`: the name says nothing. */
export function isGrub2Script(text: string): boolean {
  return (
    /^\s*(?:menuentry|submenu|linux(?:16|efi)?|set\s+\w+=|insmod)\b/m.test(text) && !/^\s*title\b/m.test(text)
  );
}

/**
 * Whether an entry starts a second boot loader instead of Linux: GRUB 2 for Xen (CoreOS's `pvboot`, NixOS's and Flatcar's
 * `grub.xen`) or PV-GRUB, which is built on Mini-OS. Told by the content, or by the names under which they are shipped.
 */
export function chainLoads({ kernel, otherSystem }: { kernel?: string; otherSystem?: string }): boolean {
  const name = kernel?.split("/").at(-1) ?? "";
  return (
    /^(?:GRUB|Mini-OS)$/i.test(otherSystem ?? "") ||
    /^(?:pvboot|pv-?grub)|grub.*xen|^core.*xen|^core\.img$/i.test(name)
  );
}
