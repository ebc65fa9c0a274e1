/** What lies where the source cannot be read, and what is lost by it. Pure. */
import { SOURCE_ADVICE, type UnreadableError, describeUnreadable } from "../disk/copy/diskErrors";
import type { Range } from "../disk/copy/ranges";
import { formatBytes } from "../disk/sizes";
import { FailedError } from "../errors";
import { filesystemsOf, extentsOfFilesystem } from "../guest/mounts";
import type { CopyPlan, DiskFacts, Plan } from "../types";

/** The copier's error in words that say what lies there, how far the copy has come, and what to do. */
export function explainUnreadable(
  { unreadable, attempts, goodBytes = 0 }: UnreadableError,
  disk: DiskFacts,
  plan: Pick<Plan, "copy">,
  totalBytes: number,
): FailedError {
  const name = disk.volumeId === undefined ? disk.path : `${disk.volumeId} (${disk.path})`;
  const there =
    unreadable.ranges.length > 0 ? ` There lies ${whatLiesAt(unreadable.ranges[0], disk, plan)}.` : "";
  const good = `${formatBytes(goodBytes)} of the ${formatBytes(totalBytes)} to be copied were read well.`;
  return new FailedError(
    `source ${name}: ${describeUnreadable(unreadable, attempts)}.${there} ${good} ${SOURCE_ADVICE}`,
  );
}

/** `partition 1, byte 4198400 of its ext4 filesystem UUID, which its map of free blocks has in use`. */
export function whatLiesAt({ start }: Range, disk: DiskFacts, { copy }: Pick<Plan, "copy">): string {
  const part = disk.parts.find((one) => start >= one.startBytes && start < one.startBytes + one.sizeBytes);
  if (part === undefined) return "nothing of any partition";
  const where = part.number === 0 ? "" : `partition ${part.number}, `;
  const use = USE[copy.parts.find((one) => one.part === part.number)?.method ?? "all-blocks"];
  for (const one of filesystemsOf([part])) {
    const inside = offsetIn(extentsOfFilesystem(disk, one).extents, start);
    const { type, uuid } = one.filesystem;
    const volume = one.logicalVolume === undefined ? "" : `logical volume ${one.logicalVolume}, `;
    if (inside !== undefined)
      return `${where}${volume}byte ${inside} of its ${type} filesystem ${uuid}, ${use}`;
  }
  return `${where}byte ${start - part.startBytes} of its ${part.content.kind}`;
}

/** How it was decided that these bytes are copied. */
const USE: Record<CopyPlan["parts"][number]["method"], string> = {
  "used-blocks": "which its map of free blocks has in use, or beside what is",
  replayed: "which its map of free blocks has in use, or beside what is",
  "all-blocks": "all of which is copied",
  header: "of which only the header is copied",
};

/** Counted from the start of what lies in these extents; undefined if it is not in them. */
function offsetIn(extents: { startBytes: number; sizeBytes: number }[], byte: number): number | undefined {
  let before = 0;
  for (const { startBytes, sizeBytes } of extents) {
    if (byte >= startBytes && byte < startBytes + sizeBytes) return before + byte - startBytes;
    before += sizeBytes;
  }
  return undefined;
}
