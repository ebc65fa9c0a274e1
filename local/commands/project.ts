import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout: the nearest folder upwards that has the project's Pulumi.yaml. */
export function projectRoot(from = __dirname): string {
  if (existsSync(join(from, "Pulumi.yaml"))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error("Pulumi.yaml: not found above this program. Run it from a checkout of pv-to-hvm.");
  return projectRoot(parent);
}
