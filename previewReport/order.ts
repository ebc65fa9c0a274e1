/** The order in which a migration's resources are made. Pure. */
import { isMade, type PreviewedMigration } from "./migrations";
import type { Step } from "./preview";

/** Roles from the first to the last. What comes before the helper belongs to a source that is an instance or a volume. */
export const ORDER = [
  ...[
    "source-program",
    "source-inspection",
    "source-preparation",
    "source-stop",
    "source-snapshot",
    "source-start",
  ],
  ...["client-key", "host-key", "access", "source", "destination", "helper"],
  ...["source-attachment", "destination-attachment", "converter"],
  "helper-start",
  ...["inspect", "stop-after-inspect"],
  ...["partition", "copy", "configure", "install-grub", "verify", "rehearse"],
  ...["workbench", "helper-stop", "snapshot", "image", "instance", "boot-proof"],
];

/** What stops a helper once its work is done, or for now. */
export const STOPS = ["workbench", "stop-after-inspect", "helper-stop"];

/** What starts and stops a helper between the steps of one conversion: by itself no step of it. */
export const BETWEEN = ["helper-start", "stop-after-inspect", "helper-stop"];

/** Made without a sign of what an earlier run came to. */
const SILENT = ["client-key", "host-key", "access", ...BETWEEN];

/** A look at a source: by itself no step of a conversion. */
const LOOK = ["source-program", "source-inspection"];

/**
 * Where a migration goes on that an earlier run did not bring to its end; undefined where there is no step to be made.
 * A launched machine alone is none: it may have been asked for later. Nor is a look at a source that has been copied, or an
 * image of the same snapshot.
 */
export function goesOnAt(migration: PreviewedMigration): string | undefined {
  const { change, child } = migration;
  const made = ORDER.slice(0, ORDER.indexOf("instance"))
    .filter((role) => !SILENT.includes(role))
    .filter((role) => isMade(migration, role));
  if (change("inspect") === "same" && made.every((role) => LOOK.includes(role))) return undefined;
  const [first] = made;
  return first === "image" && change("image") === "replace" && !isOfAnotherSnapshot(child("image"))
    ? undefined
    : first;
}

/** An image that is replaced for its snapshot: that is what its replacement trigger begins with. */
export function isOfAnotherSnapshot(image: Step | undefined): boolean {
  const [before, after] = [image?.old, image?.new].map((state) => state?.replacementTrigger);
  return Array.isArray(before) && Array.isArray(after) && before[0] !== after[0];
}

/** Roles as they are made; those that are not known come last. */
export function inOrder(roles: string[]): string[] {
  const place = (role: string) => (ORDER.includes(role) ? ORDER.indexOf(role) : ORDER.length);
  return [...roles].sort((a, b) => place(a) - place(b));
}
