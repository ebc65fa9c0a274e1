/** What every step is given: the two disks, the choices, and the ways to the outside world. */
import { createHash } from "node:crypto";
import type { Disk } from "../disk/disk";
import type { Superblock } from "../disk/filesystem";
import { PARTITION_OFFSET, SECTOR } from "../disk/sizes";
import type { Window } from "../disk/loop";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { Options } from "../types";

export interface Context {
  source: Disk;
  /** Absent for `inspect SOURCE`. */
  destination?: Disk;
  options: Options;
  runner: Runner;
  log: Log;
}

/** A context in which there is something to write to, and which conversion this is has been made out. */
export interface ConversionContext extends Context {
  destination: Disk;
  superblock: Superblock;
  /** What the record on the destination is held against. */
  fingerprint: string;
}

/**
 * Tells one conversion from every other: SHA-256 of the source's filesystem, size and volume, the destination's volume
 * and size, and the options. Device names are not in it: they change from one attachment to the next.
 */
export function fingerprintOf(context: Context, filesystemUuid: string): string {
  const { source, destination, options } = context;
  const identity = {
    source: { uuid: filesystemUuid, sizeBytes: source.sizeBytes, volumeId: source.volumeId ?? null },
    destination: destination
      ? { sizeBytes: destination.sizeBytes, volumeId: destination.volumeId ?? null }
      : null,
    options: { for: [...options.for].sort(), layout: options.layout, grow: options.grow },
  };
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}

/** The destination's partition 1, as the part of the disk that it is. */
export function partitionWindow(destination: Disk, readOnly: boolean): Window {
  const size = Math.floor((destination.sizeBytes - PARTITION_OFFSET) / SECTOR) * SECTOR;
  return { path: destination.path, offset: PARTITION_OFFSET, size, readOnly };
}
