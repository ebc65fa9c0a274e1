/** Which bytes of a filesystem are in use. */
import type { FilesystemFacts } from "../../types";
import { usedRangesOfExt } from "./extFreeMap";
import type { RangeList } from "../copy/ranges";
import { usedRangesOfXfs } from "./xfsFreeMap";

export { type Range, RangeList, totalBytes } from "../copy/ranges";

/**
 * The used ranges of the filesystem on a device or file, in bytes from its start, by its own map of free blocks. Only
 * true while no journal waits to be replayed (`overlay.ts`). Throws `FailedError` for a map that contradicts itself.
 */
export function usedRanges(device: string, { type }: Pick<FilesystemFacts, "type">): Promise<RangeList> {
  return type === "xfs" ? usedRangesOfXfs(device) : usedRangesOfExt(device);
}
