import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { seed, HELPER_SNAPSHOT_ID } from "../../../local/cloud/seed";
import {
  assertRefused,
  firstBytes,
  hvmRequest,
  newFixture,
  newImage,
  newSnapshot,
  newVolume,
  seedFiles,
  settled,
  type Fixture,
} from "./fixture";

describe("snapshots", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  it("are pending before they are completed", async () => {
    const { cloud } = fixture;
    const snapshot = await cloud.snapshots.create(await newVolume(cloud), "before the upgrade", { a: "b" });
    assert.equal(snapshot.state, "pending");
    const later = await settled(cloud, () => cloud.snapshots.describe(snapshot.snapshotId));
    assert.deepEqual({ ...snapshot, state: "completed" }, { ...later, kmsKeyId: undefined });
  });

  it("keep the bytes that the volume had, in a file that nobody may write", async () => {
    const { cloud } = fixture;
    const { snapshotId, volumeId } = await newSnapshot(cloud, "before");
    writeFileSync(cloud.disks.volumeFile(volumeId), "after", { flag: "r+" });
    const file = cloud.disks.snapshotFile(snapshotId);
    assert.equal(firstBytes(file, 6), "before");
    assert.equal(statSync(file).mode & 0o777, 0o444);
  });

  it("cannot be used before they are completed", async () => {
    const { cloud } = fixture;
    const { snapshotId } = await cloud.snapshots.create(await newVolume(cloud));
    const text = `Snapshot '${snapshotId}' is in the 'pending' state. It must be 'completed'`;
    const request = { availabilityZone: "us-east-1a", snapshotId };
    await assertRefused(() => cloud.volumes.create(request), "IncorrectState", text);
    await assertRefused(() => cloud.images.register(hvmRequest(snapshotId)), "IncorrectState", text);
    await cloud.background.settled();
  });

  it("cannot be taken of a volume that is being made", async () => {
    const { cloud } = fixture;
    const volume = await cloud.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
    const text = `Volume '${volume.volumeId}' is in the 'creating' state.`;
    await assertRefused(() => cloud.snapshots.create(volume), "IncorrectState", text);
    await cloud.background.settled();
  });

  it("cannot be deleted while an image is registered of them", async () => {
    const { cloud } = fixture;
    const { snapshotId } = await newSnapshot(cloud);
    const { imageId } = await newImage(cloud, hvmRequest(snapshotId));
    const text = `The snapshot ${snapshotId} is currently in use by ${imageId}`;
    await assertRefused(() => cloud.snapshots.delete(snapshotId), "InvalidSnapshot.InUse", text);
    await cloud.images.deregister(imageId);
    await cloud.snapshots.delete(snapshotId);
    assert.deepEqual(await cloud.snapshots.list(), []);
  });

  it("of somebody else cannot be deleted", async () => {
    const { cloud } = fixture;
    await seed(cloud, seedFiles(fixture));
    const text = `Not authorized for snapshot:${HELPER_SNAPSHOT_ID}`;
    await assertRefused(() => cloud.snapshots.delete(HELPER_SNAPSHOT_ID), "AuthFailure", text);
  });
});
