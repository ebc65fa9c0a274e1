/** Facts and plans as a conversion would make them, for the pages that are held against golden ones. */
import type { Facts, Plan, StepReport } from "../../../converter/types";

const MIB = 2 ** 20;
export const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
export const KERNEL = "/boot/vmlinuz-3.13.0-48-generic";

const ROOT: Facts["mounts"][number]["filesystem"] = {
  ...{ type: "ext4", uuid: UUID, label: "root", blockSizeBytes: 4096, blockCount: 262144 },
  ...{ freeBlocks: 131072, features: [], needsRecovery: false, health: "preenable" },
};

export const FACTS: Facts = {
  source: {
    ...{ path: "/dev/nvme1n1", volumeId: "vol-0aaaaaaaaaaaaaaaa", sizeBytes: 2 ** 30, table: "none" },
    parts: [
      { number: 0, startBytes: 0, sizeBytes: 2 ** 30, content: { kind: "filesystem", filesystem: ROOT } },
    ],
  },
  mounts: [{ point: "/", part: 0, filesystem: ROOT }],
  destination: { path: "/tmp/new.img", sizeBytes: 2 ** 31, content: "blank" },
  guest: {
    os: { id: "ubuntu", version: "14.04", name: "Ubuntu 14.04.6 LTS" },
    ...{ architecture: "x86_64", init: "upstart", files: [], networkByName: [], predictableNames: false },
    bootFile: {
      ...{ path: "/boot/grub/menu.lst", resolvedPath: "/boot/grub/menu.lst", defaultEntry: 0 },
      ...{ part: 0, prefix: "" },
      entries: [{ title: "Ubuntu", kernel: KERNEL, arguments: [] }],
    },
    kernels: [
      {
        ...{ version: "3.13.0-48-generic", path: KERNEL, bootsHvm: true, bootsPv: true },
        ...{ evidence: "/boot/config-3.13.0-48-generic: CONFIG_XEN_PVHVM=y" },
        ...{ earlyDrivers: ["xen-blkfront"], availableDrivers: ["xen-blkfront", "nvme"] },
      },
    ],
    bootFreeBytes: 2 ** 30,
    initramfsTool: "update-initramfs",
  },
};

export const PLAN: Plan = {
  format: 1,
  options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
  refusals: [],
  warnings: [],
  destination: {
    ...{ layout: "mbr", minimumSizeBytes: 2 ** 30 + MIB },
    partitions: [
      { number: 1, startBytes: MIB, sizeBytes: 2 ** 30, type: "83", active: true, role: "copy", from: 0 },
    ],
  },
  copy: {
    bytes: 2 ** 29,
    parts: [
      {
        ...{ part: 0, what: "ext4 filesystem of /", method: "used-blocks", bytes: 2 ** 29 },
        why: "cleanly unmounted, so the map of free blocks holds",
      },
    ],
  },
  boot: {
    ...{ menuFile: "/boot/grub/menu.lst", device: "(hd0,0)", filesystemUuid: UUID, kernel: KERNEL },
    ...{ initrd: "/boot/initrd.img-3.13.0-48-generic", why: "entry 0 (Ubuntu): default is 0" },
  },
  edits: [
    {
      ...{ path: "/etc/fstab", action: "edit", why: ["/ by UUID: device names differ"] },
      diff: [
        "--- a/etc/fstab",
        "+++ b/etc/fstab",
        "@@ -1,1 +1,1 @@",
        "-/dev/xvda1 / ext4",
        `+UUID=${UUID} / ext4`,
      ],
    },
    { path: "/etc/blkid.tab", action: "remove", why: ["it names the devices of the source"], diff: [] },
  ],
  initramfs: [
    {
      ...{ kernel: "3.13.0-48-generic", path: "/boot/initrd.img-3.13.0-48-generic", action: "rebuild" },
      ...{ tool: "update-initramfs", missing: ["nvme"] },
    },
    { kernel: "3.13.0-44-generic", path: "/boot/initrd.img-3.13.0-44-generic", action: "keep", missing: [] },
  ],
  verdicts: [
    { family: "xen", boots: true, why: "xen-blkfront is there early." },
    { family: "nitro", boots: true, why: "nvme is there after the rebuild." },
  ],
};

