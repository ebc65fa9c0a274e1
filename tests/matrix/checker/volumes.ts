/** What lies on a converted disk, by blkid and LVM, and the guest's own tree put together from it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Piece, lvmOn, piecesByName } from "../disk";
import { attempt, sh, shWith, withFolder, withLoop, withMount } from "../shell";
import type { Slice, Table } from "./table";

/** A filesystem, swap area or anything else with a signature. */
export interface Volume {
  partition: number;
  /** Of the partition; absent for a logical volume. */
  partUuid?: string;
  /** `group-volume`, as device-mapper names it. */
  mapper?: string;
  pieces: Piece[];
  type: string;
  uuid?: string;
  label?: string;
}

/** Every volume of the disk. Logical volumes in several pieces are listed too; they cannot be mounted here. */
export function volumesOn(disk: string, table: Table): Volume[] {
  return table.slices
    .filter(({ type }) => !["5", "f", "85"].includes(type))
    .flatMap((slice) => {
      const piece = { start: slice.start, length: slice.length };
      const found = identify(disk, piece);
      return found.type === "LVM2_member"
        ? logicalVolumes(disk, slice)
        : [{ partition: slice.number, partUuid: slice.partUuid, pieces: [piece], ...found }];
    });
}

function identify(disk: string, { start, length }: Piece): Pick<Volume, "type" | "uuid" | "label"> {
  const { stdout } = attempt([
    "blkid",
    "-p",
    "-O",
    String(start),
    "-S",
    String(length),
    "-o",
    "export",
    disk,
  ]);
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(stdout)?.[1].replace(/\\(.)/g, "$1");
  return { type: field("TYPE") ?? "nothing", uuid: field("UUID"), label: field("LABEL") };
}

function logicalVolumes(disk: string, { number, start, length }: Slice): Volume[] {
  return withLoop(disk, { start, length, readOnly: true }, (device) =>
    withFolder((folder) => {
      const lvm = lvmOn(device, folder);
      const group = lvm("vgs", "--noheadings", "-o", "vg_name").trim();
      const all = piecesByName(lvm, start);
      return [...new Set(all.map(({ name }) => name))].map((name) => {
        const pieces = all.filter((piece) => piece.name === name);
        return { partition: number, mapper: `${group}-${name}`, pieces, ...identify(disk, pieces[0]) };
      });
    }),
  );
}

/** The device that a file of the guest names, among the disk's volumes. */
export function resolve(name: string, volumes: Volume[]): Volume | undefined {
  const plain = name.replaceAll('"', "");
  const [, kind, value] = /^(?:\/dev\/disk\/by-)?(uuid|label)[=/](.*)$/i.exec(plain) ?? [];
  const partUuid = /^PARTUUID=(.*)$/.exec(plain)?.[1].toLowerCase();
  if (partUuid !== undefined) return volumes.find((volume) => volume.partUuid === partUuid);
  if (kind?.toLowerCase() === "uuid")
    return volumes.find(({ uuid }) => uuid?.toLowerCase() === value.toLowerCase());
  if (kind) return volumes.find(({ label }) => label === value.replace(/^\\x2f/, "/"));
  const mapper = /^\/dev\/(?:mapper\/)?(.+)$/.exec(plain)?.[1].replace("/", "-");
  return volumes.find((volume) => volume.mapper !== undefined && volume.mapper === mapper);
}

/** A volume mounted read-only, or writable, for the time of `work`. XFS may meet its own source: `nouuid`. */
export function withVolume<T>(
  disk: string,
  volume: Volume,
  folder: string,
  mode: "ro" | "rw",
  work: () => T,
): T {
  const options = mode + (volume.type === "xfs" ? ",nouuid" : "");
  return withDevice(disk, volume, mode === "ro", (device) => withMount(device, folder, options, work));
}

/** A volume as one device: a loop device, or device-mapper's for one that lies in pieces. */
export function withDevice<T>(
  disk: string,
  volume: Volume,
  readOnly: boolean,
  work: (device: string) => T,
): T {
  const [first, ...rest] = volume.pieces;
  if (rest.length === 0) return withLoop(disk, { ...first, readOnly }, work);
  return withLoop(disk, { start: 0, length: fs.statSync(disk).size, readOnly }, (whole) => {
    const name = `pv-to-hvm-matrix-${process.pid}`;
    shWith({ input: linear(volume.pieces, whole) }, "dmsetup", "create", ...(readOnly ? ["-r"] : []), name);
    try {
      return work(`/dev/mapper/${name}`);
    } finally {
      sh("dmsetup", "remove", "--retry", name);
    }
  });
}

/** device-mapper's table: first sector, sectors, where they lie. */
function linear(pieces: Piece[], whole: string): string {
  let at = 0;
  return pieces
    .map(({ start, length }) => {
      const line = `${at} ${length / 512} linear ${whole} ${start / 512}`;
      at += length / 512;
      return `${line}\n`;
    })
    .join("");
}

/** The guest's tree below a folder: its root, and what its own /etc/fstab mounts of the same disk. */
export function withGuest<T>(
  disk: string,
  mounts: { point: string; volume: Volume }[],
  mode: "ro" | "rw",
  work: (root: string) => T,
): T {
  const inOrder = [...mounts].sort((one, other) => one.point.length - other.point.length);
  return withFolder((folder) => {
    const root = path.join(folder, "root");
    const next = ([first, ...rest]: typeof mounts): T =>
      first === undefined
        ? work(root)
        : withVolume(disk, first.volume, path.join(root, first.point), mode, () => next(rest));
    return next(inOrder);
  });
}
