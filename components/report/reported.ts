/** What the outputs `report` and `plan` are made of. */

/** A change to one of the guest's files, planned or made. */
export interface ReportedEdit {
  /** The file, an absolute path in the guest. */
  path: string;
  /** `edit`, `remove` or `create`. */
  action: string;
  /** What is changed and why, one sentence a change. */
  why: string[];
  /** Unified diff, a line each. */
  diff: string[];
}

/** What was found, and what to do about it. */
export interface ReportedAdvice {
  /** What it is about: a file, a driver, a device. */
  subject: string;
  /** What was found, a sentence. */
  found: string;
  /** What to do about it, a sentence. */
  advice: string;
}

/** Whether the result boots on a family of instance types. */
export interface ReportedVerdict {
  /** `xen` or `nitro`. */
  family: string;
  /** True: the kernels that may boot have what the family's types need. */
  boots: boolean;
  /** What was found for it or against it, in words. */
  why: string;
  /**
   * The driver of the family's fast network card (`ena`, on Xen types `ixgbevf`) and the kernels that may boot without it.
   * Undefined where all have it.
   */
  lacks?: string;
}

/** What one step did. */
export interface ReportedStep {
  /** The step's name, as in the converter's commands: `inspect`, `copy` … */
  step: string;
  /** `CHANGED`, or `NOCHANGE` where it had been done before. */
  outcome: string;
  /** What it did, a sentence. */
  summary: string;
  /** How long it took, in seconds, with fractions. */
  seconds: number;
}

/** What a conversion will do, decided by the inspection before anything is written. */
export interface ConversionPlan {
  /** Kernel that boots by default, a path in the guest. */
  kernel: string;
  /** Its initramfs, a path in the guest. Undefined where it boots without one. */
  initrd?: string;
  /** Why that entry boots, in words. */
  why: string;
  /** The guest's own menu, which GRUB 2 goes on reading. */
  menuFile: string;
  /**
   * The public ssh host keys on the source's disk (`ssh-ed25519 AAAA…`). A launched instance shows these where its image makes no new
   * ones at the first boot. Undefined where there are none, and where an earlier version inspected.
   */
  hostKeys?: string[];
  /** UUID of the root filesystem. */
  filesystemUuid: string;
  /** Both disks' partitions and what is copied. Undefined where an earlier version inspected. */
  layout?: ReportedLayout;
  /** Changes to the guest's files. */
  edits: ReportedEdit[];
  /** Kernels whose initramfs is rebuilt, each with the drivers that it lacks. */
  rebuiltInitramfs: string[];
  /** One for each of `guest.families`. */
  verdicts: ReportedVerdict[];
  /** What a person should know, and what is in the way of nothing. */
  warnings: ReportedAdvice[];
}

/** What a conversion found and did. */
export interface ConversionReport {
  /** The guest's operating system by its own name. */
  system: string;
  /** `x86_64` or `i386`, as found in the guest. */
  architecture: string;
  /** What was changed; before anything is, what would be. */
  edits: ReportedEdit[];
  /** One for each of `guest.families`. */
  verdicts: ReportedVerdict[];
  /** What a person should know, of all steps, each once. */
  warnings: ReportedAdvice[];
  /** What `verify` checked, each with what it saw. */
  checks: string[];
  /** What the rehearsal saw, rung by rung. Empty before it, and where it is skipped. */
  rehearsal: string[];
  /** The steps that have run, in order. */
  steps: ReportedStep[];
}

/** A disk and what it is cut into. */
export interface ReportedDisk {
  /** `none` (a filesystem on the bare disk), `mbr` or `gpt`, and the table's identity. */
  table: string;
  /** Size of the disk, in bytes. */
  bytes: number;
  /** Each partition, and each logical volume after its group: number or name, size, content, where the guest mounts it. */
  parts: string[];
}

/** Where everything lies, and where it goes. */
export interface ReportedLayout {
  /** As it was found. */
  source: ReportedDisk;
  /** As it will be. */
  destination: ReportedDisk;
  /** How much is read of the source, in bytes. */
  copyBytes: number;
  /** What is read of each part: bytes, and which. */
  copies: string[];
}
