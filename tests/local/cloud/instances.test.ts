import { setImmediate } from "node:timers/promises";
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { Cloud } from "../../../local/cloud/cloud";
import {
  assertRefused,
  firstBytes,
  hvmRequest,
  newFixture,
  newImage,
  newInstance,
  newSnapshot,
  newVolume,
  pvRequest,
  settled,
  type Fixture,
} from "./fixture";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f someone";

describe("instances", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  it("are pending before they run, on a root volume of the image's bytes", async () => {
    const { cloud, machines } = fixture;
    const { snapshotId } = await newSnapshot(cloud, "root filesystem");
    const { imageId } = await newImage(cloud, hvmRequest(snapshotId));
    const { instanceId, state } = await cloud.instances.run({ imageId, instanceType: "t3.micro" });
    assert.equal(state, "pending");
    assert.equal((await settled(cloud, () => cloud.instances.describe(instanceId))).state, "running");
    const [root] = await cloud.volumes.attachedTo(instanceId);
    assert.equal(root.attachment.deviceName, "/dev/sda1");
    assert.equal(machines.specs[0].rootVolume.file, cloud.disks.volumeFile(root.volumeId));
    assert.equal(firstBytes(machines.specs[0].rootVolume.file, 15), "root filesystem");
    assert.deepEqual(machines.calls, ["start virtual-machine boot-record"]);
  });

  it("of a PV image boot through PV-GRUB", async () => {
    const { cloud, machines } = fixture;
    const { imageId } = await newImage(cloud, pvRequest((await newSnapshot(cloud)).snapshotId));
    await cloud.instances.run({ imageId, instanceType: "m1.small" });
    await cloud.background.settled();
    assert.deepEqual(machines.calls, ["start virtual-machine pv-grub"]);
  });

  it("get a root volume as the launch says", async () => {
    const { cloud } = fixture;
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const rootBlockDevice = { volumeSizeGb: 3, volumeType: "gp3", deleteOnTermination: false };
    const { instanceId } = await cloud.instances.run({ imageId, instanceType: "t3.micro", rootBlockDevice });
    const [root] = await settled(cloud, () => cloud.volumes.attachedTo(instanceId));
    const { sizeGb, volumeType, attachment } = root;
    assert.deepEqual([sizeGb, volumeType, attachment.deleteOnTermination], [3, "gp3", false]);
    assert.equal(statSync(cloud.disks.volumeFile(root.volumeId)).size, 3 * 1024 ** 3);
  });

  it("read the key of their launch in their metadata", async () => {
    const { cloud, machines } = fixture;
    await cloud.keyPairs.import("mine", KEY);
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const { instanceId, publicIp = "" } = await cloud.instances.run({
      imageId,
      instanceType: "t3.micro",
      keyName: "mine",
    });
    await cloud.background.settled();
    const { metadata } = machines.specs[0];
    assert.equal(metadata["meta-data/instance-id"], instanceId);
    assert.equal(metadata["meta-data/public-keys/0/openssh-key"], KEY);
    assert.equal(metadata["meta-data/public-keys/"], "0=mine");
    assert.equal(metadata["meta-data/public-ipv4"], publicIp);
    assert.equal(metadata["meta-data/placement/availability-zone"], "us-east-1a");
    assert.equal(JSON.parse(metadata["dynamic/instance-identity/document"]).imageId, imageId);
  });

  it("have addresses of their own, give them up when stopped and get others when started", async () => {
    const { cloud, machines } = fixture;
    const [one, other] = [await newInstance(cloud), await newInstance(cloud)];
    assert.match(one.publicIp ?? "", /^198\.1[89]\.\d+\.\d+$/);
    assert.notEqual(one.publicIp, other.publicIp);
    await cloud.instances.stop(one.instanceId);
    const stopped = await settled(cloud, () => cloud.instances.describe(one.instanceId));
    assert.deepEqual([stopped.state, stopped.publicIp], ["stopped", undefined]);
    await cloud.instances.start(one.instanceId);
    const again = await settled(cloud, () => cloud.instances.describe(one.instanceId));
    assert.equal(again.state, "running");
    assert.ok(![one.publicIp, other.publicIp].includes(again.publicIp));
    assert.equal(machines.specs.at(-1)?.address, again.publicIp);
  });

  it("that are launched without a public address answer on the private one", async () => {
    const { cloud, machines } = fixture;
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const request = { imageId, instanceType: "t3.micro", associatePublicIpAddress: false };
    const { publicIp, privateIp } = await cloud.instances.run(request);
    await cloud.background.settled();
    assert.deepEqual([publicIp, machines.specs[0].address], [undefined, privateIp]);
  });

  it("are started with the volumes that were attached to them", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    const { volumeId } = await newVolume(cloud);
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    await cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
    await cloud.background.settled();
    await cloud.instances.start(instanceId);
    await cloud.background.settled();
    assert.equal(machines.calls.at(-1), `start virtual-machine boot-record ${volumeId} /dev/sdf`);
  });

  it("whose machine has ended by itself are found stopped, and what it held is let go", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    machines.running.delete(instanceId);
    const { state, stateReason, publicIp } = await cloud.instances.describe(instanceId);
    const reason = "Client.InstanceInitiatedShutdown: Instance initiated shutdown";
    assert.deepEqual([state, stateReason, publicIp], ["stopped", reason, undefined]);
    assert.equal(machines.calls.at(-1), "stop");
  });

  it("whose machine has ended by itself can be started again, on another address", async () => {
    const { cloud, machines } = fixture;
    const { instanceId, publicIp } = await newInstance(cloud);
    machines.running.delete(instanceId);
    await cloud.instances.start(instanceId);
    const again = await settled(cloud, () => cloud.instances.describe(instanceId));
    assert.deepEqual([again.state, again.stateReason], ["running", undefined]);
    assert.notEqual(again.publicIp, publicIp);
  });

  it("whose machine has ended by itself end once, however many find it out at a time", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    machines.running.delete(instanceId);
    const other = new Cloud(cloud.directory, { openMachine: machines.open, delayMs: 1 });
    const found = await Promise.all(
      [cloud, other, cloud].map(({ instances }) => instances.describe(instanceId)),
    );
    assert.ok(
      found.every(({ state }) => state === "stopped" || state === "stopping"),
      JSON.stringify(found.map(({ state }) => state)),
    );
    await Promise.all([cloud.background.settled(), other.background.settled()]);
    assert.equal((await cloud.instances.describe(instanceId)).state, "stopped");
  });

  it("that are terminated while they start leave no machine behind", async () => {
    const { cloud, machines } = fixture;
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const { instanceId } = await cloud.instances.run({ imageId, instanceType: "t3.micro" });
    await cloud.instances.terminate(instanceId);
    assert.equal((await settled(cloud, () => cloud.instances.describe(instanceId))).state, "terminated");
    assert.equal(machines.running.size, 0);
    assert.deepEqual(await cloud.volumes.attachedTo(instanceId), []);
  });

  it("let go of their volumes when terminated, and only the root volume goes", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    const { volumeId } = await newVolume(cloud);
    const [root] = await cloud.volumes.attachedTo(instanceId);
    await cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
    await cloud.background.settled();
    await cloud.instances.terminate(instanceId);
    assert.equal((await cloud.instances.describe(instanceId)).state, "shutting-down");
    await cloud.background.settled();
    assert.equal((await cloud.instances.describe(instanceId)).state, "terminated");
    assert.equal((await cloud.volumes.describe(volumeId)).state, "available");
    assert.ok(!(await cloud.volumes.list()).some((volume) => volume.volumeId === root.volumeId));
    assert.equal(machines.calls.at(-1), "destroy");
    await cloud.instances.terminate(instanceId);
  });

  it("have no root volume left once they say terminated, since whoever waited for that may end", async () => {
    const { cloud } = fixture;
    const { instanceId } = await newInstance(cloud);
    const [root] = await cloud.volumes.attachedTo(instanceId);
    await cloud.instances.terminate(instanceId);
    while ((await cloud.instances.describe(instanceId)).state !== "terminated") await setImmediate();
    assert.ok(!(await cloud.volumes.list()).some((volume) => volume.volumeId === root.volumeId));
  });

  it("whose machine does not start end as terminated, with the reason and without a volume", async () => {
    const { cloud, machines } = fixture;
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const before = (await cloud.volumes.list()).length;
    machines.failing.set("start", "no room on this machine");
    const { instanceId } = await cloud.instances.run({ imageId, instanceType: "t3.micro" });
    const { state, stateReason } = await settled(cloud, () => cloud.instances.describe(instanceId));
    assert.deepEqual([state, stateReason], ["terminated", "Server.InternalError: no room on this machine"]);
    assert.equal((await cloud.volumes.list()).length, before);
  });

  it("whose machine does not end can be terminated again", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    machines.failing.set("destroy", "it hangs");
    await cloud.instances.terminate(instanceId);
    const { state, stateReason } = await settled(cloud, () => cloud.instances.describe(instanceId));
    assert.deepEqual([state, stateReason], ["running", "Server.InternalError: it hangs"]);
    machines.failing.clear();
    await cloud.instances.terminate(instanceId);
    assert.equal((await settled(cloud, () => cloud.instances.describe(instanceId))).state, "terminated");
  });

  it("are found by another process on the same folder", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    const other = new Cloud(cloud.directory, { openMachine: machines.open, delayMs: 1 });
    assert.deepEqual(await other.instances.describe(instanceId), await cloud.instances.describe(instanceId));
    await other.instances.terminate(instanceId);
    await other.background.settled();
    assert.equal((await cloud.instances.describe(instanceId)).state, "terminated");
  });

  it("change their type only while stopped", async () => {
    const { cloud } = fixture;
    const { instanceId } = await newInstance(cloud);
    const text = `The instance '${instanceId}' is not in a state from which it can be modified: it is 'running', not 'stopped'.`;
    const change = () => cloud.instances.modify(instanceId, { instanceType: "m5.large" });
    await assertRefused(change, "IncorrectInstanceState", text);
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    await change();
    assert.equal((await cloud.instances.describe(instanceId)).instanceType, "m5.large");
  });

  it("do not start without their root volume", async () => {
    const { cloud } = fixture;
    const { instanceId } = await newInstance(cloud);
    const [{ volumeId }] = await cloud.volumes.attachedTo(instanceId);
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    await cloud.attachments.detach(volumeId, instanceId);
    await cloud.background.settled();
    const text = `Invalid value '${instanceId}' for instanceId. Instance does not have a volume attached at root (/dev/sda1)`;
    await assertRefused(() => cloud.instances.start(instanceId), "InvalidParameterValue", text);
  });

  it("that are protected are not terminated", async () => {
    const { cloud } = fixture;
    const { instanceId } = await newInstance(cloud);
    await cloud.instances.modify(instanceId, { disableApiTermination: true });
    const text = `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
    await assertRefused(() => cloud.instances.terminate(instanceId), "OperationNotPermitted", text);
  });
});
