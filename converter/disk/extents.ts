/** The extents of a partition or a logical volume on its disk: read directly, or mapped as a block device. */
import * as fs from "node:fs";
import { randomUUID } from "node:crypto";
import { withUndo } from "../cleanup";
import { RefusedError } from "../errors";
import type { Runner } from "../run";
import type { ExtentFacts, PartFacts } from "../types";
import { type Handle, readAt } from "./bytes";
import { withLoop } from "./loop";
import { SECTOR } from "./sizes";

/** Where a partition or a logical volume lies on a disk. */
export interface DiskExtents {
  /** The disk's path. */
  path: string;
  /** In the order of the partition's or volume's own bytes. */
  extents: ExtentFacts[];
}

/** Reads bytes by their offset in the partition or volume. Undefined if it ends before them. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer | undefined>;

/**
 * The extents of a part of a disk, or of a logical volume (`group/volume`) in it. Throws `RefusedError` if the logical volume
 * is missing, or is not linear.
 */
export function extentsOf(path: string, part: PartFacts, logicalVolume?: string): DiskExtents {
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

/** The bytes of all extents together. */
export function sizeOf({ extents }: Pick<DiskExtents, "extents">): number {
  return extents.reduce((sum, extent) => sum + extent.sizeBytes, 0);
}

/** Reads across the extents, without a device for them. */
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
 * Maps extents as one block device while `work` runs: one extent by a loop device, several by device mapper, under a name
 * that no volume group can have. Throws `RefusedError` if device mapper is needed, and the kernel has none.
 */
export async function withMappedDevice<T>(
  extents: DiskExtents,
  readOnly: boolean,
  runner: Runner,
  work: (device: string) => Promise<T>,
): Promise<T> {
  const [only, ...others] = extents.extents;
  if (others.length === 0) {
    return withLoop(
      { path: extents.path, offset: only.startBytes, size: only.sizeBytes, readOnly },
      runner,
      work,
    );
  }
  // Device mapper needs a device, also for a disk that is a file. While it is open, nothing can detach it.
  return withLoop({ path: extents.path, readOnly }, runner, (disk) =>
    withMapping(disk, extents, readOnly, runner, work),
  );
}

async function withMapping<T>(
  disk: string,
  { extents }: DiskExtents,
  readOnly: boolean,
  runner: Runner,
  work: (device: string) => Promise<T>,
): Promise<T> {
  refuseWithoutDeviceMapper(extents.length);
  const name = `pv-to-hvm-${randomUUID()}`;
  // Without udev, dmsetup must make the node itself, and must not wait for udev's answer (its cookie).
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
  // While dmsetup runs, this is not known: a signal may end it before or after it made the device.
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
