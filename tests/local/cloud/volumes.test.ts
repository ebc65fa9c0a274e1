import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import type { VolumeRequest } from "../../../local/cloud/volumeRules";
import {
  assertRefused,
  firstBytes,
  newFixture,
  newInstance,
  newSnapshot,
  newVolume,
  settled,
  type Fixture,
} from "./fixture";

describe("volumes", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  it("are creating before they are available", async () => {
    const { cloud } = fixture;
    const { volumeId, state } = await cloud.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
    assert.equal(state, "creating");
    const later = await settled(cloud, () => cloud.volumes.describe(volumeId));
    assert.equal(later.state, "available");
  });

  it("have the size that was asked for and take no room for it", async () => {
    const { volumeId } = await newVolume(fixture.cloud, 8);
    const file = statSync(fixture.cloud.disks.volumeFile(volumeId));
    assert.equal(file.size, 8 * 1024 ** 3);
    assert.ok(file.blocks * 512 < 1024 ** 2, `${file.blocks} blocks`);
  });

  it("are gp2 unless they are said to be something else", async () => {
    assert.equal((await newVolume(fixture.cloud)).volumeType, "gp2");
  });

  it("of a snapshot have its bytes, and bytes of their own after that", async () => {
    const { cloud } = fixture;
    const { snapshotId } = await newSnapshot(cloud, "source disk");
    const request = { availabilityZone: "us-east-1b", snapshotId, sizeGb: 2 };
    const { volumeId } = await cloud.volumes.create(request);
    await cloud.background.settled();
    const file = cloud.disks.volumeFile(volumeId);
    assert.equal(statSync(file).size, 2 * 1024 ** 3);
    writeFileSync(file, "changed", { flag: "r+" });
    assert.equal(firstBytes(cloud.disks.snapshotFile(snapshotId), 11), "source disk");
    assert.equal(firstBytes(file, 11), "changeddisk");
  });

  it("grow in place and keep their bytes", async () => {
    const { cloud } = fixture;
    const { volumeId } = await newVolume(cloud);
    writeFileSync(cloud.disks.volumeFile(volumeId), "kept", { flag: "r+" });
    await cloud.volumes.modify(volumeId, { sizeGb: 3 });
    assert.equal((await cloud.volumes.describe(volumeId)).sizeGb, 3);
    assert.equal(statSync(cloud.disks.volumeFile(volumeId)).size, 3 * 1024 ** 3);
    assert.equal(firstBytes(cloud.disks.volumeFile(volumeId), 4), "kept");
  });

  it("are gone with their bytes once deleted", async () => {
    const { cloud } = fixture;
    const { volumeId } = await newVolume(cloud);
    await cloud.volumes.delete(volumeId);
    assert.equal((await cloud.volumes.describe(volumeId)).state, "deleting");
    await cloud.background.settled();
    assert.equal(statSync(cloud.disks.volumeFile(volumeId), { throwIfNoEntry: false }), undefined);
    const text = `The volume '${volumeId}' does not exist.`;
    await assertRefused(() => cloud.volumes.describe(volumeId), "InvalidVolume.NotFound", text);
  });

  const zone = { availabilityZone: "us-east-1a" };
  const refusals: [string, VolumeRequest, string, string][] = [
    [
      "neither size nor snapshot",
      zone,
      "MissingParameter",
      "The request must contain the parameter size/snapshot",
    ],
    [
      "a zone that is not there",
      { availabilityZone: "us-east-9z", sizeGb: 1 },
      "InvalidZone.NotFound",
      "The zone 'us-east-9z' does not exist. us-east-1 has us-east-1a and us-east-1b",
    ],
    [
      "a snapshot that is not there",
      { ...zone, snapshotId: "snap-0123456789abcdef0" },
      "InvalidSnapshot.NotFound",
      "The snapshot 'snap-0123456789abcdef0' does not exist.",
    ],
    [
      "what is no snapshot's id",
      { ...zone, snapshotId: "vol-0123456789abcdef0" },
      "InvalidParameterValue",
      "Value (vol-0123456789abcdef0) for parameter snapshotId is invalid. Expected: 'snap-...'.",
    ],
    [
      "a size that the type does not come in",
      { ...zone, sizeGb: 8, volumeType: "st1" },
      "InvalidParameterValue",
      "Volume of 8GiB is not possible for volume type st1; minimum is 125GiB, maximum is 16384GiB.",
    ],
    [
      "IOPS for a type that takes none",
      { ...zone, sizeGb: 8, iops: 3000 },
      "InvalidParameterCombination",
      "The parameter iops is not supported for gp2 volumes.",
    ],
    [
      "io1 without IOPS",
      { ...zone, sizeGb: 8, volumeType: "io1" },
      "MissingParameter",
      "The request must contain the parameter iops for io1 volumes.",
    ],
    [
      "throughput for anything but gp3",
      { ...zone, sizeGb: 8, throughput: 250 },
      "InvalidParameterCombination",
      "The parameter throughput is not supported for gp2 volumes.",
    ],
    [
      "a key without encryption",
      { ...zone, sizeGb: 8, kmsKeyId: "arn:aws:kms:us-east-1:000000000000:key/k" },
      "InvalidParameterDependency",
      "The parameter KmsKeyId requires the parameter Encrypted to be set.",
    ],
    [
      "a tag of AWS's own",
      { ...zone, sizeGb: 8, tags: { "aws:x": "" } },
      "InvalidParameterValue",
      "Value ( aws:x ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use",
    ],
  ];
  for (const [what, request, code, message] of refusals) {
    it(`are refused with ${what}`, () =>
      assertRefused(() => fixture.cloud.volumes.create(request), code, message));
  }

  it("are refused when smaller than their snapshot", async () => {
    const { cloud } = fixture;
    const { snapshotId } = await newSnapshot(cloud, "", 4);
    const text = `Volume of size 2GB is smaller than snapshot '${snapshotId}', expect size >= 4GB`;
    const request = { ...zone, snapshotId, sizeGb: 2 };
    await assertRefused(() => cloud.volumes.create(request), "InvalidParameterValue", text);
  });

  it("never shrink", async () => {
    const { cloud } = fixture;
    const { volumeId } = await newVolume(cloud, 4);
    const text = "New size cannot be smaller than existing size (2GiB asked for, 4GiB there)";
    await assertRefused(() => cloud.volumes.modify(volumeId, { sizeGb: 2 }), "InvalidParameterValue", text);
  });

  it("cannot be deleted while an instance holds them", async () => {
    const { cloud } = fixture;
    const { instanceId } = await newInstance(cloud);
    const { volumeId } = await newVolume(cloud);
    await cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
    const text = `Volume ${volumeId} is currently attached to ${instanceId}`;
    await assertRefused(() => cloud.volumes.delete(volumeId), "VolumeInUse", text);
    await cloud.background.settled();
  });

  it("of an encrypted snapshot are encrypted with its key", async () => {
    const { cloud } = fixture;
    const kmsKeyId = "arn:aws:kms:us-east-1:000000000000:key/mine";
    const source = await cloud.volumes.create({ ...zone, sizeGb: 1, encrypted: true, kmsKeyId });
    const ready = await settled(cloud, () => cloud.volumes.describe(source.volumeId));
    const { snapshotId } = await cloud.snapshots.create(ready);
    await cloud.background.settled();
    const volume = await cloud.volumes.create({ ...zone, snapshotId });
    await cloud.background.settled();
    assert.deepEqual([volume.encrypted, volume.kmsKeyId], [true, kmsKeyId]);
  });

  it("that cannot be filled say so in their state", async () => {
    const { cloud } = fixture;
    const { snapshotId } = await newSnapshot(cloud);
    await cloud.disks.removeSnapshot(snapshotId);
    const { volumeId } = await cloud.volumes.create({ ...zone, snapshotId });
    const { state, stateMessage } = await settled(cloud, () => cloud.volumes.describe(volumeId));
    assert.equal(state, "error");
    assert.match(stateMessage ?? "", /^filling the volume: cp .*No such file/s);
  });
});
