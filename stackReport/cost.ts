/** Roughly what a migration costs while nothing happens. US dollars a month. Pure. */
import { SNAPSHOT_MONTHLY, VOLUME_MONTHLY } from "../cli/prices";
import type { Results } from "./outputs";

/** GiB of a helper's own disk, where the user has named no image of their own for it. */
const HELPER_GB = 20;

const GIB = 2 ** 30;

/**
 * The three volumes of a stopped helper, and the snapshot of a published image at its full size. A launched machine is the
 * user's. Undefined where the sizes are not told: once the workbench is removed, there is a snapshot alone.
 */
export function monthlyOf({ plan, imageId }: Results): number | undefined {
  const layout = plan?.layout;
  if (!layout) return undefined;
  const [source, destination] = [layout.source.bytes / GIB, layout.destination.bytes / GIB];
  const volumes = (source + destination + HELPER_GB) * VOLUME_MONTHLY;
  return volumes + (imageId === undefined ? 0 : destination * SNAPSHOT_MONTHLY);
}
