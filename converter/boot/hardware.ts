/** Which of QEMU's disks and network cards a guest can drive. QEMU has neither Xen's bus (without KVM's Xen) nor ENA. */
import { RefusedError } from "../errors";
import { moduleKey } from "../guest/kernel/drivers";
import type { Advice, KernelFacts, Rehearsal } from "../types";

export type Hardware = Pick<Rehearsal, "diskBus" | "networkCard">;
export type DiskBus = Hardware["diskBus"];

/**
 * The buses with the drivers that serve them, nearest to EC2 first: a Nitro instance's disk is NVMe, and a Xen instance
 * shows its BIOS an IDE disk. `piix` is Red Hat 5's, built into its kernel. SCSI is not among them: who has the driver
 * of QEMU's (sym53c8xx) in an initramfs has a generic one, with ata_piix.
 */
const BUSES: [DiskBus, string[]][] = [
  ["nvme", ["nvme"]],
  ["ide", ["ata_piix", "piix"]],
  ["virtio", ["virtio_blk"]],
  ["sata", ["ahci"]],
];

export const DISK_BUSES: DiskBus[] = BUSES.map(([bus]) => bus);

/** The cards with their drivers. e1000 first: every kernel since 2.6 has it, and VMware made the world use it. */
const CARDS: [Hardware["networkCard"], string[]][] = [
  ["e1000", ["e1000"]],
  ["virtio-net", ["virtio_net"]],
  ["rtl8139", ["8139cp", "8139too"]],
  ["e1000e", ["e1000e"]],
  ["pcnet", ["pcnet32"]],
];

/** For a disk whose guest cannot be read: what every distribution's kernel can drive. */
export const PLAIN_HARDWARE: Hardware = { diskBus: "ide", networkCard: "e1000" };

type Kernel = Pick<KernelFacts, "version" | "earlyDrivers" | "availableDrivers">;

/**
 * The disk by the early boot's drivers, the card by all. `bus`: the user's own word, taken as it is. Throws a
 * `RefusedError` if QEMU has no disk for the guest.
 */
export function chooseHardware(kernel: Kernel, bus?: DiskBus): Hardware {
  const diskBus = bus ?? busFor(kernel);
  if (diskBus === undefined) throw new RefusedError([noBusFor(kernel)]);
  return { diskBus, networkCard: cardFor(kernel) };
}

/** The bus on which the kernel's early boot finds its disk; `undefined`: it cannot be rehearsed. */
export function busFor({ earlyDrivers }: Pick<Kernel, "earlyDrivers">): DiskBus | undefined {
  return BUSES.find(([, drivers]) => hasOneOf(earlyDrivers, drivers))?.[0];
}

function cardFor({ availableDrivers }: Kernel): Hardware["networkCard"] {
  return CARDS.find(([, drivers]) => hasOneOf(availableDrivers, drivers))?.[0] ?? "none";
}

function hasOneOf(drivers: string[], wanted: string[]): boolean {
  return drivers.some((driver) => wanted.includes(moduleKey(driver)));
}

/** The verdict *cannot be rehearsed*, as a refusal that names the way round. */
function noBusFor({ version, earlyDrivers }: Kernel): Advice {
  const early = earlyDrivers.length > 0 ? earlyDrivers.join(", ") : "none";
  return {
    subject: `kernel ${version}`,
    found: `cannot be rehearsed: it has no early driver for a disk of QEMU's (NVMe, IDE, virtio, SATA); it has: ${early}.`,
    advice:
      "Convert with --for xen,nitro, which adds nvme; or rebuild its initramfs in the source with nvme or ata_piix; or publish without a rehearsal (--no-rehearsal, the component's rehearsal.skip).",
  };
}
