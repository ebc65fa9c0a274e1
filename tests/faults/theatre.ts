/** What all rows of a run share. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildPackages } from "./packages";
import type { Theatre } from "./play";

/** @param folder default `.cache/faults`; two runs at once need two. */
export function openTheatre(folder = ".cache/faults"): Theatre {
  const cache = resolve(folder);
  mkdirSync(cache, { recursive: true });
  return { cache, built: buildPackages(join(cache, "packages")) };
}
