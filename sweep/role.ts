import type { Kind } from "./item";

/** What each resource of a migration is to it: the values of the tag `pv-to-hvm:role`, and what may carry them. */
export const KIND_OF_ROLE = {
  helper: "instance",
  "helper-root": "volume",
  source: "volume",
  "source-snapshot": "snapshot",
  destination: "volume",
  access: "security group",
  snapshot: "snapshot",
  image: "image",
  instance: "instance",
  root: "volume",
} as const satisfies Record<string, Kind>;

export type Role = keyof typeof KIND_OF_ROLE;

/** The launched instance and its root volume: made for use, and never the sweep's to remove. */
export const ROLES_OF_LAUNCHED: string[] = ["instance", "root"] satisfies Role[];
