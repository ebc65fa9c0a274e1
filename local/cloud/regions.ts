import path from "node:path";

/** Where the records of a region lie, below those of the first one. */
export function regionFolder(directory: string, region: string): string {
  return path.join(directory, "regions", region);
}
