/** One snapshot, shown as a disk and inspected by the converter. */
import { canReplay } from "../converter/disk/filesystem/overlay";
import { adviceForUser } from "../converter/disk/programs";
import { RefusedError } from "../converter/errors";
import type { Log } from "../converter/progress";
import type { Runner } from "../converter/run";
import { BlockMap } from "./blocks/blockMap";
import { BlockCache } from "./blocks/cache";
import { SnapshotReader, type Tally } from "./blocks/reader";
import { BLOCK_BYTES, type SnapshotBlocks } from "./blocks/source";
import { type Inspected, inspectFile } from "./converter";
import { withFile } from "./device";
import type { Found } from "./find";
import { tellable } from "./refusals";

/** How a snapshot is read. */
export interface Reading {
  region: string;
  /** The folder in which its blocks are kept. */
  cache: string;
  /** For the converter, behind the disk's name. */
  flags: string[];
  blocks: SnapshotBlocks;
  /** Takes what was read, also where the inspection failed. */
  tell?: (tally: Tally) => void;
}

/** What the inspection takes of this machine. */
export interface Machine {
  runner: Runner;
  log: Log;
  /** The built converter. Default: the one beside this program. */
  program?: string;
}

/** Throws `RefusedError` if this user, or this machine, cannot inspect a snapshot. */
export async function requireMachine(runner: Runner): Promise<void> {
  const missing = [
    ...adviceForUser(process.getuid?.()),
    ...(await canReplay(runner, "showing the snapshot as a disk")),
  ];
  if (missing.length > 0) throw new RefusedError(missing);
}

/** Rejects with what is to be told, if AWS refuses a block, or the cache has no room. */
export async function inspectSnapshot(found: Found, reading: Reading, machine: Machine): Promise<Inspected> {
  const { snapshotId, sizeGb } = found;
  const { region, flags, blocks } = reading;
  const cache = await BlockCache.open(reading.cache, found);
  const sizeBytes = sizeGb * 2 ** 30;
  const map = new BlockMap(sizeBytes / BLOCK_BYTES, cache.map);
  const reader = new SnapshotReader(blocks, map, cache, sizeBytes);
  const failed = reader.failed.catch((error: Error) =>
    Promise.reject(tellable(error, { ...found, subject: snapshotId, region })),
  );
  failed.catch(() => undefined);
  try {
    return await withFile(reader, snapshotId, machine.runner, (file) =>
      inspectFile({ ...machine, file, name: snapshotId, flags, failed }),
    );
  } finally {
    reading.tell?.(reader.tally);
    await reader.keepMap();
  }
}
