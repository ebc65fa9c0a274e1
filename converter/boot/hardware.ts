/** Which of QEMU's disks and network cards a guest can drive. QEMU has neither Xen's bus (without KVM's Xen) nor ENA. */
import { FailedError } from "../errors";
import type { KernelFacts, Rehearsal } from "../types";

export type Hardware = Pick<Rehearsal, "diskBus" | "networkCard">;

/** Nearest to EC2 first: a Nitro instance's disk is NVMe. */
const BUSES: [Hardware["diskBus"], string][] = [
  ["nvme", "nvme"],
  ["ide", "ata_piix"],
  ["virtio", "virtio_blk"],
  ["sata", "ahci"],
];

const CARDS: [Hardware["networkCard"], string][] = [
  ["e1000", "e1000"],
  ["virtio-net", "virtio_net"],
];

/** For a disk whose guest cannot be read: what every distribution's kernel can drive. */
export const PLAIN_HARDWARE: Hardware = { diskBus: "ide", networkCard: "e1000" };

/** The disk by the early boot's drivers, the card by all. Throws `FailedError` where QEMU has no disk for the guest. */
export function chooseHardware(
  kernel: Pick<KernelFacts, "version" | "earlyDrivers" | "availableDrivers">,
): Hardware {
  const bus = BUSES.find(([, driver]) => has(kernel.earlyDrivers, driver));
  if (!bus) {
    const early = kernel.earlyDrivers.join(", ") || "none";
    throw new FailedError(
      `rehearsal: kernel ${kernel.version} has no early driver for a disk of QEMU's (NVMe, IDE, virtio, SATA); it has: ${early}. Convert with --for xen,nitro, which adds nvme, or rebuild its initramfs in the source with nvme or ata_piix.`,
    );
  }
  const card = CARDS.find(([, driver]) => has(kernel.availableDrivers, driver));
  return { diskBus: bus[0], networkCard: card?.[0] ?? "none" };
}

function has(drivers: string[], wanted: string): boolean {
  return drivers.some((driver) => driver.replaceAll("-", "_") === wanted);
}
