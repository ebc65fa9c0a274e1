/** How far a migration goes. Raising it goes on from there; once an image is published, going back before it is refused. */
export const Until = {
  /** Facts, plan and diffs; nothing is written to the destination: the dry run. */
  Inspect: "inspect",
  /** The copy is converted and has booted on the helper; no image is made. */
  Rehearse: "rehearse",
  /** The image is registered, and launched where `launch` asks for it. */
  Publish: "publish",
} as const;
export type Until = (typeof Until)[keyof typeof Until];

/** What becomes of helper, volumes and commands once all is done that `until` asks for. */
export const Workbench = {
  /** The helper keeps running, and costs what it costs. */
  Running: "running",
  /** The helper is stopped, and started again by what comes next: only its volumes cost. */
  Stopped: "stopped",
  /** Helper and volumes are deleted; snapshot, image and instance stay. */
  Removed: "removed",
} as const;
export type Workbench = (typeof Workbench)[keyof typeof Workbench];

/** What a new image means for the instance that runs the old one. */
export const OnNewImage = {
  /** The running instance and its data are left alone. */
  Keep: "keep",
  /** The instance is replaced by one of the new image. Its root volume goes with it. */
  Replace: "replace",
} as const;
export type OnNewImage = (typeof OnNewImage)[keyof typeof OnNewImage];

/** The two worlds that HVM images boot on. */
export const Family = {
  /** HVM on Xen types (T2, M3, M4 …): disks are `xvd*`. */
  Xen: "xen",
  /** Nitro types: disks are NVMe, the network card is ENA. */
  Nitro: "nitro",
} as const;
export type Family = (typeof Family)[keyof typeof Family];

/** Partition tables of the destination. */
export const Layout = {
  /** A master boot record, as GRUB legacy and the guest's own tools know it. */
  Mbr: "mbr",
  /** A GPT with a BIOS boot partition and an empty EFI system partition. */
  Gpt: "gpt",
} as const;
export type Layout = (typeof Layout)[keyof typeof Layout];

/** EBS volume types that an image can boot from and that need no further figures. */
export const VolumeType = {
  /** General purpose, older: 3 IOPS for each GiB, at least 100. */
  Gp2: "gp2",
  /** General purpose: 3000 IOPS and 125 MiB/s whatever its size, and cheaper. */
  Gp3: "gp3",
} as const;
export type VolumeType = (typeof VolumeType)[keyof typeof VolumeType];

/** Architectures of PV images, in EC2's words. */
export const Architecture = {
  /** 64 bits. */
  X86_64: "x86_64",
  /** 32 bits: runs on the few Xen types that take it, T2 and older. */
  I386: "i386",
} as const;
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** What becomes of the volumes that a source image maps beside its root. */
export const OtherVolumes = {
  /** An image with such volumes is refused: nobody has said that they may be missing. */
  Refuse: "refuse",
  /** They are left behind: the new image has the root alone. Their snapshots stay as they are. */
  Ignore: "ignore",
} as const;
export type OtherVolumes = (typeof OtherVolumes)[keyof typeof OtherVolumes];

/** Whether an instance's metadata is given to who shows a session token alone (IMDSv2). */
export const MetadataTokens = {
  /** Also without one, as programs from before November 2019 ask. */
  Optional: "optional",
  /** With one alone. */
  Required: "required",
} as const;
export type MetadataTokens = (typeof MetadataTokens)[keyof typeof MetadataTokens];
