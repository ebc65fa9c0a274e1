/** Makes the source disk of a row: a layout, a tree, and the files of a PV guest. Seconds, once the tree is there. */
import * as fs from "node:fs";
import * as path from "node:path";
import { damageTree } from "./damages";
import { bytesOf, layDown, makeDisk, type PlacedVolume } from "./disk";
import { guestFiles, type NamedVolume, PV_GETTY_LINK, deviceName } from "./guestFiles";
import { LAYOUTS, type FilesystemKind } from "./layouts";
import { writeMenu } from "./menus";
import type { Row } from "./rows";
import { sh, withFolder, withMount } from "./shell";

/** As mke2fs 1.41 and 1.42 made them (EL6, Debian 7): newer features stop PV-GRUB and old kernels. */
const OLD_EXT4 =
  "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,flex_bg,sparse_super,large_file";

const MAKE: Record<FilesystemKind | "swap", (label: string) => string[]> = {
  ext2: (label) => ["mke2fs", "-q", "-F", "-t", "ext2", "-I", "128", "-O", "^resize_inode", "-L", label],
  ext3: (label) => ["mke2fs", "-q", "-F", "-t", "ext3", "-L", label],
  ext4: (label) => [
    "mke2fs",
    "-q",
    "-F",
    "-t",
    "ext4",
    "-O",
    `${OLD_EXT4},uninit_bg,extra_isize`,
    "-L",
    label,
  ],
  "ext4-modern": (label) => ["mke2fs", "-q", "-F", "-t", "ext4", "-L", label],
  xfs: (label) => ["mkfs.xfs", "-q", "-f", "-L", label],
  "xfs-v4": (label) => ["mkfs.xfs", "-q", "-f", "-m", "crc=0", "-L", label],
  btrfs: (label) => ["mkfs.btrfs", "-q", "-f", "-L", label],
  swap: (label) => ["mkswap", "-q", "-L", label],
};

/** A volume in a file of its own, until it is laid down on the disk. */
export interface VolumeFile extends NamedVolume {
  file: string;
}

/**
 * Makes the guest's disk.
 * @param tree the image of the row's Debian tree.
 * @param meanwhile called with the guest's root while its filesystems are mounted for the last time; what it
 * returns is given back. The image is taken then, as of a running machine, where the row is dirty.
 */
export function makeGuest<T>(row: Row, tree: string, disk: string, meanwhile: (root: string) => T): T {
  const placed = makeDisk(LAYOUTS[row.layout], disk);
  return withFolder((folder) => {
    const volumes = placed.map((volume, index) => makeVolume(volume, path.join(folder, `volume${index}`)));
    const root = path.join(folder, "root");
    withVolumes(volumes, root, () => {
      withMount(tree, path.join(folder, "tree"), "ro", () => sh("cp", "-a", `${folder}/tree/.`, root));
      writeGuest(row, volumes, root);
    });
    const lay = () => volumes.forEach((volume) => layDown(volume.file, volume.pieces, disk));
    const seen = withVolumes(volumes, root, () => {
      const result = meanwhile(root);
      if (row.dirty) lay();
      return result;
    });
    if (!row.dirty) lay();
    return seen;
  });
}

function makeVolume(placed: PlacedVolume, file: string): VolumeFile {
  const { holds, label } = placed.volume;
  fs.writeFileSync(file, "");
  fs.truncateSync(file, bytesOf(placed.pieces));
  sh(...MAKE[holds](label ?? ""), file);
  const uuid = sh("blkid", "-p", "-s", "UUID", "-o", "value", file).trim();
  return { ...placed, uuid, file };
}

/** All of the guest's filesystems mounted below one folder, `/` first. */
function withVolumes<T>(volumes: VolumeFile[], root: string, work: () => T): T {
  const mounted = volumes
    .filter(({ volume }) => volume.point.startsWith("/"))
    .sort((one, other) => one.volume.point.length - other.volume.point.length);
  const next = ([first, ...rest]: VolumeFile[]): T =>
    first === undefined
      ? work()
      : withMount(first.file, path.join(root, first.volume.point), "rw", () => next(rest));
  return next(mounted);
}

function writeGuest(row: Row, volumes: VolumeFile[], root: string): void {
  const inittab = path.join(root, "usr/share/sysvinit/inittab");
  const systemd = !fs.existsSync(inittab);
  const files = guestFiles(volumes, row.naming, systemd ? undefined : fs.readFileSync(inittab, "utf8"));
  for (const { path: name, text } of files) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  if (systemd) {
    fs.mkdirSync(path.dirname(path.join(root, PV_GETTY_LINK)), { recursive: true });
    fs.symlinkSync("/lib/systemd/system/serial-getty@.service", path.join(root, PV_GETTY_LINK));
  }
  writeMenu(root, menuOf(row, volumes, root));
  if (row.damage) damageTree(row.damage, root);
}

function menuOf({ menu, naming }: Row, volumes: VolumeFile[], root: string) {
  const at = (point: string) => volumes.find(({ volume }) => volume.point === point);
  const system = at("/");
  if (system === undefined) throw new Error("a layout without a root filesystem");
  const boot = at("/boot");
  const { partition } = boot ?? system;
  const versions = fs.readdirSync(path.join(root, "boot")).filter((name) => name.startsWith("vmlinuz-"));
  return {
    form: menu,
    device: partition === 0 ? "(hd0)" : `(hd0,${partition - 1})`,
    prefix: boot ? ("" as const) : ("/boot" as const),
    root: deviceName(system, naming),
    kernels: versions.map((kernel) => {
      const version = kernel.replace("vmlinuz-", "");
      // dracut on Debian keeps initramfs-tools' name for the image.
      return { version, kernel, initrd: `initrd.img-${version}` };
    }),
  };
}
