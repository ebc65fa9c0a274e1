/** What the output `sourceReport` is made of. */

/** What was found of the source, and, where it was prepared, what that did. */
export interface SourceReport {
  /** `image`, `snapshot`, `volume` or `instance`: which of the ids was given. */
  kind: string;
  /** The id that was given. */
  id: string;
  /** The root volume that was snapshotted. Undefined of an image or a snapshot. */
  volumeId?: string;
  /** The snapshot that the source disk is made of. Undefined where none is taken, in a dry run that would prepare the source. */
  snapshotId?: string;
  /**
   * `crash-consistent`: the snapshot was taken while the instance ran, and holds what a power failure would have left.
   * `stopped`: nothing was writing to the volume. Undefined of an image or a snapshot.
   */
  consistency?: string;
  /** The instance's other EBS volumes, which are not migrated. Empty for any other source. */
  otherVolumes: OtherVolume[];
  /** What the inspection in place found. Undefined without `source.connection`. */
  inspection?: LiveSourceReport;
  /** What the preparation found and did. Undefined without `source.prepare`, and in a dry run. */
  preparation?: LiveSourceReport;
}

/** A volume of the source instance beside its root volume. */
export interface OtherVolume {
  /** The name that it is attached by, e.g. `/dev/sdf`. */
  deviceName: string;
  /** Its id. */
  volumeId: string;
  /** Its size in GiB. */
  sizeGb: number;
}

/** The record of an inspection or a preparation of a running source. */
export interface LiveSourceReport {
  /** `inspect` or `prepare`. */
  command: string;
  /** `NOCHANGE`: nothing was written. `CHANGED`: something was installed or written. */
  outcome: string;
  /** What came of it, one sentence. */
  summary: string;
  /** The system by its own name, e.g. `Debian GNU/Linux 7.11`. */
  distribution: string;
  /** The package manager that a preparation uses, e.g. `apt-get`. Undefined where none is known. */
  packageManager?: string;
  /** Release of the kernel that runs (`uname -r`). */
  runningKernel: string;
  /** What boots when the instance starts again as it is. */
  today: ReportedBoot;
  /** Every installed kernel. */
  kernels: ReportedKernel[];
  /** Menus and settings of boot loaders that are there; the one in force comes first. */
  bootFiles: string[];
  /** Free space of the filesystems that matter. */
  freeMb: ReportedRoom[];
  /** What a preparation would give, a sentence each. Empty: nothing is missing. */
  missing: string[];
  /** Packages that the preparation installed. */
  packages: string[];
  /** Files that the preparation changed. */
  files: ReportedFile[];
  /** What stands in the way. */
  problems: ReportedProblem[];
  /** What is worth knowing and stands in the way of nothing, a sentence each. */
  warnings: string[];
}

/** A menu's entry that boots. */
export interface ReportedBoot {
  /** The menu that PV-GRUB reads, a path in the guest. Empty where there is none. */
  menu: string;
  /** Its default entry's kernel. Empty where the menu has no entry. */
  kernel: string;
  /** That entry's initramfs. */
  initrd?: string;
}

/** A kernel of the source, and what it can do. */
export interface ReportedKernel {
  /** Its release, as `uname -r` would say. */
  version: string;
  /** Its file, a path in the guest. */
  image: string;
  /** Its initramfs. Undefined where there is none. */
  initrd?: string;
  /** True: it boots as HVM. */
  hvm: boolean;
  /** What that was judged by. */
  why: string;
  /** The drivers that HVM types need. */
  drivers: ReportedDriver[];
}

/** A driver, as a kernel has it. */
export interface ReportedDriver {
  /** `xen-blkfront`, `xen-netfront`, `nvme`, `ena` or `ixgbevf`. */
  name: string;
  /** `builtin`, `initramfs`, `module` (in `/lib/modules` alone: too late for the root's disk) or `missing`. */
  where: string;
}

/** Free space on the filesystem of a folder. */
export interface ReportedRoom {
  /** The folder, a path in the guest. */
  path: string;
  /** MiB that are free. */
  mb: number;
}

/** A file that a preparation changed. */
export interface ReportedFile {
  /** The file, a path in the guest. */
  path: string;
  /** Why, one sentence a change. */
  reasons: string[];
  /** Unified diff, a line each. */
  diff: string[];
}

/** What stands in the way, and what to do about it. */
export interface ReportedProblem {
  /** What was found. */
  found: string;
  /** What is needed. */
  needed: string;
  /** What to do next. */
  fix: string;
}
