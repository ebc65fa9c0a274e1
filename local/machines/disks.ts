/** How a volume shows in a virtual machine: as NVMe with its id as serial on HVM, as Nitro has it; as virtio for PV. */
import { serialOf } from "../../converter/disk/volume";
import type { AttachedVolume, MachineSpec } from "./machine";

/** QEMU's node for the bytes of a volume. Flushes are left to the host, whose memory outlives the machine. */
export function blockNode({ volumeId, file }: AttachedVolume): Record<string, unknown> {
  return {
    driver: "raw",
    "node-name": serialOf(volumeId),
    discard: "unmap",
    cache: { direct: false, "no-flush": true },
    file: { driver: "file", filename: file },
  };
}

/** The device in front of it; a machine starts from the one with boot index 0. */
export function diskDevice(
  volume: AttachedVolume,
  boot: MachineSpec["boot"],
  bootIndex?: number,
): Record<string, unknown> {
  const serial = serialOf(volume.volumeId);
  const driver = boot === "pv-grub" ? "virtio-blk-pci" : "nvme";
  const first = bootIndex === undefined ? {} : { bootindex: bootIndex };
  return { driver, id: deviceId(volume), drive: serial, serial, ...first };
}

export const deviceId = ({ volumeId }: AttachedVolume) => `disk-${volumeId}`;
