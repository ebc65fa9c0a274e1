/** Writes a layout on a raw file, and says where each of its volumes has come to lie. */
import * as fs from "node:fs";
import { type Group, type Layout, type Partition, type Volume } from "./layouts";
import { sh, shWith, withFolder, withLoop } from "./shell";

const SECTOR = 512;
const MIB = 2 ** 20;

/** A run of a volume's bytes on the disk. */
export interface Piece {
  start: number;
  length: number;
}

export interface PlacedVolume {
  volume: Volume;
  partition: number;
  group?: string;
  pieces: Piece[];
}

/** Makes the disk: sparse, its table written, its volume groups made, its volumes empty. */
export function makeDisk(layout: Layout, file: string): PlacedVolume[] {
  const places = placesOf(layout);
  fs.writeFileSync(file, "");
  fs.truncateSync(file, diskBytes(layout, places));
  if (layout.table !== "none") writeTable(layout, places, file);
  return layout.partitions.flatMap((partition, index) => {
    if (typeof partition.holds === "string") return [];
    if ("group" in partition.holds) return makeGroup(partition.holds, partition.number, places[index], file);
    return [{ volume: partition.holds, partition: partition.number, pieces: [places[index]] }];
  });
}

/** Where each partition lies, in bytes. A logical one leaves a MiB for the link before it. */
function placesOf(layout: Layout): Piece[] {
  let free = layout.table === "none" ? 0 : MIB;
  return layout.partitions.map((partition) => {
    const gap = partition.number > 4 && layout.table === "dos" ? MIB : 0;
    const start = partition.startSector === undefined ? free + gap : partition.startSector * SECTOR;
    const length = partition.mib * MIB;
    free = partition.holds === "extended" ? start : Math.ceil((start + length) / MIB) * MIB;
    return { start, length };
  });
}

/** GPT keeps its second header behind the last partition. */
function diskBytes(layout: Layout, places: Piece[]): number {
  const end = Math.max(...places.map(({ start, length }) => start + length));
  return layout.table === "none" ? end : Math.ceil(end / MIB) * MIB + MIB;
}

function writeTable(layout: Layout, places: Piece[], file: string): void {
  const line = ({ number, type, active }: Partition, { start, length }: Piece) =>
    `${number} : start=${start / SECTOR}, size=${length / SECTOR}, type=${type}${active ? ", bootable" : ""}`;
  const lines = layout.partitions.map((partition, index) => line(partition, places[index]));
  const input = [`label: ${layout.table}`, "unit: sectors", ...lines, ""].join("\n");
  shWith({ input }, "sfdisk", "-q", "--no-reread", "--no-tell-kernel", "--wipe", "never", file);
}

/** Bytes of a physical extent: LVM's default, named all the same, since `Volume.extents` counts in it. */
const EXTENT = 4 * MIB;

/** Makes a volume group without device-mapper: its volumes are never active. */
function makeGroup({ group, volumes }: Group, partition: number, place: Piece, file: string): PlacedVolume[] {
  return withLoop(file, place, (device) =>
    withFolder((folder) => {
      const lvm = lvmOn(device, folder);
      lvm("pvcreate", device);
      lvm("vgcreate", "-s", `${EXTENT}b`, group, device);
      for (const { name, mib, extents } of volumes) {
        const where = extents === undefined ? device : `${device}:${extents}`;
        lvm("lvcreate", "-an", "-Zn", "-Wn", "-y", "-n", String(name), "-L", `${mib}m`, group, where);
      }
      const pieces = piecesByName(lvm, place.start);
      return volumes.map((volume) => ({
        volume,
        partition,
        group,
        pieces: pieces
          .filter(({ name }) => name === volume.name)
          .map(({ start, length }) => ({ start, length })),
      }));
    }),
  );
}

type Lvm = (...words: string[]) => string;

/** LVM that sees one device only, keeps nothing of the host's, and does not ask for device-mapper. */
export function lvmOn(device: string, folder: string): Lvm {
  const config = [
    `devices { filter=["a|^${device}$|","r|.*|"] use_devicesfile=0 scan=["/dev"] }`,
    "activation { udev_sync=0 udev_rules=0 } backup { backup=0 archive=0 }",
    `global { locking_dir="${folder}" }`,
  ].join(" ");
  return (command, ...words) =>
    shWith(
      { env: { LVM_SYSTEM_DIR: folder, LVM_SUPPRESS_FD_WARNINGS: "1" } },
      ...["lvm", command, "--driverloaded", "n", "--config", config, ...words],
    );
}

/** Every segment of every logical volume, in the order of the volumes' bytes. `base`: the partition's first byte. */
export function piecesByName(lvm: Lvm, base: number): (Piece & { name: string })[] {
  const plain = ["--noheadings", "--units", "b", "--nosuffix"];
  const dataStart = Number(lvm("pvs", ...plain, "-o", "pe_start").trim());
  const columns = "lv_name,vg_extent_size,seg_pe_ranges,seg_start";
  return lvm("lvs", "--segments", ...plain, "-o", columns, "-O", "lv_name,seg_start")
    .trim()
    .split("\n")
    .map((line) => {
      const [name, extent, range] = line.trim().split(/\s+/);
      const [first, last] = range.split(":")[1].split("-").map(Number);
      const start = base + dataStart + first * Number(extent);
      return { name, start, length: (last - first + 1) * Number(extent) };
    });
}

/** Copies a volume's file into its pieces of the disk; zeros stay holes. */
export function layDown(volumeFile: string, pieces: Piece[], disk: string): void {
  let from = 0;
  for (const { start, length } of pieces) {
    sh(
      ...["dd", `if=${volumeFile}`, `of=${disk}`, "bs=1M", "conv=notrunc,sparse", "status=none"],
      ...[`skip=${from}`, `seek=${start}`, `count=${length}`, "iflag=skip_bytes,count_bytes,fullblock"],
      "oflag=seek_bytes",
    );
    from += length;
  }
}

/** Bytes of a volume: those of all its pieces. */
export function bytesOf(pieces: Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
