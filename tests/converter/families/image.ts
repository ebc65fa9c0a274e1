/** Puts a made-up guest on a disk of its layout: real filesystems, partition tables and volume groups, in about a second. */
import * as fs from "node:fs";
import * as path from "node:path";
import { bytesOf, layDown, makeDisk, type PlacedVolume } from "../../matrix/disk";
import type { FilesystemKind, Layout } from "../../matrix/layouts";
import { sh, withFolder, withMount } from "../../matrix/shell";

/** As the mke2fs of EL6 and Debian 7 had it: what came later stops PV-GRUB and old kernels. */
const OLD_EXT4 =
  "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,flex_bg,sparse_super,large_file,uninit_bg,extra_isize";

type Make = (uuid: string, label: string) => string[];

const ext =
  (...options: string[]): Make =>
  (uuid, label) => ["mke2fs", "-q", "-F", ...options, "-U", uuid, "-L", label];

const MAKE: Record<FilesystemKind | "swap", Make> = {
  ext2: ext("-t", "ext2", "-I", "128"),
  ext3: ext("-t", "ext3"),
  ext4: ext("-t", "ext4", "-O", OLD_EXT4),
  "ext4-modern": ext("-t", "ext4"),
  xfs: (uuid, label) => ["mkfs.xfs", "-q", "-f", "-m", `uuid=${uuid}`, "-L", label],
  "xfs-v4": (uuid, label) => ["mkfs.xfs", "-q", "-f", "-m", `crc=0,uuid=${uuid}`, "-L", label],
  // Its UUID is its own: mkfs.btrfs refuses one that the kernel has seen on another disk.
  btrfs: (_uuid, label) => ["mkfs.btrfs", "-q", "-f", "-L", label],
  swap: (uuid, label) => ["mkswap", "-q", "-U", uuid, "-L", label],
};

/** The UUID of a disk's nth volume, from 1 on: the texts of the guests name it. */
export function uuidOf(place: number): string {
  return `00000000-0000-4000-8000-${String(place).padStart(12, "0")}`;
}

/** The disk's signature, of which the PARTUUIDs of an MBR begin. */
const SIGNATURE = 0x0d15c0de;
const SIGNATURE_AT = 440;

/**
 * Makes the disk.
 * @param fill called with the guest's root, all its filesystems mounted below it
 */
export function makeImage(layout: Layout, disk: string, fill: (root: string) => void): void {
  const placed = makeDisk(layout, disk);
  if (layout.table === "dos") sign(disk);
  withFolder((folder) => {
    const volumes = placed.map((volume, index) => makeVolume(volume, path.join(folder, `${index + 1}`)));
    withVolumes(volumes, path.join(folder, "root"), fill);
    for (const { file, pieces } of volumes) {
      awaitRelease(file);
      layDown(file, pieces, disk);
    }
  });
}

const MOST_LOOKS = 3000;

/**
 * Waits until no loop device shows the file any more. A program that has just taken mounts of its own (unshare) keeps a
 * copy of ours until it ends: the filesystem then is not unmounted, and the file not whole, although umount is done.
 */
function awaitRelease(file: string): void {
  for (let looks = 0; sh("losetup", "--associated", file).trim() !== ""; looks += 1)
    if (looks > MOST_LOOKS) throw new Error(`${file} is still shown by a loop device`);
}

function sign(disk: string): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(SIGNATURE);
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, bytes, 0, bytes.length, SIGNATURE_AT);
  fs.closeSync(handle);
}

interface VolumeFile extends PlacedVolume {
  file: string;
}

/** In a file of its own, whose name is its number. */
function makeVolume(placed: PlacedVolume, file: string): VolumeFile {
  const { holds, label = "" } = placed.volume;
  fs.writeFileSync(file, "");
  fs.truncateSync(file, bytesOf(placed.pieces));
  sh(...MAKE[holds](uuidOf(Number(path.basename(file))), label), file);
  return { ...placed, file };
}

/** All guests have the same UUIDs: another suite, at work beside this one, may have an XFS of this UUID mounted. */
function optionsOf({ volume }: VolumeFile): string {
  return volume.holds.startsWith("xfs") ? "rw,nouuid" : "rw";
}

function withVolumes(volumes: VolumeFile[], root: string, work: (root: string) => void): void {
  const mounted = volumes
    .filter(({ volume }) => volume.point.startsWith("/"))
    .sort((one, other) => one.volume.point.length - other.volume.point.length);
  const next = ([first, ...rest]: VolumeFile[]): void =>
    first === undefined
      ? work(root)
      : withMount(first.file, path.join(root, first.volume.point), optionsOf(first), () => next(rest));
  next(mounted);
}
