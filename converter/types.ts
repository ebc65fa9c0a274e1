/**
 * The records that cross the converter's rooms, and the way they go:
 *
 *   source disk ──inspect──▶ Facts ──plan──▶ Plan ──apply──▶ Report
 *                 (reads)            (pure)          (writes the destination, never the source)
 *
 * Everything here is plain JSON. Texts of files travel as arrays of lines, so that no printed line grows past
 * 16 KiB (a single line over 64 KiB hangs `pulumi up`).
 */

/** What the user may choose. Every choice shapes the result, so each is part of a conversion's key. */
export interface Options {
  /** Instance families that the result must boot on. Default: both. */
  for: Family[];
  /** Partition table of the destination. Default `mbr`. */
  layout: Layout;
  /** Grow the filesystem to the destination's size. Default false: it keeps the source's size. */
  grow: boolean;
}

/** `xen`: HVM on Xen types (T2, M3, M4 …; disks are xvd*). `nitro`: disks are NVMe, the network card is ENA. */
export type Family = "xen" | "nitro";
export type Layout = "mbr" | "gpt";
export type Architecture = "x86_64" | "i386";

// ---------------------------------------------------------------------------------------------- facts

/** What inspection found. Nothing in it is a decision. */
export interface Facts {
  source: DiskFacts;
  /** Absent where only a source was named. */
  destination?: DestinationFacts;
  /** The machine that this program runs on, and that the guest's own programs are run on. */
  helper?: { vsyscall: boolean };
  guest: GuestFacts;
}

export interface DiskFacts {
  /** The device or file as it was opened. */
  path: string;
  /** `vol-…`, where the disk was named by its volume id. */
  volumeId?: string;
  sizeBytes: number;
  filesystem: FilesystemFacts;
}

export interface FilesystemFacts {
  type: "ext2" | "ext3" | "ext4";
  uuid: string;
  label?: string;
  blockSizeBytes: number;
  blockCount: number;
  freeBlocks: number;
  features: string[];
  /** The journal holds what the filesystem does not: the free-space map on the disk cannot be trusted. */
  needsRecovery: boolean;
  /** `clean`: e2fsck -fn finds nothing. `preenable`: a preening e2fsck mends it. `recovers`: the journal must be replayed first. */
  health: "clean" | "preenable" | "recovers";
}

export interface DestinationFacts {
  path: string;
  volumeId?: string;
  sizeBytes: number;
  /** `blank`, or `resumable` where it carries the record of this same conversion. */
  content: "blank" | "resumable";
}

/** What a guest's root filesystem says of it. */
export interface GuestFacts {
  os: { id: string; version: string; name: string };
  architecture: Architecture;
  init: "sysvinit" | "upstart" | "systemd" | "unknown";
  /** The boot file in force, as PV-GRUB finds it. */
  bootFile: BootFileFacts;
  kernels: KernelFacts[];
  /** Absolute paths in the guest of the files that this program may edit, where they exist. */
  files: string[];
  /** `eth0` configured by name (ifupdown, ifcfg): the interface must keep that name on every family. */
  networkByName: string[];
  /** Has a udev that renames interfaces by their PCI slot (systemd 197 and later). */
  predictableNames: boolean;
  /** Free bytes on the filesystem that holds /boot. */
  bootFreeBytes: number;
  /** Initramfs generator at hand in the guest, by its command's name. */
  initramfsTool?: "update-initramfs" | "dracut" | "mkinitrd" | "mkinitcpio";
  /** Version of its 64-bit C library, e.g. `2.11.3`; absent where the file's name has none. */
  glibc?: string;
  /** dpkg architecture, RPM or none: only for reports. */
  packageManager?: string;
}

export interface BootFileFacts {
  /** As asked for, e.g. `/boot/grub/menu.lst`. */
  path: string;
  /** After every link inside the guest's root. */
  resolvedPath: string;
  /** Index of the entry that boots, after `default`, `saved` and `fallback`. */
  defaultEntry: number;
  /** Why that one: `default is 0`. */
  defaultWhy?: string;
  entries: BootEntryFacts[];
}

export interface BootEntryFacts {
  title: string;
  /** Path inside the guest, the GRUB device taken off; absent where the entry chain-loads something else. */
  kernel?: string;
  initrd?: string;
  arguments: string[];
}