export const INSPECTED: StepReport = {
  ...{ format: 1, step: "inspect", outcome: "NOCHANGE", seconds: 1, fingerprint: "f", warnings: [] },
  summary: "can be converted for xen and nitro: 2 files to change",
  facts: FACTS,
  plan: PLAN,
};

const BOOT: typeof ROOT = {
  ...{ type: "ext2", uuid: "b", label: "/boot", blockSizeBytes: 1024, blockCount: 262144 },
  ...{ freeBlocks: 221184, features: [], needsRecovery: false, health: "clean" },
};

const VOLUME_ROOT: typeof ROOT = { ...ROOT, label: undefined, health: "recovers" };

/** CentOS 6 with a /boot of its own, its root a logical volume, and a partition of another kind. */
export const PARTITIONED: StepReport = {
  ...INSPECTED,
  facts: {
    ...FACTS,
    source: {
      ...{ path: "/dev/nvme1n1", sizeBytes: 2 ** 33, table: "mbr", tableId: "0x1a2b3c4d" },
      parts: [
        {
          ...{ number: 1, startBytes: 63 * 512, sizeBytes: 256 * MIB, type: "83", active: true },
          content: { kind: "filesystem", filesystem: BOOT },
        },
        {
          ...{ number: 2, startBytes: 524_351 * 512, sizeBytes: 2 ** 32, type: "8e" },
          content: {
            kind: "lvm",
            volumeGroup: {
              ...{ name: "cloud_root", physicalVolumes: 1, dataStartBytes: MIB },
              volumes: [
                {
                  ...{ name: "lv_root", sizeBytes: 3 * 2 ** 30, kind: "linear" },
                  extents: [{ startBytes: 0, sizeBytes: 3 * 2 ** 30 }],
                  content: { kind: "filesystem", filesystem: VOLUME_ROOT },
                },
                {
                  ...{ name: "lv_swap", sizeBytes: 2 ** 30, kind: "linear", extents: [] },
                  content: { kind: "swap", label: "swap" },
                },
              ],
            },
          },
        },
        {
          ...{ number: 3, startBytes: 9_437_184 * 512, sizeBytes: 2 ** 30, type: "83" },
          content: { kind: "other", type: "btrfs", label: "data" },
        },
      ],
    },
    mounts: [
      { point: "/", part: 2, logicalVolume: "cloud_root/lv_root", filesystem: VOLUME_ROOT },
      { point: "/boot", part: 1, filesystem: BOOT },
    ],
    guest: {
      ...FACTS.guest,
      os: { id: "centos", version: "6.5", name: "CentOS release 6.5 (Final)" },
      bootFile: { ...FACTS.guest.bootFile, part: 1, prefix: "/boot", resolvedPath: "/boot/grub/grub.conf" },
      kernels: [
        ...FACTS.guest.kernels,
        {
          ...{ version: "2.6.18-348.el5xen", path: "/boot/vmlinuz-2.6.18-348.el5xen", bootsHvm: false },
          ...{ bootsPv: true, evidence: "/boot/config-2.6.18-348.el5xen: CONFIG_X86_64_XEN=y" },
          ...{ earlyDrivers: [], availableDrivers: [], initrdProblem: "ends in the middle of a file" },
        },
      ],
    },
  },
  plan: {
    ...PLAN,
    destination: {
      ...{ layout: "mbr", tableId: "0x1a2b3c4d", minimumSizeBytes: 2 ** 33 + MIB },
      partitions: [
        { number: 1, startBytes: MIB, sizeBytes: 256 * MIB, type: "83", active: true, role: "copy", from: 1 },
        { number: 2, startBytes: 257 * MIB, sizeBytes: 2 ** 32, type: "8e", role: "copy", from: 2 },
        { number: 3, startBytes: 4353 * MIB, sizeBytes: 2 ** 30, type: "83", role: "copy", from: 3 },
      ],
    },
    copy: {
      bytes: 2 ** 31,
      parts: [
        { part: 1, what: "ext2 filesystem of /boot", method: "used-blocks", bytes: 40 * MIB, why: "clean" },
        {
          ...{ part: 2, what: "LVM group cloud_root", method: "replayed", bytes: 900 * MIB },
          why: "the journal of its root was not replayed when the snapshot was taken",
        },
        {
          ...{ part: 3, what: "btrfs", method: "all-blocks", bytes: 2 ** 30 },
          why: "its map of free blocks is not known to this program",
        },
      ],
    },
    edits: [],
  },
};
