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

  const BY_PATH = "/dev/disk/by-path/xen-vbd-51712";
  const BY_ID = "/dev/disk/by-id/scsi-SATA_QEMU_1";
  const PLACES: [what: string, device: string, root: string[], all: string[], part?: number][] = [
    ["where the guest names one disk so", `${BY_ID}-part1`, [], [`${BY_ID}-part1`, "/dev/xvdb"], 1],
    ["where its root is on that disk", `${BY_ID}-part1`, [`${BY_ID}-part2`], [`${BY_PATH}-part1`], 1],
    ["and not where its root is on another", `${BY_PATH}-part1`, [`${BY_ID}-part2`], [`${BY_PATH}-part1`]],
    ["and not where it names two disks so", `${BY_ID}-part1`, [], [`${BY_ID}-part1`, `${BY_PATH}-part1`]],
    ["and not a partition that the disk has not", `${BY_ID}-part7`, [], [`${BY_ID}-part7`]],
  ];
  for (const [what, device, root, all, expected] of PLACES) {
    it(`is the guest's own partition by its number in YaST's names, ${what}: ${device}`, () => {
      const devices = new GuestDevices({ parts: PARTITIONED }, ON_SECOND, root, all);
      assert.equal(devices.find(device)?.part, expected);
      assert.equal(devices.stableName(device), expected === undefined ? device : "UUID=b0");
    });
  }

  describe("that two of its volumes are called by", () => {
    const TWICE = [
      part(1, { kind: "filesystem", filesystem: filesystem("d1", "root") }),
      part(2, { kind: "filesystem", filesystem: filesystem(ROOT_UUID, "root") }),
      part(3, { kind: "filesystem", filesystem: filesystem("same", "data") }),
      part(4, { kind: "filesystem", filesystem: filesystem("SAME") }),
    ];
    const devices = new GuestDevices({ parts: TWICE }, ON_SECOND);

    for (const name of ["LABEL=root", "/dev/disk/by-label/root", "UUID=same"]) {
      it(`leads to neither: ${name}`, () => {
        assert.equal(devices.find(name), undefined);
        assert.equal(devices.namesakes(name).length, 2);
      });
    }
    it("is replaced by the root's own UUID where it names the root", () =>
      assert.equal(devices.stableRoot("LABEL=root"), `UUID=${ROOT_UUID}`));
    it("never takes a name's place: what else is its own does", () => {
      assert.equal(devices.stableName("/dev/xvda3"), "LABEL=data");
      assert.equal(devices.stableName("/dev/xvda4"), "/dev/xvda4");
    });
  });
});
