/** What the converter prints for a step, in the small. */
import type { StepName, StepReport } from "../../../converter/types";
import { IDS } from "../ec2";

export const FILESYSTEM_UUID = "0f2d4c3a-1111-4222-8333-444455556666";

/** Of a `/boot` of its own, which the menu lies on. */
const BOOT_UUID = "b007b007-1111-4222-8333-444455556666";

const EDIT = {
  path: "/boot/grub/menu.lst",
  action: "edit" as const,
  why: ["root (hd0) → root (hd0,0): the filesystem is now the first partition"],
  diff: ["-root (hd0)", "+root (hd0,0)"],
};

const WARNING = {
  subject: "/etc/fstab",
  found: "/dev/xvdb is an instance store.",
  advice: "It gets nofail.",
};

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A partitioned disk: `/boot`, a volume group with the root and swap, and something that nobody knows. */
const SOURCE = {
  ...{ path: "/dev/nvme1n1", volumeId: IDS.source, sizeBytes: 8 * GIB, table: "mbr", tableId: "0x1a2b3c4d" },
  parts: [
    { number: 1, sizeBytes: 100 * MIB, content: { kind: "filesystem", filesystem: { type: "ext3" } } },
    {
      ...{ number: 2, sizeBytes: 7.5 * GIB },
      content: {
        kind: "lvm",
        volumeGroup: {
          name: "vg",
          volumes: [
            {
              ...{ name: "root", sizeBytes: 6 * GIB },
              content: { kind: "filesystem", filesystem: { type: "ext4", label: "old root" } },
            },
            { name: "swap", sizeBytes: 1.5 * GIB, content: { kind: "swap" } },
          ],
        },
      },
    },
    { number: 3, sizeBytes: 256 * MIB, content: { kind: "unknown" } },
  ],
};

const FACTS = {
  source: SOURCE,
  mounts: [
    { point: "/", part: 2, logicalVolume: "vg/root", filesystem: { uuid: FILESYSTEM_UUID } },
    { point: "/boot", part: 1, filesystem: { uuid: BOOT_UUID } },
  ],
  destination: { sizeBytes: 9 * GIB },
  guest: { os: { id: "debian", version: "12", name: "Debian 12" }, architecture: "x86_64" },
};

const DISKS = {
  destination: {
    layout: "gpt",
    minimumSizeBytes: 8 * GIB + 66 * MIB,
    partitions: [
      { number: 1, sizeBytes: 100 * MIB, role: "copy", from: 1 },
      { number: 2, sizeBytes: 8.5 * GIB, role: "copy", from: 2 },
      { number: 3, sizeBytes: 256 * MIB, role: "copy", from: 3 },
      { number: 14, sizeBytes: 748 * 1024, role: "bios-boot" },
      { number: 15, sizeBytes: 64 * MIB, role: "efi-system" },
    ],
  },
  copy: {
    bytes: 3 * GIB,
    parts: [
      { part: 1, what: "ext3 filesystem of /boot", bytes: 40 * MIB, method: "used-blocks" },
      { part: 2, what: "LVM group vg", bytes: 2.5 * GIB, method: "replayed" },
      { part: 3, what: "partition 3", bytes: 256 * MIB, method: "all-blocks" },
    ],
  },
};

/** What the inspection found and planned. */
function inspected(): Pick<StepReport, "facts" | "plan"> {
  const facts = structuredClone(FACTS);
  const plan = {
    format: 1,
    ...DISKS,
    warnings: [WARNING],
    boot: { menuFile: EDIT.path, filesystemUuid: BOOT_UUID, kernel: "/boot/vmlinuz", why: "default 0" },
    edits: [EDIT],
    initramfs: [{ kernel: "6.1.0", path: "/boot/initrd.img", action: "rebuild", missing: ["nvme"] }],
    verdicts: [
      verdict("xen", "xen-blkfront is there early", "ixgbevf"),
      verdict("nitro", "nvme after the rebuild", "ena"),
    ],
  };
  // Only what the component reads: the rest of the facts is the converter's own business.
  return { facts, plan } as unknown as Pick<StepReport, "facts" | "plan">;
}

function verdict(family: string, why: string, driver: string, lackedBy: string[] = []) {
  return { family, boots: true, why, enhancedNetworking: { driver, lackedBy } };
}

/** An inspection whose second kernel has no driver for the family's fast network card. */
export function inspectedLacking(family: "xen" | "nitro"): StepReport {
  const made = report("inspect");
  for (const { family: name, enhancedNetworking } of made.plan?.verdicts ?? []) {
    if (name === family) enhancedNetworking?.lackedBy.push("2.6.32-431.el6");
  }
  return made;
}

/** An inspection by version 0.1.0 as it was when it knew bare disks alone. */
export function inspectedByEarlierVersion(): StepReport {
  const made = report("inspect");
  const { os, architecture } = FACTS.guest;
  const facts = {
    source: { path: "/dev/nvme1n1", filesystem: { uuid: FILESYSTEM_UUID } },
    guest: { os, architecture },
  };
  const plan = {
    ...made.plan,
    destination: { layout: "mbr", partition: { startBytes: MIB, sizeBytes: 8 * GIB } },
    copy: { method: "used-blocks", bytes: GIB },
    boot: { ...made.plan?.boot, filesystemUuid: FILESYSTEM_UUID },
    verdicts: made.plan?.verdicts.map(({ family, boots, why }) => ({ family, boots, why })),
  };
  return { ...made, facts, plan } as unknown as StepReport;
}

const MORE: Partial<Record<StepName, () => Partial<StepReport>>> = {
  inspect: inspected,
  configure: () => ({ edits: [EDIT] }),
  verify: () => ({ checks: [{ name: "boot code", ok: true, seen: "GRUB" }] }),
  rehearse: () => ({
    rehearsal: {
      booted: true,
      accelerator: "kvm",
      diskBus: "nvme",
      networkCard: "virtio-net",
      rungs: [{ name: "login", second: 9 }],
      consoleTail: [],
    },
  }),
};

/** A step's record. `change` alters what a test is about. */
export function report(step: StepName, change: Partial<StepReport> = {}): StepReport {
  return {
    format: 1,
    step,
    outcome: "CHANGED",
    summary: `${step} done`,
    seconds: 1,
    fingerprint: "f",
    source: { path: "/dev/nvme1n1", volumeId: IDS.source, sizeBytes: 8 },
    destination: { path: "/dev/nvme2n1", volumeId: IDS.destination, sizeBytes: 9 },
    warnings: [WARNING],
    ...MORE[step]?.(),
    ...change,
  };
}

/** What the launched instance prints. */
export const BOOT_PROOF = [
  "virtualization=hvm",
  "vendor=Amazon EC2",
  "kernel=6.1.0-37-amd64",
  "rootDevice=/dev/nvme0n1p1",
  `rootUuid=${FILESYSTEM_UUID}`,
  "addresses=10.0.0.7/24 fe80::1/64 ",
  "uptimeSeconds=41",
  "",
].join("\n");
