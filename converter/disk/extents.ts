/** A place on a disk: a partition, or a logical volume with as many pieces as it has; read directly, or shown as a device. */
import * as fs from "node:fs";
import { randomUUID } from "node:crypto";
import { withUndo } from "../cleanup";
import { RefusedError } from "../errors";
import type { Runner } from "../run";
import type { ExtentFacts, PartFacts } from "../types";
import { type Handle, readAt } from "./bytes";
import { withLoop } from "./loop";
import { SECTOR } from "./sizes";

/** Where something lies on a disk, in its own order. */
export interface Place {
  /** Of the disk. */
  path: string;
  extents: ExtentFacts[];
}

/** Reads bytes of a place, by their offset in it; undefined where it ends before them. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer | undefined>;

/**
 * The place of a part of a disk, or of a logical volume (`group/volume`) in it. Throws `RefusedError` for a logical volume
 * that is not there, or not linear.
 */
export function placeOf(path: string, part: PartFacts, logicalVolume?: string): Place {
  const { startBytes, sizeBytes, content } = part;
  if (logicalVolume === undefined) return { path, extents: [{ startBytes, sizeBytes }] };
  const group = content.kind === "lvm" ? content.volumeGroup : undefined;
  const volume = group?.volumes.find(({ name }) => `${group.name}/${name}` === logicalVolume);
  if (volume?.extents) return { path, extents: volume.extents };
  const found = volume
    ? `is a ${volume.kind} volume, its blocks lie not in a row.`
    : `is not on partition ${part.number}.`;
  const advice =
    "Move it to a linear logical volume on this disk (lvconvert, pvmove), and make the snapshot again.";
  throw new RefusedError([{ subject: `logical volume ${logicalVolume}`, found, advice }]);
}

/** How many bytes a place has in all. */
export function sizeOf({ extents }: Pick<Place, "extents">): number {
  return extents.reduce((sum, extent) => sum + extent.sizeBytes, 0);
}

/** Reads from a place, across the seams between its extents, without a device for it. */
export function readerOf(disk: Handle, extents: ExtentFacts[]): ReadBytes {
  return async (offset, length) => {
    if (offset < 0 || offset + length > sizeOf({ extents })) return undefined;
    const pieces: Buffer[] = [];
    let before = 0;
    for (const { startBytes, sizeBytes } of extents) {
      const from = Math.max(offset, before);
      const to = Math.min(offset + length, before + sizeBytes);
      if (from < to) pieces.push(await readAt(disk, startBytes + from - before, to - from));
      before += sizeBytes;
    }
    return Buffer.concat(pieces);
  };
}

/**
 * Shows a place as a device while `work` runs: one extent through a loop device, several through device mapper, under a
 * name that no volume group can have. Throws `RefusedError` where that is needed and the kernel has none.
 */
export async function withPlace<T>(
  place: Place,
  readOnly: boolean,
  runner: Runner,
  work: (device: string) => Promise<T>,
): Promise<T> {
  const [only, ...others] = place.extents;
  if (others.length === 0) {
    return withLoop(
      { path: place.path, offset: only.startBytes, size: only.sizeBytes, readOnly },
      runner,
      work,
    );
  }
  // A file has to become a device first, and a device that is open is not taken away meanwhile.
  return withLoop({ path: place.path, readOnly }, runner, (disk) =>
    withMapping(disk, place, readOnly, runner, work),
  );
}

async function withMapping<T>(
  disk: string,
  { extents }: Place,
  readOnly: boolean,
  runner: Runner,
  work: (device: string) => Promise<T>,
): Promise<T> {
  refuseWithoutDeviceMapper(extents.length);
  const name = `pv-to-hvm-${randomUUID()}`;
  // Without udev nobody else makes the node, and nobody answers the cookie that dmsetup would wait for.
  const create = [
    "dmsetup",
    "create",
    name,
    "--noudevsync",
    "--noudevrules",
    ...(readOnly ? ["--readonly"] : []),
  ];
  const remove = ["dmsetup", "remove", "--noudevsync", "--noudevrules", "--retry", name];
  const device = `/dev/mapper/${name}`;
  // Not known while dmsetup runs: a signal may end it before or after its work.
  let isThere = () => fs.existsSync(device);
  const undo = async () => void (isThere() && (await runner(remove, { purpose: `removing ${name}` })));
  return withUndo(undo, async () => {
    await runner(create, {
      purpose: `showing ${extents.length} extents of ${disk} as one`,
      input: linearTable(disk, extents),
    });
    isThere = () => true;
    return work(device);
  });
}

/** The table for dmsetup: start, length, target, device, offset, all in sectors. */
export function linearTable(disk: string, extents: ExtentFacts[]): string {
  let at = 0;
  const lines = extents.map(({ startBytes, sizeBytes }) => {
    const line = `${at / SECTOR} ${sizeBytes / SECTOR} linear ${disk} ${startBytes / SECTOR}`;
    at += sizeBytes;
    return line;
  });
  return lines.join("\n") + "\n";
}

const CONTROL = "/proc/misc";

function refuseWithoutDeviceMapper(extents: number): void {
  if (/\bdevice-mapper$/m.test(fs.readFileSync(CONTROL, "utf8"))) return;
  const found = `has no device mapper, and a logical volume in ${extents} pieces needs it.`;
  throw new RefusedError([{ subject: "helper", found, advice: "Load it (modprobe dm-mod) and try again." }]);
}
