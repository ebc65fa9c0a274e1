/** What every step is given: the two disks, the choices, and the ways to the outside world. */
import { createHash } from "node:crypto";
import type { Disk } from "../disk/disk";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { DiskFacts, Options, PartFacts } from "../types";

export interface Context {
  source: Disk;
  /** Absent for `inspect SOURCE`. */
  destination?: Disk;
  options: Options;
  /** Whether the source's filesystems are gone through from end to end. Default: they are. */
  check?: boolean;
  runner: Runner;
  log: Log;
}

/** A context in which there is something to write to, and which conversion this is has been made out. */
export interface ConversionContext extends Context {
  destination: Disk;
  /** The source, as its table and superblocks describe it; its filesystems have not been checked. */
  disk: DiskFacts;
  /** What the record on the destination is held against. */
  fingerprint: string;
}

/**
 * Tells one conversion from every other: SHA-256 of what lies on the source, its size and volume, the destination's
 * volume and size, and the options. Device names are not in it: they change from one attachment to the next.
 */
export function fingerprintOf(
  context: Context,
  disk: Pick<DiskFacts, "table" | "tableId" | "parts">,
): string {
  const { source, destination, options } = context;
  const identity = {
    source: {
      ...{ table: disk.table, tableId: disk.tableId ?? null, parts: disk.parts.map(identityOfPart) },
      ...{ sizeBytes: source.sizeBytes, volumeId: source.volumeId ?? null },
    },
    destination: destination
      ? { sizeBytes: destination.sizeBytes, volumeId: destination.volumeId ?? null }
      : null,
    options: { for: [...options.for].sort(), layout: options.layout, grow: options.grow },
  };
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}

/** Place and name of what lies there. Counts that change with a replayed journal are not in it. */
function identityOfPart({ number, startBytes, sizeBytes, content }: PartFacts): unknown[] {
  const name =
    content.kind === "filesystem"
      ? content.filesystem.uuid
      : content.kind === "lvm"
        ? content.volumeGroup.name
        : content.kind;
  return [number, startBytes, sizeBytes, name];
}
