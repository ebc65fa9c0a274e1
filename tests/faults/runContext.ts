/** What all rows of a run share. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { HELPERS_VARIABLE } from "../../local/machines/helperKind";
import { buildPackages } from "./packages";
import type { Theatre } from "./play";

/** @param folder default `.cache/faults`; two runs at once need two. */
export function openTheatre(folder = ".cache/faults"): Theatre {
  const cache = resolve(folder);
  mkdirSync(cache, { recursive: true });
  // The rows look into their helpers from outside, by processes and mounts, which no virtual machine shows.
  process.env[HELPERS_VARIABLE] = "container";
  return { cache, built: buildPackages(join(cache, "packages")) };
}
