/** The disks of old images, as their builders cut them. */

export type FilesystemKind = "ext2" | "ext3" | "ext4" | "ext4-modern" | "xfs" | "xfs-v4" | "btrfs";

/** A filesystem or a swap area: what has a line in /etc/fstab. */
export interface Volume {
  holds: FilesystemKind | "swap";
  mib: number;
  /** Where the guest mounts it; `swap` for a swap area. */
  point: string;
  /** At most twelve characters: XFS has no room for more. */
  label?: string;
  /** Mount options in /etc/fstab. Default `defaults`. */
  options?: string;
  /** Name of the logical volume, in a group. */
  name?: string;
  /** Physical extents of the group that it lies on, in LVM's form (`0-9:20-29`). Default: where LVM puts it. */
  extents?: string;
}

export interface Group {
  group: string;
  volumes: Volume[];
}

export interface Partition {
  /** 0: the bare disk. */
  number: number;
  /** Default: at the next whole MiB. */
  startSector?: number;
  mib: number;
  /** MBR's type in hexadecimal, or sfdisk's name of a GPT type. */
  type: string;
  active?: boolean;
  holds: Volume | Group | "extended" | "nothing";
}

export interface Layout {
  table: "none" | "dos" | "gpt";
  partitions: Partition[];
  /** What only some machines can do. */
  needs?: "device-mapper";
}

const ROOT_MIB = 900;
const BOOT_MIB = 160;

/** A root filesystem; 900 MiB hold the largest of the trees and a new initramfs. */
function root(holds: FilesystemKind, label = "rootfs"): Volume {
  return { holds, mib: ROOT_MIB, point: "/", label, options: "defaults,noatime" };
}

/** `/boot` of its own; LABEL=/boot as Red Hat's installers had it. */
function boot(holds: FilesystemKind, options = "defaults"): Volume {
  return { holds, mib: BOOT_MIB, point: "/boot", label: "/boot", options };
}

const SWAP: Volume = { holds: "swap", mib: 64, point: "swap", label: "swap0", options: "sw" };
const DATA: Volume = { holds: "xfs", mib: 320, point: "/data", label: "data" };

const bare = (holds: FilesystemKind): Layout => ({ table: "none", partitions: [part(0, root(holds))] });

function part(number: number, holds: Volume | Group, rest: Partial<Partition> = {}): Partition {
  const inside = "group" in holds ? holds.volumes : [holds];
  const mib = inside.reduce((sum, volume) => sum + volume.mib, "group" in holds ? 16 : 0);
  const type = "group" in holds ? "8e" : holds.holds === "swap" ? "82" : "83";
  return { number, mib, type, holds, ...rest };
}

const dos = (...partitions: Partition[]): Layout => ({ table: "dos", partitions });
const gpt = (...partitions: Partition[]): Layout => ({
  table: "gpt",
  partitions: partitions.map((one) => ({ ...one, type: GPT_TYPES[one.type] ?? one.type, active: undefined })),
});

/** By the MBR's numbers, in sfdisk's words. */
const GPT_TYPES: Record<string, string> = { "83": "linux", "82": "swap", "8e": "lvm" };

const firstAt = (startSector: number) => dos(part(1, root("ext3"), { startSector, active: true }));

/** AMIgen6's group. `swapVol` behind `rootVol`, each in one piece unless `extents` says otherwise. */
function group(holds: FilesystemKind, extents?: string): Group {
  const volumes = [
    { ...root(holds), name: "rootVol", extents },
    { ...SWAP, name: "swapVol" },
  ];
  return { group: "VolGroup00", volumes };
}

/** Extents are 4 MiB. Two runs, the second before the first. */
const IN_TWO_PIECES = `120-224:0-${ROOT_MIB / 4 - 106}`;

export const LAYOUTS = {
  "bare ext3": bare("ext3"),
  "bare ext4": bare("ext4"),
  "bare ext4-modern": bare("ext4-modern"),
  "bare xfs-v4": bare("xfs-v4"),
  "bare xfs": bare("xfs"),
  "bare btrfs": bare("btrfs"),
  // The installers of EL5 and EL6, Mozilla's build images, and everything since.
  "mbr at 63": firstAt(63),
  "mbr at 64": firstAt(64),
  "mbr at 2048": firstAt(2048),
  gpt: gpt(part(1, root("ext4"))),
  "/boot ext2": dos(part(1, boot("ext2"), { startSector: 63, active: true }), part(2, root("ext4"))),
  // Gentoo's handbook has it unmounted while the system runs.
  "/boot noauto": dos(part(1, boot("ext3", "noauto,noatime"), { active: true }), part(2, root("ext3"))),
  "/boot xfs root": dos(part(1, boot("ext3"), { active: true }), part(2, root("xfs"))),
  "gpt /boot": gpt(part(1, boot("ext4")), part(2, SWAP), part(3, root("ext4"))),
  lvm: dos(part(1, boot("ext3"), { startSector: 64, active: true }), part(2, group("ext4"))),
  "lvm in two pieces": {
    ...dos(part(1, boot("ext3"), { startSector: 64, active: true }), part(2, group("ext4", IN_TWO_PIECES))),
    needs: "device-mapper" as const,
  },
  "lvm with /boot": dos(part(1, { group: "vg", volumes: [{ ...root("ext4"), name: "root" }] })),
  logical: dos(
    part(1, boot("ext3"), { startSector: 63, active: true }),
    { number: 2, mib: ROOT_MIB + 64 + 4, type: "5", holds: "extended" },
    part(5, root("ext4")),
    part(6, SWAP),
  ),
  "swap and data": dos(part(1, root("ext4"), { active: true }), part(2, SWAP), part(3, DATA)),
  "root in the middle": dos(part(1, SWAP), part(2, root("ext4"), { active: true }), part(3, DATA)),
} satisfies Record<string, Layout>;

export type LayoutName = keyof typeof LAYOUTS;

/** All volumes of a layout, with the partition that each lies on. */
export function volumesOf(layout: Layout): { volume: Volume; partition: number; group?: string }[] {
  return layout.partitions.flatMap(({ number, holds }) => {
    if (typeof holds === "string") return [];
    if (!("group" in holds)) return [{ volume: holds, partition: number }];
    return holds.volumes.map((volume) => ({ volume, partition: number, group: holds.group }));
  });
}
