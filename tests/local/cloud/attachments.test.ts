import assert from "node:assert/strict";
import { assertRefused, newFixture, newInstance, newVolume, type Fixture } from "./fixture";

describe("attachments", () => {
  let fixture: Fixture;
  let instanceId: string;
  beforeEach(async () => {
    fixture = newFixture();
    ({ instanceId } = await newInstance(fixture.cloud));
  });
  afterEach(() => fixture.remove());

  it("are attaching before they are attached, and the machine gets the disk", async () => {
    const { cloud, machines } = fixture;
    const { volumeId } = await newVolume(cloud);
    const { state, attachment } = await cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
    assert.deepEqual([state, attachment?.state], ["in-use", "attaching"]);
    await cloud.background.settled();
    assert.equal((await cloud.volumes.describe(volumeId)).attachment?.state, "attached");
    assert.equal(machines.calls.at(-1), `attach ${volumeId} /dev/sdf`);
  });

  it("come off through the machine, and the volume is free again", async () => {
    const { cloud, machines } = fixture;
    const { volumeId } = await attached("/dev/sdf");
    const { attachment } = await cloud.attachments.detach(volumeId, instanceId);
    assert.equal(attachment?.state, "detaching");
    await cloud.background.settled();
    const later = await cloud.volumes.describe(volumeId);
    assert.deepEqual([later.state, later.attachment], ["available", undefined]);
    assert.equal(machines.calls.at(-1), `detach ${volumeId} /dev/sdf`);
  });

  it("to a stopped instance ask nothing of its machine", async () => {
    const { cloud, machines } = fixture;
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    const calls = machines.calls.length;
    const { volumeId } = await attached("/dev/xvdf");
    assert.equal((await cloud.volumes.describe(volumeId)).attachment?.state, "attached");
    assert.equal(machines.calls.length, calls);
  });

  it("that the machine does not take leave the volume free", async () => {
    const { cloud, machines } = fixture;
    machines.failing.set("attach", "no slot");
    const { volumeId } = await attached("/dev/sdf");
    assert.equal((await cloud.volumes.describe(volumeId)).state, "available");
  });

  for (const name of [
    "/dev/sdf",
    "/dev/sdp",
    "/dev/sdb",
    "/dev/xvdf",
    "/dev/xvdba",
    "/dev/sda2",
    "/dev/sdf6",
  ]) {
    it(`take ${name} for a device name`, async () => {
      const { volumeId } = await attached(name);
      assert.equal((await fixture.cloud.volumes.describe(volumeId)).attachment?.deviceName, name);
    });
  }

  for (const name of ["/dev/nvme1n1", "sdf", "/dev/sdf16", "/dev/vdb", "/dev/xvdzz"]) {
    it(`refuse ${name} for a device name`, async () => {
      const { volumeId } = await newVolume(fixture.cloud);
      const text = `Value (${name}) for parameter device is invalid. ${name} is not a valid EBS device name.`;
      await assertRefused(
        () => fixture.cloud.attachments.attach(volumeId, instanceId, name),
        "InvalidParameterValue",
        text,
      );
    });
  }

  it("refuse a device name that is in use, the root's included", async () => {
    const { cloud } = fixture;
    const { volumeId } = await newVolume(cloud);
    const text = "Invalid value '/dev/sda1' for unixDevice. Attachment point /dev/sda1 is already in use";
    const attach = () => cloud.attachments.attach(volumeId, instanceId, "/dev/sda1");
    await assertRefused(attach, "InvalidParameterValue", text);
  });

  it("let one of two win that ask for a device name at once", async () => {
    const { cloud } = fixture;
    const volumes = [await newVolume(cloud), await newVolume(cloud)];
    const outcomes = await Promise.allSettled(
      volumes.map(({ volumeId }) => cloud.attachments.attach(volumeId, instanceId, "/dev/sdf")),
    );
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    await cloud.background.settled();
  });

  it("refuse a volume that is attached already", async () => {
    const { volumeId } = await attached("/dev/sdf");
    const text = `${volumeId} is already attached to an instance`;
    const attach = () => fixture.cloud.attachments.attach(volumeId, instanceId, "/dev/sdg");
    await assertRefused(attach, "VolumeInUse", text);
  });

  it("refuse a volume of another zone", async () => {
    const { volumeId } = await newVolume(fixture.cloud, 1, "us-east-1b");
    const text = `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`;
    const attach = () => fixture.cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
    await assertRefused(attach, "InvalidVolume.ZoneMismatch", text);
  });

  it("refuse an instance that has ended", async () => {
    const { cloud } = fixture;
    const { volumeId } = await newVolume(cloud);
    await cloud.instances.terminate(instanceId);
    await cloud.background.settled();
    const text = `Instance '${instanceId}' is not 'running'. It is 'terminated'`;
    await assertRefused(
      () => cloud.attachments.attach(volumeId, instanceId, "/dev/sdf"),
      "IncorrectState",
      text,
    );
  });

  it("keep the root volume on a running instance", async () => {
    const { cloud } = fixture;
    const [{ volumeId }] = await cloud.volumes.attachedTo(instanceId);
    const text = `Unable to detach root volume '${volumeId}' from instance '${instanceId}'`;
    await assertRefused(() => cloud.attachments.detach(volumeId, instanceId), "OperationNotPermitted", text);
  });

  it("cannot be taken off where there is none", async () => {
    const { volumeId } = await newVolume(fixture.cloud);
    const text = `Volume '${volumeId}' is in the 'available' state.`;
    await assertRefused(() => fixture.cloud.attachments.detach(volumeId, instanceId), "IncorrectState", text);
  });

  async function attached(deviceName: string) {
    const { volumeId } = await newVolume(fixture.cloud);
    await fixture.cloud.attachments.attach(volumeId, instanceId, deviceName);
    await fixture.cloud.background.settled();
    return { volumeId };
  }
});
