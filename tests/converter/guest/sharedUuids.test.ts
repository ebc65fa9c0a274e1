import assert from "node:assert/strict";
import type { NamedVolume } from "../../../converter/guest/devices";
import { refuseSharedUuids } from "../../../converter/guest/sharedUuids";
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
