/** What a menu must say, for a guest whose root has a known UUID. */
import { stableArgument } from "../../../../converter/guest/commandLine/rootArgument";
import { otherSystemByName } from "../../../../converter/guest/kernel/whatFileIs";
import { GuestDevices } from "../../../../converter/guest/devices";
import type { MenuTarget } from "../../../../converter/guest/menu/menuTarget";
import type { RootPlan } from "../../../../converter/guest/commandLine/rootArgument";
import type { MountFacts } from "../../../../converter/types";

export const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";

/** For both families, onto a disk with a partition table. */
export const PHONY_PLAN: RootPlan = {
  options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
  destination: { layout: "mbr", tableId: "0x1A2B3C4D", minimumSizeBytes: 0, partitions: [] },
};

const ROOT: MountFacts = {
  point: "/",
  part: 0,
  filesystem: {
    ...{
      type: "ext4",
      uuid: UUID,
      label: "cloudimg-rootfs",
      blockSizeBytes: 4096,
      blockCount: 1,
      freeBlocks: 0,
    },
    ...{ features: [], needsRecovery: false, health: "clean" },
  },
};

/** The devices of a bare disk with that root. */
export function phonyDevices(): GuestDevices {
  const content = { kind: "filesystem" as const, filesystem: ROOT.filesystem };
  return new GuestDevices({ parts: [{ number: 0, startBytes: 0, sizeBytes: 1, content }] }, [ROOT]);
}

/** For the bare disk with that root: `root=` is named anew where there is one, and entry 0 boots. */
export function phonyTarget(changes: Partial<MenuTarget> = {}): MenuTarget {
  const devices = phonyDevices();
  return {
    device: "(hd0,0)",
    uuidOfLabel: () => UUID,
    nameDevice: (device, word) => stableArgument(devices, device, word),
    startsLinux: (file) => otherSystemByName(file) === undefined,
    changes: () => [],
    defaultEntry: 0,
    defaultWhy: "default is 0",
    ...changes,
  };
}
