import { existsSync } from "node:fs";
import path from "node:path";
import { REGIONS } from "./account";
import { Cloud } from "./cloud";

/** Where the records of a region lie, below those of the first one. */
export function regionFolder(directory: string, region: string): string {
  return path.join(directory, "regions", region);
}

/** The regions beside the first one of which somebody has asked something. */
export function otherRegions(directory: string): Cloud[] {
  return REGIONS.map((region) => ({ region, folder: regionFolder(directory, region) }))
    .filter(({ folder }) => existsSync(folder))
    .map(({ region, folder }) => new Cloud(folder, { region }));
}
