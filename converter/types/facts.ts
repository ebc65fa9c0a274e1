import type { Architecture, Layout } from "./options";

/** What inspection found. Nothing in it is a decision. */
export interface Facts {
  source: DiskFacts;
  /** The guest's root first, then what it mounts of the same disk and a conversion has to look into (`/boot`, `/usr`, `/var`). */
  mounts: MountFacts[];
  /** Absent where only a source was named. */
  destination?: DestinationFacts;
  /** The machine that this program runs on, and that the guest's own programs are run on. */
  helper?: {
    vsyscall: boolean;
    /** Can show a filesystem with its journal replayed, on an overlay. Absent: it cannot. */
    replays?: boolean;
  };
  guest: GuestFacts;
}

/** A source disk and what lies where on it. */
export interface DiskFacts {
  /** The device or file as it was opened. */
  path: string;
  /** `vol-…`, where the disk was named by its volume id. */
  volumeId?: string;
  sizeBytes: number;
  /** `none`: a filesystem on the bare disk, as on most PV images. */
  table: "none" | Layout;
  /** The table's own identity, part of each PARTUUID and so kept: `0x1a2b3c4d` (MBR) or a GUID (GPT). */
  tableId?: string;
  /** What the disk is cut into, in the order of the numbers: the bare disk itself, or every partition. */
  parts: PartFacts[];
}

/** The whole of a disk without a partition table, or one partition. */
export interface PartFacts {
  /** Partition number as the kernel counts (MBR: logical ones from 5 on); 0 for the bare disk. */
  number: number;
  startBytes: number;
  sizeBytes: number;
  /** MBR: two hexadecimal digits (`83`). GPT: the type's GUID, upper case. Absent for the bare disk. */
  type?: string;
  /** MBR: carries the boot flag. */
  active?: boolean;
  /** GPT: the partition's own GUID and its name. */
  guid?: string;
  name?: string;
  content: Content;
}

/** What a partition, or a logical volume, holds. */
export type Content =
  | { kind: "filesystem"; filesystem: FilesystemFacts }
  | { kind: "swap"; uuid?: string; label?: string }
  | { kind: "lvm"; volumeGroup: VolumeGroupFacts }
  /** An extended MBR partition: nothing but the logical ones in it. */
  | { kind: "extended" }
  /** Nothing that blkid knows. It is copied whole: it may be anything. */
  | { kind: "unknown" }
  /** Something that is copied whole and not looked into, by blkid's name for it (`btrfs`, `vfat`, `linux_raid_member`). */
  | { kind: "other"; type: string; uuid?: string; label?: string };

/** The LVM volume group of which a partition is a physical volume. */
export interface VolumeGroupFacts {
  name: string;
  /** Physical volumes that the group has in all; more than one cannot be converted from one disk. */
  physicalVolumes: number;
  /** Where the first extent begins, from the partition's start: labels and metadata lie before it. */
  dataStartBytes: number;
  volumes: LogicalVolumeFacts[];
}

export interface LogicalVolumeFacts {
  name: string;
  sizeBytes: number;
  /** Where its bytes lie, in its own order, from the *disk's* start. Absent for anything but a linear volume. */
  extents?: ExtentFacts[];
  /** e.g. `striped`, `mirror`, `thin`: why there are no extents. */
  kind: string;
  content: Content;
}

export interface ExtentFacts {
  startBytes: number;
  sizeBytes: number;
}

export interface FilesystemFacts {
  type: "ext2" | "ext3" | "ext4" | "xfs";
  uuid: string;
  label?: string;
  blockSizeBytes: number;
  blockCount: number;
  freeBlocks: number;
  /** ext: as dumpe2fs names them. XFS: `v4` or `v5` first, then `crc`, `ftype`, `reflink` … */
  features: string[];
  /** The journal holds what the filesystem does not: the free-space map on the disk cannot be trusted. */
  needsRecovery: boolean;
  /**
   * `clean`: its checker finds nothing. `preenable`: a preening e2fsck mends it. `recovers`: the journal must be
   * replayed first, which was tried on a throw-away overlay where this machine can make one.
   */
  health: "clean" | "preenable" | "recovers";
}

/** A filesystem of the source at its place in the guest. */
export interface MountFacts {
  /** Where the guest mounts it: `/`, `/boot`, `/usr` … */
  point: string;
  /** The partition that it lies on, or in which its logical volume lies; 0: the bare disk. */
  part: number;
  /** `group/volume`, where it is a logical volume. */
  logicalVolume?: string;
  filesystem: FilesystemFacts;
}

export interface DestinationFacts {
  path: string;
  volumeId?: string;
  sizeBytes: number;
  /** `blank`, or `resumable` where it carries the record of this same conversion. */
  content: "blank" | "resumable";
}

