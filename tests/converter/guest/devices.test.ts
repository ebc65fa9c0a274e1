import assert from "node:assert/strict";
import { GuestDevices } from "../../../converter/guest/devices";
import type { FilesystemFacts, MountFacts, PartFacts } from "../../../converter/types";

const ROOT_UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";

function filesystem(uuid: string, label?: string): FilesystemFacts {
  return {
    ...{ type: "ext4", uuid, label, blockSizeBytes: 4096, blockCount: 1000, freeBlocks: 10 },
    ...{ features: [], needsRecovery: false, health: "clean" },
  };
}

const ROOT = filesystem(ROOT_UUID, "/");
const BARE: PartFacts[] = [
  { number: 0, startBytes: 0, sizeBytes: 2 ** 30, content: { kind: "filesystem", filesystem: ROOT } },
];
const ON_BARE: MountFacts[] = [{ point: "/", part: 0, filesystem: ROOT }];

const part = (number: number, content: PartFacts["content"]): PartFacts => ({
  ...{ number, startBytes: number * 2 ** 20, sizeBytes: 2 ** 20, type: "83", content },
});
const PARTITIONED = [
  part(1, { kind: "filesystem", filesystem: filesystem("b0", "boot") }),
  part(2, { kind: "filesystem", filesystem: ROOT }),
  part(3, { kind: "swap", uuid: "5a" }),
];
const ON_SECOND: MountFacts[] = [{ point: "/", part: 2, filesystem: ROOT }];

describe("a device in the guest's files", () => {
  const CASES: [device: string, parts: PartFacts[], mounts: MountFacts[], stable: string][] = [
    // The bare disk and its first partition are one thing to a PV guest.
    ["/dev/xvda", BARE, ON_BARE, `UUID=${ROOT_UUID}`],
    ["/dev/xvda1", BARE, ON_BARE, `UUID=${ROOT_UUID}`],
    ["/dev/sda1", BARE, ON_BARE, `UUID=${ROOT_UUID}`],
    // Red Hat 6 calls sda1 xvde1.
    ["/dev/xvde1", BARE, ON_BARE, `UUID=${ROOT_UUID}`],
    ["/dev/xvda2", BARE, ON_BARE, "/dev/xvda2"],
    ["/dev/xvdb", BARE, ON_BARE, "/dev/xvdb"],
    ["/dev/xvda1", PARTITIONED, ON_SECOND, "UUID=b0"],
    ["/dev/sda2", PARTITIONED, ON_SECOND, `UUID=${ROOT_UUID}`],
    ["/dev/xvda3", PARTITIONED, ON_SECOND, "UUID=5a"],
    ["/dev/xvda4", PARTITIONED, ON_SECOND, "/dev/xvda4"],
    ["LABEL=boot", PARTITIONED, ON_SECOND, "LABEL=boot"],
    ["/dev/mapper/vg-root", PARTITIONED, ON_SECOND, "/dev/mapper/vg-root"],
  ];
  for (const [device, parts, mounts, stable] of CASES) {
    const disk = parts === BARE ? "a bare disk" : "a partitioned disk";
    it(`is resolved to what it means on the disk: ${device} on ${disk} is ${stable}`, () => {
      assert.equal(new GuestDevices({ parts }, mounts).stableName(device), stable);
    });
  }

  for (const device of ["LABEL=/", "/dev/disk/by-label/\\x2f", `UUID=${ROOT_UUID.toUpperCase()}`]) {
    it(`is understood by label and UUID, in udev's spelling too: ${device}`, () => {
      const devices = new GuestDevices({ parts: PARTITIONED }, ON_SECOND);
      assert.equal(devices.find(device)?.part, 2);
      assert.equal(devices.find("LABEL=other"), undefined);
    });
  }
});
