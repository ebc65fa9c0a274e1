import assert from "node:assert/strict";
import { GuestDevices, type NamedVolume } from "../../../converter/guest/devices";
import { ambiguousRoot, refuseSharedUuids, warnNamesakes } from "../../../converter/guest/sharedUuids";
import type { MountFacts } from "../../../converter/types";
import { FILESYSTEM, rootOn } from "../disk/phonyDisks";

const volume = (part: number, uuid: string): NamedVolume => ({
  part,
  kind: "filesystem",
  type: "ext4",
  uuid,
});
const { uuid } = FILESYSTEM;

describe("a UUID that two filesystems of the disk have", () => {
  it("is refused where the root has it, in capitals too", () => {
    const [said, ...others] = refuseSharedUuids(
      [volume(2, uuid), volume(3, uuid.toUpperCase()), volume(1, "other")],
      [rootOn(2)],
    );
    assert.equal(said.subject, "/");
    assert.match(said.found, new RegExp(`^partition 2 and partition 3 have the same UUID, ${uuid}`));
    assert.match(said.advice, /^Give the one that is not \/ another \(tune2fs -U random\)/);
    assert.deepEqual(others, []);
  });

  it("is left with XFS's command where /boot has it", () => {
    const boot: MountFacts = { ...rootOn(1), point: "/boot", filesystem: { ...FILESYSTEM, type: "xfs" } };
    assert.match(
      refuseSharedUuids([volume(1, uuid), volume(2, uuid)], [boot])[0].advice,
      /xfs_admin -U generate/,
    );
  });

  for (const [what, volumes] of [
    ["no mount of the guest has it", [volume(1, uuid), volume(2, "same"), volume(3, "same")]],
    ["none is there", [volume(1, uuid), volume(2, "other")]],
  ] as [string, NamedVolume[]][]) {
    it(`is no matter where ${what}`, () => assert.deepEqual(refuseSharedUuids(volumes, [rootOn(1)]), []));
  }
});

describe("a label that two filesystems of the disk have", () => {
  const part = (number: number, label: string) => ({
    ...{ number, startBytes: number * 2 ** 20, sizeBytes: 2 ** 20 },
    content: { kind: "filesystem" as const, filesystem: { ...FILESYSTEM, uuid: `u-${number}`, label } },
  });
  const devices = new GuestDevices(
    { parts: [part(1, "root"), part(2, "root"), part(3, "data"), part(4, "data"), part(5, "own")] },
    [{ ...rootOn(2), filesystem: { ...FILESYSTEM, uuid: "u-2", label: "root" } }],
  );

  it("is said, and what becomes of the name, once for each", () => {
    const said = warnNamesakes(
      devices,
      ["LABEL=root", "LABEL=root"],
      ["LABEL=root", "LABEL=data", "LABEL=own"],
    );
    assert.deepEqual(
      said.map(({ subject }) => subject),
      ["LABEL=root", "LABEL=data"],
    );
    assert.match(said[0].found, /^partition 1 and partition 2 are called so/);
    assert.match(said[0].advice, /^The root is named by its UUID instead/);
    assert.match(said[1].advice, /^It stays as it is: name the right one by UUID=/);
  });

  it("names no root where both have a system", () =>
    assert.match(
      ambiguousRoot("LABEL=root", devices.namesakes("LABEL=root")).found,
      /^partition 1 and partition 2 are called so, and each has a system/,
    ));
});
