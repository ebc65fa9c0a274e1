/** How a volume shows in a virtual machine: as NVMe with its id as serial on HVM, as Nitro has it; as virtio for PV. */
import { serialOf } from "../../converter/disk/volume";
import type { AttachedVolume, MachineSpec } from "./machine";

/**
 * QEMU's node for the bytes of a volume. What the guest has flushed is in the host's memory, where whoever reads the
 * file finds it; to have it on the host's own disk as well is left to the host, whose memory outlives the machine.
 */
export function blockNode({ volumeId, file }: AttachedVolume): Record<string, unknown> {
  return rawNode(serialOf(volumeId), file);
}

/** QEMU's node for the file that a volume is copied to. */
export function copyNode(name: string, file: string): Record<string, unknown> {
  return rawNode(name, file);
}

function rawNode(name: string, file: string): Record<string, unknown> {
  return {
    driver: "raw",
    "node-name": name,
    discard: "unmap",
    cache: { direct: false, "no-flush": true },
    file: { driver: "file", filename: file },
  };
}

/** Of the one PCI bus that a machine has. */
export const HIGHEST_SLOT = 0x1f;

/**
 * The device in front of a volume. NVMe takes the slot that is asked for, and slots are given out from the top: a kernel
 * counts from the bottom, so that after a boot the volume attached last is nvme0 and the root volume comes behind all
 * others. EC2 promises no order; whoever relies on one shall fail here. PV's disks keep theirs, by which they are named.
 */
export function diskDevice(
  volume: AttachedVolume,
  boot: MachineSpec["boot"],
  slot: number,
): Record<string, unknown> {
  const serial = serialOf(volume.volumeId);
  const shared = { id: deviceId(volume), drive: serial, serial };
  if (boot === "pv-grub") return { driver: "virtio-blk-pci", ...shared };
  return { driver: "nvme", ...shared, addr: slot.toString(16) };
}

/**
 * The highest slot that is free. Nitro has room for 28 volumes and network cards together, and here it is the same.
 * @param taken those that are not.
 * @throws Error if none is.
 */
export function freeSlot(taken: number[]): number {
  for (let slot = HIGHEST_SLOT; slot > 0; slot--) if (!taken.includes(slot)) return slot;
  throw new Error("No PCI slot is free: an instance has room for 28 volumes. Detach one.");
}

export const deviceId = ({ volumeId }: AttachedVolume) => `disk-${volumeId}`;
