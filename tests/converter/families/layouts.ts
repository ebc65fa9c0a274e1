/** The disks of old images in small: filesystems just large enough for a made-up guest and a new initramfs. */
import type { FilesystemKind, Group, Layout, Partition, Volume } from "../../matrix/layouts";

/** xfsprogs makes none under 300 MB; the files are sparse. */
const XFS_MIB = 320;
const ROOT_MIB = 48;
const BOOT_MIB = 32;

interface VolumeChanges extends Partial<Volume> {
  point?: string;
}

function volume(holds: FilesystemKind, point: string, changes: VolumeChanges = {}): Volume {
  const mib = holds.startsWith("xfs") ? XFS_MIB : point === "/boot" ? BOOT_MIB : ROOT_MIB;
  return { holds, mib, point, ...changes };
}

const root = (holds: FilesystemKind, label?: string) => volume(holds, "/", { label });
const boot = (holds: FilesystemKind, label?: string) => volume(holds, "/boot", { label });
const swap = (changes: Partial<Volume> = {}): Volume => ({
  holds: "swap",
  mib: 8,
  point: "swap",
  ...changes,
});
const data = (holds: FilesystemKind): Volume => volume(holds, "/data", { label: "data" });

function part(number: number, holds: Volume | Group, changes: Partial<Partition> = {}): Partition {
  const inside = "group" in holds ? holds.volumes : [holds];
  const mib = inside.reduce((sum, one) => sum + one.mib, "group" in holds ? 8 : 0);
  const type = "group" in holds ? "8e" : holds.holds === "swap" ? "82" : "83";
  return { number, mib, type, holds, ...changes };
}

const bare = (holds: FilesystemKind, label?: string): Layout => ({
  table: "none",
  partitions: [part(0, root(holds, label))],
});
const mbr = (...partitions: Partition[]): Layout => ({ table: "dos", partitions });
const gpt = (...partitions: Partition[]): Layout => ({ table: "gpt", partitions });

const GPT_LINUX = { type: "linux" };
const first = { startSector: 63, active: true };

/** AMIgen6 and RHEL's installer: the group's name and its volumes'. */
const group = (...volumes: Volume[]): Group => ({ group: "VolGroup00", volumes });
const named = (name: string, one: Volume): Volume => ({ ...one, name });

/** By the guest that has it in the field, or by what it is. */
export const LAYOUTS = {
  "bare ext2": bare("ext2", "root"),
  "bare ext3": bare("ext3", "root"),
  "bare ext3, SLES": bare("ext3"),
  "bare ext3, NixOS": bare("ext3", "nixos"),
  "bare ext4": bare("ext4", "root"),
  "bare ext4, features of today": bare("ext4-modern", "root"),
  "bare ext4, Amazon": bare("ext4", "/"),
  "bare ext4, ami-creator": bare("ext4", "_/"),
  "bare ext4, Ubuntu": bare("ext4", "cloudimg-rootfs"),
  "bare ext3, Ubuntu": bare("ext3", "uec-rootfs"),
  "bare ext4, no label": bare("ext4"),
  "bare XFS v4": bare("xfs-v4", "root"),
  "bare XFS": bare("xfs", "root"),
  "bare btrfs": { table: "none", partitions: [part(0, volume("btrfs", "/", { mib: 128, label: "root" }))] },
  "MBR from 63": mbr(part(1, root("ext4"), first)),
  "MBR from 64": mbr(part(1, root("ext3", "root"), { startSector: 64, active: true })),
  "MBR from 2048": mbr(part(1, root("ext4"), { startSector: 2048, active: true })),
  GPT: gpt(part(1, root("ext4", "root"), GPT_LINUX)),
  "GPT, /boot": gpt(
    part(1, boot("ext4"), GPT_LINUX),
    part(2, swap(), { type: "swap" }),
    part(3, root("ext4", "arch"), GPT_LINUX),
  ),
  "/boot, btrfs": mbr(
    part(1, boot("ext2", "boot"), first),
    part(2, volume("btrfs", "/", { mib: 128, label: "root" })),
  ),
  "/boot noauto": mbr(part(1, boot("ext2"), first), part(2, swap()), part(3, root("ext4"))),
  "/boot, swap, XFS": mbr(
    part(1, boot("ext4"), { startSector: 2048, active: true }),
    part(2, swap({ label: "SWAP" })),
    part(3, root("xfs")),
  ),
  "swap, root, data": mbr(part(1, swap()), part(2, root("ext4"), { active: true }), part(3, data("ext3"))),
  "/boot, logical": mbr(
    part(1, boot("ext3"), { startSector: 63 }),
    { number: 2, mib: ROOT_MIB + 16, type: "5", holds: "extended" },
    part(5, root("ext4")),
    part(6, swap()),
  ),
  "logical alone": mbr(
    { number: 1, mib: ROOT_MIB + 4, type: "5", holds: "extended" },
    part(5, root("ext4", "root")),
  ),
  "primary, logical": mbr(
    part(1, root("ext4", "root"), first),
    { number: 2, mib: ROOT_MIB + 12, type: "5", holds: "extended" },
    part(5, swap()),
    part(6, volume("ext3", "/home", { label: "home" })),
  ),
  LVM: mbr(
    part(1, boot("ext2", "/boot"), { startSector: 64, active: true }),
    part(2, group(named("rootVol", root("ext4")), named("swapVol", swap()))),
  ),
  "LVM, /usr and /var": mbr(
    part(1, boot("ext3", "/boot"), first),
    part(
      2,
      group(
        named("LogVol00", root("ext3")),
        named("LogVol01", swap()),
        named("usr", volume("ext3", "/usr")),
        named("var", volume("ext3", "/var")),
      ),
    ),
  ),
  CoreOS: gpt(
    part(1, boot("ext4", "BOOT"), GPT_LINUX),
    part(2, volume("ext4", "/", { label: "ROOT" }), GPT_LINUX),
  ),
} satisfies Record<string, Layout>;

export type LayoutName = keyof typeof LAYOUTS;
