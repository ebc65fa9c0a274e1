/** How far a migration goes. If you raise it, the migration continues from there. Once an image is published, you cannot lower it. */
export const Until = {
  /** Facts, plan and diffs; nothing is written to the destination: the dry run. */
  Inspect: "inspect",
  /** The copy is converted and has booted on the helper; no image is made. */
  Rehearse: "rehearse",
  /** The image is registered, and launched if `launch` is given. */
  Publish: "publish",
} as const;
export type Until = (typeof Until)[keyof typeof Until];

/** What happens to helper, volumes and commands when everything that `until` asks for is done. */
export const Workbench = {
  /** The helper keeps running, and costs money. */
  Running: "running",
  /** The helper is stopped, and the next step starts it again. Only its volumes cost money. */
  Stopped: "stopped",
  /** Helper and volumes are deleted; snapshot, image and instance stay. */
  Removed: "removed",
} as const;
export type Workbench = (typeof Workbench)[keyof typeof Workbench];

/** What a new image does to the instance that runs the old one. */
export const OnNewImage = {
  /** The running instance and its data stay. */
  Keep: "keep",
  /** An instance of the new image replaces it. Its root volume is deleted. */
  Replace: "replace",
} as const;
export type OnNewImage = (typeof OnNewImage)[keyof typeof OnNewImage];

/** The two families of instance types that HVM images boot on. */
export const Family = {
  /** HVM on Xen types (T2, M3, M4 …): disks are `xvd*`. */
  Xen: "xen",
  /** Nitro types: disks are NVMe, the network card is ENA. */
  Nitro: "nitro",
} as const;
export type Family = (typeof Family)[keyof typeof Family];

/** Partition tables of the destination. */
export const Layout = {
  /** A master boot record, which GRUB legacy and the guest's own tools know. */
  Mbr: "mbr",
  /** A GPT with a BIOS boot partition and an empty EFI system partition. */
  Gpt: "gpt",
} as const;
export type Layout = (typeof Layout)[keyof typeof Layout];

/** EBS volume types that an image can boot from and that need no further figures. */
export const VolumeType = {
  /** General purpose, older: 3 IOPS for each GiB, at least 100. */
  Gp2: "gp2",
  /** General purpose: 3000 IOPS and 125 MiB/s for any size, and cheaper. */
  Gp3: "gp3",
} as const;
export type VolumeType = (typeof VolumeType)[keyof typeof VolumeType];

/** Architectures of PV images, in EC2's words. */
export const Architecture = {
  /** 64 bits. */
  X86_64: "x86_64",
  /** 32 bits: runs only on T2 and older Xen types. */
  I386: "i386",
} as const;
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** What happens to the volumes that a source image maps in addition to its root. */
export const OtherVolumes = {
  /** An image with such volumes is refused. */
  Refuse: "refuse",
  /** The new image has only the root. The other volumes' snapshots stay as they are. */
  Ignore: "ignore",
} as const;
export type OtherVolumes = (typeof OtherVolumes)[keyof typeof OtherVolumes];

/** Whether an instance's metadata service requires a session token (IMDSv2). */
export const MetadataTokens = {
  /** Not required: programs from before November 2019 ask without one. */
  Optional: "optional",
  /** Required. */
  Required: "required",
} as const;
export type MetadataTokens = (typeof MetadataTokens)[keyof typeof MetadataTokens];
