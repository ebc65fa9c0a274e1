/** What the converter prints for a step, in the small. */
import type { StepName, StepReport } from "../../converter/types";
import { IDS } from "./ec2";

export const FILESYSTEM_UUID = "0f2d4c3a-1111-4222-8333-444455556666";

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

function inspected(): Pick<StepReport, "facts" | "plan"> {
  const facts = { guest: { os: { id: "debian", version: "12", name: "Debian 12" }, architecture: "x86_64" } };
  const plan = {
    format: 1,
    warnings: [WARNING],
    boot: { menuFile: EDIT.path, filesystemUuid: FILESYSTEM_UUID, kernel: "/boot/vmlinuz", why: "default 0" },
    edits: [EDIT],
    initramfs: [{ kernel: "6.1.0", path: "/boot/initrd.img", action: "rebuild", missing: ["nvme"] }],
    verdicts: [{ family: "nitro", boots: true, why: "nvme after the rebuild" }],
  };
  // Only what the component reads: the rest of the facts is the converter's own business.
  return { facts, plan } as unknown as Pick<StepReport, "facts" | "plan">;
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
