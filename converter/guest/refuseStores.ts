import type { Advice, FileEdit } from "../types";

/** Folders of which no file is ever changed: NixOS and Guix make everything in them anew, from a configuration of their own. */
const STORES = ["/nix/store/", "/gnu/store/"];

/**
 * Edits of files that lie in a store, be it behind links (NixOS' /etc/fstab leads to /etc/static and from there into the store).
 * Another system generation would not have the change, and the store's own check would find it damaged.
 */
export function refuseStores(edits: FileEdit[], resolve: (path: string) => string): Advice[] {
  return edits.flatMap(({ path }) => {
    const place = resolve(path);
    if (!STORES.some((store) => place.startsWith(store))) return [];
    return [
      {
        subject: path,
        found: `it lies in a store, at ${place}, where the system's own generator alone may write; the conversion would have to change it.`,
        advice:
          "Change the system's configuration in the source so that it names disks by UUID and the console ttyS0, and build it anew; or migrate to a current HVM image of this system.",
      },
    ];
  });
}
