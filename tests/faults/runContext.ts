/** What all scenarios of a run share. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { HELPERS_VARIABLE } from "../../local/machines/helperKind";
import { buildPackages } from "./packages";
import type { RunContext } from "./runScenario";

/** @param folder default `.cache/faults`; two runs at once need two. */
export function prepareRun(folder = ".cache/faults"): RunContext {
  const cache = resolve(folder);
  mkdirSync(cache, { recursive: true });
  // Scenarios look into their helpers from outside, by processes and mounts. A virtual machine would hide these.
  process.env[HELPERS_VARIABLE] = "container";
  return { cache, built: buildPackages(join(cache, "packages")) };
}
