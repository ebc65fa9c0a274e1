/** The types of the outputs `report` and `plan`. */

/** A change to one of the guest's files, planned or made. */
export interface ReportedEdit {
  /** The file, an absolute path in the guest. */
  path: string;
  /** `edit`, `remove` or `create`. */
  action: string;
  /** What changes and why, one sentence for each change. */
  why: string[];
  /** Unified diff, by lines. */
  diff: string[];
}

/** What was found, and what to do about it. */
export interface ReportedAdvice {
  /** The subject: a file, a driver, a device. */
  subject: string;
  /** What was found, in a sentence. */
  found: string;
  /** What to do about it, in a sentence. */
  advice: string;
}

/** Whether the result boots on a family of instance types. */
export interface ReportedVerdict {
  /** `xen` or `nitro`. */
  family: string;
  /** True if the kernels that may boot have everything that the family's types need. */
  boots: boolean;
  /** The reasons for or against it, in words. */
  why: string;
  /**
   * The driver of the family's fast network card (`ena`, on Xen types `ixgbevf`) and the kernels that may boot without it.
   * Undefined if all have it.
   */
  lacks?: string;
}

/** What one step did. */
export interface ReportedStep {
  /** The step's name, as in the converter's commands: `inspect`, `copy` … */
  step: string;
  /** `CHANGED`, or `NOCHANGE` if it was done before. */
  outcome: string;
  /** What it did, in a sentence. */
  summary: string;
  /** How long it took, in seconds, with fractions. */
  seconds: number;
}

/** What a conversion will do. The inspection decides it before anything is written. */
export interface ConversionPlan {
  /** Kernel that boots by default, a path in the guest. */
  kernel: string;
  /** Its initramfs, a path in the guest. Undefined if it boots without one. */
  initrd?: string;
  /** Why that entry boots, in words. */
  why: string;
  /** The guest's own menu, which GRUB 2 reads. */
  menuFile: string;
  /**
   * The public ssh host keys on the source's disk (`ssh-ed25519 AAAA…`). A launched instance has these, unless its image makes
   * new ones at the first boot. Undefined if there are none, or if an earlier version inspected.
   */
  hostKeys?: string[];
  /** UUID of the root filesystem. */
  filesystemUuid: string;
  /** Both disks' partitions and what is copied. Undefined if an earlier version inspected. */
  layout?: ReportedLayout;
  /** Changes to the guest's files. */
  edits: ReportedEdit[];
  /** Kernels whose initramfs is rebuilt, each with the drivers that it lacks. */
  rebuiltInitramfs: string[];
  /** One for each of `guest.families`. */
  verdicts: ReportedVerdict[];
  /** What you should know. Warnings do not stop the conversion. */
  warnings: ReportedAdvice[];
}

/** What a conversion found and did. */
export interface ConversionReport {
  /** The guest's operating system, by its own name. */
  system: string;
  /** `x86_64` or `i386`, as found in the guest. */
  architecture: string;
  /** What was changed. Before the change: what would be changed. */
  edits: ReportedEdit[];
  /** One for each of `guest.families`. */
  verdicts: ReportedVerdict[];
  /** What you should know, from all steps, each once. */
  warnings: ReportedAdvice[];
  /** What `verify` checked, each with what it saw. */
  checks: string[];
  /** How far the rehearsal came, rung by rung. Empty before it, and if it is skipped. */
  rehearsal: string[];
  /** The steps that have run, in order. */
  steps: ReportedStep[];
}

/** A disk and its partitions. */
export interface ReportedDisk {
  /** `none` (a filesystem on the bare disk), `mbr` or `gpt`, and the table's identity. */
  table: string;
  /** Size of the disk, in bytes. */
  bytes: number;
  /** Each partition, and each logical volume after its group: number or name, size, content, where the guest mounts it. */
  parts: string[];
}

/** The layout of both disks. */
export interface ReportedLayout {
  /** The source disk. */
  source: ReportedDisk;
  /** The destination disk. */
  destination: ReportedDisk;
  /** Bytes that are read from the source. */
  copyBytes: number;
  /** For each part: how many bytes are read, and which. */
  copies: string[];
}
