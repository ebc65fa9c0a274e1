/** The type of the output `sourceReport`. */

/** What was found about the source, and what a preparation did. */
export interface SourceReport {
  /** `image`, `snapshot`, `volume` or `instance`: which of the ids was given. */
  kind: string;
  /** The id that was given. */
  id: string;
  /** The root volume of which a snapshot was taken. Undefined for an image or a snapshot. */
  volumeId?: string;
  /** The snapshot from which the source disk is made. Undefined in a dry run with `source.prepare`, which takes none. */
  snapshotId?: string;
  /**
   * `crash-consistent`: the snapshot was taken while the instance ran, and is like the disk after a power failure.
   * `stopped`: nothing was writing to the volume. Undefined for an image or a snapshot.
   */
  consistency?: string;
  /** The instance's other EBS volumes, which are not migrated. Empty for any other source. */
  otherVolumes: OtherVolume[];
  /** What the inspection in place found. Undefined without `source.connection`. */
  inspection?: LiveSourceReport;
  /** What the preparation found and did. Undefined without `source.prepare`, and in a dry run. */
  preparation?: LiveSourceReport;
}

/** A volume of the source instance, other than its root volume. */
export interface OtherVolume {
  /** The device name of its attachment, e.g. `/dev/sdf`. */
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
  /** The result, in one sentence. */
  summary: string;
  /** The system, by its own name, e.g. `Debian GNU/Linux 7.11`. */
  distribution: string;
  /** The package manager that a preparation uses, e.g. `apt-get`. Undefined if none is known. */
  packageManager?: string;
  /** Release of the kernel that runs (`uname -r`). */
  runningKernel: string;
  /** What boots if the instance starts again as it is. */
  today: ReportedBoot;
  /** Every installed kernel. */
  kernels: ReportedKernel[];
  /** Menus and settings of the installed boot loaders. The one in use comes first. */
  bootFiles: string[];
  /** Free space of the filesystems that matter. */
  freeMb: ReportedRoom[];
  /** What a preparation would add, one sentence each. Empty if nothing is missing. */
  missing: string[];
  /** Packages that the preparation installed. */
  packages: string[];
  /** Files that the preparation changed. */
  files: ReportedFile[];
  /** Problems that stop the migration. */
  problems: ReportedProblem[];
  /** What you should know, one sentence each. Warnings do not stop the migration. */
  warnings: string[];
}

/** The menu entry that boots. */
export interface ReportedBoot {
  /** The menu that PV-GRUB reads, a path in the guest. Empty if there is none. */
  menu: string;
  /** Its default entry's kernel. Empty if the menu has no entry. */
  kernel: string;
  /** That entry's initramfs. */
  initrd?: string;
}

/** A kernel of the source. */
export interface ReportedKernel {
  /** Its release, as `uname -r` would say. */
  version: string;
  /** Its file, a path in the guest. */
  image: string;
  /** Its initramfs. Undefined if there is none. */
  initrd?: string;
  /** True if it boots as HVM. */
  hvm: boolean;
  /** The reason for this. */
  why: string;
  /** The drivers that HVM types need. */
  drivers: ReportedDriver[];
}

/** A driver of a kernel. */
export interface ReportedDriver {
  /** `xen-blkfront`, `xen-netfront`, `nvme`, `ena` or `ixgbevf`. */
  name: string;
  /** `builtin`, `initramfs`, `module` (only in `/lib/modules`: too late for the root's disk) or `missing`. */
  where: string;
}

/** Free space on the filesystem of a folder. */
export interface ReportedRoom {
  /** The folder, a path in the guest. */
  path: string;
  /** Free space, in MiB. */
  mb: number;
}

/** A file that a preparation changed. */
export interface ReportedFile {
  /** The file, a path in the guest. */
  path: string;
  /** Why, one sentence for each change. */
  reasons: string[];
  /** Unified diff, a line each. */
  diff: string[];
}

/** A problem, and what to do about it. */
export interface ReportedProblem {
  /** What was found. */
  found: string;
  /** What is needed. */
  needed: string;
  /** What to do next. */
  fix: string;
}