/** What a guest's files say of it: its root filesystem, with `/boot` and the like where the guest has them. */
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
  /** What is free on the filesystem with /var, for the report and the originals. Absent in records of earlier versions. */
  rootFree?: { bytes: number; inodes: number };
  /**
   * Initramfs generator at hand in the guest, by its command's name. `mkinitrd` is Red Hat 5's, `mkinitrd-suse` SUSE's
   * program of the same name.
   */
  initramfsTool?: "update-initramfs" | "dracut" | "mkinitrd" | "mkinitrd-suse" | "mkinitcpio";
  /** Of what not every version of the generator can do (`--no-hostonly`), that which its script shows. */
  initramfsToolKnows?: string[];
  /** Modules that the generator's configuration names, where an option of its call would take their place. */
  initramfsToolNames?: string[];
  /** Version of its 64-bit C library, e.g. `2.11.3`; absent if the file's name has none. */
  glibc?: string;
  /** Its mount(8) takes `nofail` (util-linux 2.16 and later; Red Hat 5's and Ubuntu 8.04's do not). Absent: not known. */
  mountKnowsNofail?: boolean;
  /** Files that name disks by where they are plugged in, and that no edit touches. */
  deviceReferences?: DeviceReference[];
  /**
   * What reads the instance's metadata without a token when the guest boots, in a few words each. Absent in records of earlier
   * versions.
   */
  metadataReaders?: string[];
  /** Public host keys of its sshd, `ssh-rsa AAAA…`. Absent if there are none, and in records of earlier versions. */
  hostKeys?: string[];
  /** dpkg architecture, RPM or none: only for reports. */
  packageManager?: string;
}

/** One line of a guest's file that names a disk, or Xen's console, by a name that it will not have. */
export interface DeviceReference {
  /** Absolute in the guest. */
  path: string;
  /** Counted from 1. */
  line: number;
  /** The line, without white space around it, cut to 120 characters. */
  text: string;
}

export interface BootFileFacts {
  /** Absolute in the guest: `/boot/grub/menu.lst`, be it on the root filesystem or on one of its own. */
  path: string;
  /** The partition that PV-GRUB found it on; 0: the bare disk. */
  part: number;
  /** What to put before a path of the menu to have it absolute in the guest: `/boot` for a filesystem of its own, else empty. */
  prefix: string;
  /** After every link inside the guest's root. */
  resolvedPath: string;
  /** Index of the entry that boots, after `default`, `saved` and `fallback`. */
  defaultEntry: number;
  /** Why that one: `default is 0`. */
  defaultWhy?: string;
  entries: BootEntryFacts[];
  /** Where `default` is `saved`: what `/boot/grub/default` beside the menu names. GRUB 2 does not read that file. */
  savedEntry?: number;
  /**
   * Other menus of GRUB legacy that the guest's tools write, after links, and that are not this file under another name:
   * grubby writes `grub.conf`, be it the file in force or not.
   */
  twins?: string[];
}

export interface BootEntryFacts {
  title: string;
  /** Path inside the guest, the GRUB device taken off; absent if the entry chain-loads something else. */
  kernel?: string;
  initrd?: string;
  /** What `kernel` starts that is no Linux, by its content (`memtest86+`); by its name where the file is not there. Absent for Linux. */
  otherSystem?: string;
  arguments: string[];
  /** Why GRUB could not start it, as a clause: `/boot/vmlinuz-V is not there`. Absent if its files are. */
  fault?: string;
  /** Waits for somebody at the console (`pause`, or a password of its own): then no fallback is tried. */
  waits?: boolean;
  /** Asks for the menu's password before it starts (`lock`). */
  locked?: boolean;
  /** `configfile`: the menu that the entry hands over to. */
  nextMenu?: string;
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
  /** The NVMe driver's time-out for one request, in seconds: its parameter's name and the most that its type holds. Absent without the driver. */
  nvmeTimeout?: { parameter: "nvme_core.io_timeout" | "nvme.io_timeout"; max: number };
  /** For each driver that is a module: the modules to name for it, in this kernel's own spelling. Absent: as in `DRIVERS`. */
  driverModules?: Record<string, string[]>;
  /** Its `/lib/modules/V`: whether there is one, and whether depmod has indexed it. Absent: not looked at. */
  moduleFolder?: { path: string; there: boolean; indexed: boolean };
  /** Finds Xen's bus as HVM (CONFIG_XEN_PVHVM, Linux 2.6.36 and later). Absent: not known. */
  xenHvm?: boolean;
  /** The initramfs has LVM's program. Absent: there is no initramfs, or it cannot be read. */
  initrdHasLvm?: boolean;
  /** Hooks in the initramfs that grow the root when it boots. */
  initrdGrowsRoot?: string[];
  /** Is the kernel that the guest's own log says it booted last. Absent: there is no such log. */
  lastBooted?: boolean;
  /** An initramfs that could not be read, and why. */
  initrdProblem?: string;
}