export interface KernelFacts {
  /** e.g. `6.1.0-37-amd64`, or the file's name where it has no version. */
  version: string;
  path: string;
  initrd?: string;
  /** Size of the initramfs: what a new one needs in /boot. */
  initrdBytes?: number;
  /** Boots as HVM: false for a PV-only kernel (kernel-xen, Ubuntu's -ec2). */
  bootsHvm: boolean;
  /** Why, e.g. `/boot/config-V: CONFIG_X86_64_XEN=y`. */
  evidence: string;
  /** Has Xen's PV entry note: what PV-GRUB can start. */
  bootsPv: boolean;
  /** Drivers that the early boot can use, built in or in the initramfs. Names as in `DRIVERS`. */
  earlyDrivers: string[];
  /** Drivers that exist at all: built in, in the initramfs, or as a module in /lib/modules. */
  availableDrivers: string[];
  /** An initramfs that could not be read, and why. */
  initrdProblem?: string;
}

// ---------------------------------------------------------------------------------------------- plan

/** What will be done, wholly decided: applying it makes no further decision. */
export interface Plan {
  format: 1;
  options: Options;
  /** Why nothing may be written. Empty when the conversion can go on. */
  refusals: Advice[];
  warnings: Advice[];
  destination: { layout: Layout; partitionStartBytes: number; minimumSizeBytes: number };
  copy: { method: "used-blocks" | "all-blocks"; bytes: number; why: string };
  boot: {
    /** What GRUB 2 reads through `legacy_configfile`. */
    menuFile: string;
    /** The filesystem that GRUB searches for. */
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
}

export interface InitramfsPlan {
  kernel: string;
  path: string;
  action: "keep" | "rebuild";
  tool?: GuestFacts["initramfsTool"];
  /** Drivers that must be in the initramfs and are not. */
  missing: string[];
}

export interface Verdict {
  family: Family;
  boots: boolean;
  /** What it lacks, or what it will have after the rebuild. */
  why: string;
}

// ---------------------------------------------------------------------------------------------- report

export type StepName =
  "inspect" | "partition" | "copy" | "configure" | "install-grub" | "verify" | "rehearse";
export type Outcome = "CHANGED" | "NOCHANGE" | "REFUSED" | "FAILED";

/** What one step did. Each command prints one of these with `--json`. */
export interface StepReport {
  format: 1;
  step: StepName;
  outcome: Outcome;
  /** One sentence. */
  summary: string;
  seconds: number;
  /** Fingerprint of source, destination and options: what the record on the destination disk is held against. */
  fingerprint: string;
  source?: { path: string; volumeId?: string; sizeBytes: number };
  destination?: { path: string; volumeId?: string; sizeBytes: number };
  /** inspect, configure */
  facts?: Facts;
  plan?: Plan;
  /** configure: what was really written. */
  edits?: FileEdit[];
  /** copy: bytes written, the method used. */
  copied?: { bytes: number; method: Plan["copy"]["method"]; megabytesPerSecond: number };
  /** install-grub */
  grub?: { version: string; coreBytes: number; configuration: string[] };
  /** verify: what was checked, each with what was seen. */
  checks?: Check[];
  rehearsal?: Rehearsal;
  warnings: Advice[];
}

export interface Check {
  name: string;
  ok: boolean;
  seen: string;
}

/** What booting the destination on a throw-away overlay showed. */
export interface Rehearsal {
  booted: boolean;
  accelerator: "kvm" | "tcg";
  diskBus: "nvme" | "ide" | "virtio" | "sata";
  networkCard: "e1000" | "virtio-net" | "none";
  /** Rungs of the ladder, in order; `second` from QEMU's start, absent where it was not reached. */
  rungs: { name: RungName; second?: number; evidence?: string }[];
  /** The last lines of the serial console. */
  consoleTail: string[];
}

export type RungName = "grub" | "kernel" | "init" | "root-read" | "root-written" | "dhcp" | "login";

/** Kept in the gap before partition 1, from byte 786432 on (`disk/record.ts`): what has been finished on this disk. */
export interface DiskRecord {
  format: 1;
  fingerprint: string;
  plan: Plan;
  finished: { step: StepName; at: string; seconds: number }[];
}
