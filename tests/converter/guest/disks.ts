/** Source disks for tests of what a guest's files name. */
import { GuestDevices } from "../../../converter/guest/devices";
import type { Content, FilesystemFacts, MountFacts, PartFacts } from "../../../converter/types";

export const UUIDS = {
  root: "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11",
  boot: "0e7a4f6b-93a5-4a3c-8f2b-51f8a9c1d222",
  swap: "c9a1d2b4-1f6e-4b7a-a0d3-7e5b4c3d2e33",
};

function filesystem(uuid: string, label: string): FilesystemFacts {
  return {
    ...{ type: "ext4", uuid, label, blockSizeBytes: 4096, blockCount: 524288, freeBlocks: 262144 },
    ...{ features: [], needsRecovery: false, health: "clean" },
  };
}

function part(number: number, content: Content): PartFacts {
  return { number, startBytes: number * 2 ** 20, sizeBytes: 2 ** 20, content };
}

/** A root filesystem on the bare disk, as on most PV images. */
export function bareDisk(label: string): GuestDevices {
  const root = filesystem(UUIDS.root, label);
  const mounts: MountFacts[] = [{ point: "/", part: 0, filesystem: root }];
  return new GuestDevices({ parts: [part(0, { kind: "filesystem", filesystem: root })] }, mounts);
}

/** /boot, root and swap on three partitions. */
export function partitionedDisk(): GuestDevices {
  const [boot, root] = [filesystem(UUIDS.boot, "/boot"), filesystem(UUIDS.root, "root")];
  const parts = [
    part(1, { kind: "filesystem", filesystem: boot }),
    part(2, { kind: "filesystem", filesystem: root }),
    part(3, { kind: "swap", uuid: UUIDS.swap }),
  ];
  const mounts: MountFacts[] = [
    { point: "/", part: 2, filesystem: root },
    { point: "/boot", part: 1, filesystem: boot },
  ];
  return new GuestDevices({ parts }, mounts);
}

/** /boot on a partition, the root in a volume group beside it. */
export function lvmDisk(): GuestDevices {
  const [boot, root] = [filesystem(UUIDS.boot, "/boot"), filesystem(UUIDS.root, "root")];
  const volumes = [
    {
      name: "rootVol",
      sizeBytes: 2 ** 20,
      kind: "linear",
      content: { kind: "filesystem" as const, filesystem: root },
    },
  ];
  const volumeGroup = { name: "VolGroup00", physicalVolumes: 1, dataStartBytes: 2 ** 20, volumes };
  const parts = [part(1, { kind: "filesystem", filesystem: boot }), part(2, { kind: "lvm", volumeGroup })];
  const mounts: MountFacts[] = [
    { point: "/", part: 2, logicalVolume: "VolGroup00/rootVol", filesystem: root },
    { point: "/boot", part: 1, filesystem: boot },
  ];
  return new GuestDevices({ parts }, mounts);
}
