import type { GuestFacts } from "./facts";
import type { Family, Layout, Options } from "./options";

/** What will be done, wholly decided: applying it makes no further decision. */
export interface Plan {
  format: 1;
  options: Options;
  /** Why nothing may be written. Empty when the conversion can go on. */
  refusals: Advice[];
  warnings: Advice[];
  destination: DestinationPlan;
  copy: CopyPlan;
  boot: {
    /** What GRUB 2 reads through `legacy_configfile`: a path on the filesystem that it lies on. */
    menuFile: string;
    /** GRUB legacy's name for that filesystem's partition on the destination: `(hd0,0)`. */
    device: string;
    /** The filesystem with the menu, which GRUB searches for. */
    filesystemUuid: string;
    kernel: string;
    initrd?: string;
    /** Which entry boots, and why, in words. */
    why: string;
  };
  edits: FileEdit[];
  initramfs: InitramfsPlan[];
  /** A verdict for each family that was asked for. */
  verdicts: Verdict[];
}

/** The destination's partition table. */
export interface DestinationPlan {
  layout: Layout;
  /** Kept from the source where it has one: part of each PARTUUID. */
  tableId?: string;
  /** What the destination must have at least. */
  minimumSizeBytes: number;
  /** In the order of the numbers. Numbers, types and GUIDs are the source's; places are new, from 1 MiB on. */
  partitions: PartitionPlan[];
}

export interface PartitionPlan {
  number: number;
  startBytes: number;
  sizeBytes: number;
  /** As in `PartFacts`. */
  type: string;
  active?: boolean;
  guid?: string;
  name?: string;
  /** `copy`: holds what the source's part of the number `from` held. The others are made anew. */
  role: "copy" | "extended" | "bios-boot" | "efi-system";
  from?: number;
}

export interface CopyPlan {
  /** Of all parts together: what will be read. */
  bytes: number;
  parts: PartCopyPlan[];
}

/** How one part of the source is copied into its partition. */
export interface PartCopyPlan {
  /** `PartFacts.number`. */
  part: number;
  /** What lies on it, for people: `ext4 filesystem of /`, `LVM group VolGroup00`, `swap`. */
  what: string;
  /**
   * `used-blocks`: by the filesystem's own map of free blocks. `replayed`: by the map that it has once its journal is
   * replayed, on an overlay. `all-blocks`: everything. `header`: the first 64 KiB, all that a swap partition needs.
   */
  method: "used-blocks" | "replayed" | "all-blocks" | "header";
  /** The journal is replayed on the copy, for want of an overlay: its files may then differ from those inspected. */
  replaysOnCopy?: boolean;
  bytes: number;
  why: string;
}

/** One line of advice: what was found, what was needed, what to do. */
export interface Advice {
  /** e.g. `/boot/config-2.6.18-348.el5xen` or `destination`. */
  subject: string;
  found: string;
  advice: string;
}

export interface FileEdit {
  /** In the guest, after links. */
  path: string;
  action: "edit" | "remove" | "create";
  /** One sentence a change: `root (hd0) → root (hd0,0): the filesystem is now the first partition`. */
  why: string[];
  /** Unified diff, a line each. */
  diff: string[];
  /** `create`: the file's mode, where it is not to be 0644. */
  mode?: number;
}

export interface InitramfsPlan {
  kernel: string;
  path: string;
  action: "keep" | "rebuild";
  tool?: GuestFacts["initramfsTool"];
  /** Drivers that must be in the initramfs and are not. */
  missing: string[];
  /** What the image has for reaching the root, and must have when it was rebuilt: `xen-blkfront`, `ext4`, `lvm` (the program). */
  keep?: string[];
  /** `rebuild`: the command that is run in the guest's root. */
  command?: string[];
  /** `rebuild`: the file that the command writes, which then takes the place of `path`. Absent: `path` itself. */
  output?: string;
  /** The kernel's modules were never indexed: depmod is run first. */
  depmod?: boolean;
}

export interface Verdict {
  family: Family;
  boots: boolean;
  /** What it lacks, or what it will have after the rebuild. */
  why: string;
  /**
   * The driver of the family's fast network card, and the versions of the kernels that may boot and have none: what an
   * image is registered for hangs on it. Absent: a plan of an earlier version.
   */
  enhancedNetworking?: { driver: "ixgbevf" | "ena"; lackedBy: string[] };
}
