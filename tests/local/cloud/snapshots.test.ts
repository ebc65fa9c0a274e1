import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { Cloud } from "../../../local/cloud/cloud";
import { seed, HELPER_SNAPSHOT_ID } from "../../../local/cloud/seed";
import {
  assertRefused,
  firstBytes,
  hvmRequest,
  newFixture,
  newImage,
  newInstance,
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

  it("of a volume in use have its bytes as they were at the request", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    const [root] = await cloud.volumes.attachedTo(instanceId);
    const file = cloud.disks.volumeFile(root.volumeId);
    writeFileSync(file, "before", { flag: "r+" });
    const { snapshotId } = await cloud.snapshots.create(root);
    writeFileSync(file, "after!", { flag: "r+" });
    const { state } = await settled(cloud, () => cloud.snapshots.describe(snapshotId));
    assert.equal(state, "completed");
    assert.equal(firstBytes(cloud.disks.snapshotFile(snapshotId), 6), "before");
    assert.deepEqual(machines.calls.slice(-2), [
      `beginCopy ${root.volumeId} ${root.attachment.deviceName} ${snapshotId}`,
      `finishCopy ${snapshotId}`,
    ]);
    assert.equal(existsSync(cloud.disks.copyFile(snapshotId)), false);
  });

  it("are made of a copy that is whole, though the machine has let go of it: its asker was killed then", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    const [root] = await cloud.volumes.attachedTo(instanceId);
    const slow = new Cloud(cloud.directory, { openMachine: machines.open, delayMs: 500 });
    const { snapshotId } = await slow.snapshots.create(root);
    await slow.disks.markCopyWhole(snapshotId);
    machines.failing.set("finishCopy", "the machine knows no such copy");
    assert.equal((await settled(slow, () => slow.snapshots.describe(snapshotId))).state, "completed");
    assert.equal(slow.disks.hasWholeCopy(snapshotId), false);
  });

  it("of a volume on a stopped instance are read from its file", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    const [root] = await cloud.volumes.attachedTo(instanceId);
    const { snapshotId } = await cloud.snapshots.create(root);
    assert.equal((await settled(cloud, () => cloud.snapshots.describe(snapshotId))).state, "completed");
    assert.equal(machines.calls.at(-1), "stop");
  });

  it("fail where the machine ends before its volume is copied, and leave nothing of the copy", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    const [root] = await cloud.volumes.attachedTo(instanceId);
    machines.failing.set("finishCopy", "the machine ended");
    const { snapshotId } = await cloud.snapshots.create(root);
    const { state, stateMessage } = await settled(cloud, () => cloud.snapshots.describe(snapshotId));
    assert.deepEqual([state, stateMessage], ["error", "the machine ended"]);
    assert.equal(existsSync(cloud.disks.copyFile(snapshotId)), false);
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
