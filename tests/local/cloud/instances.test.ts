import { setImmediate } from "node:timers/promises";
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { Cloud } from "../../../local/cloud/cloud";
import type { RegisterImageRequest } from "../../../local/cloud/imageRules";
import type { RunInstancesRequest } from "../../../local/cloud/instanceRules";
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

  it("that shut themselves down are found stopped", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    machines.running.delete(instanceId);
    const { state, publicIp } = await cloud.instances.describe(instanceId);
    assert.deepEqual([state, publicIp], ["stopped", undefined]);
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

describe("RunInstances refuses", () => {
  let fixture: Fixture;
  let snapshotId: string;
  before(async () => {
    fixture = newFixture();
    ({ snapshotId } = await newSnapshot(fixture.cloud, "", 2));
  });
  after(() => fixture.remove());

  const hvmOnly = (type: string) =>
    `Virtualization type 'hvm' is required for instances of type '${type}'. Ensure that you are using an AMI with ` +
    "virtualization type 'hvm'. For more information, see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html.";
  const architectures = (type: string, image: string) =>
    `The architecture '${type}' of the specified instance type does not match the architecture '${image}' of the ` +
    "specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use " +
    "'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.";
  const ena = (type: string) =>
    `Enhanced networking with the Elastic Network Adapter (ENA) is required for the '${type}' instance type. Ensure that ` +
    "you are using an AMI that is enabled for ENA.";
  type Case = [
    string,
    Partial<RegisterImageRequest> & { pv?: boolean },
    Partial<RunInstancesRequest>,
    string,
    string,
  ];
  const cases: Case[] = [
    // Image against type.
    [
      "a type that is not there",
      {},
      { instanceType: "x9.huge" },
      "InvalidParameterValue",
      "Invalid value 'x9.huge' for InstanceType.",
    ],
    [
      "PV on a T2",
      { pv: true },
      { instanceType: "t2.micro" },
      "InvalidParameterCombination",
      hvmOnly("t2.micro"),
    ],
    [
      "PV on a Nitro type",
      { pv: true },
      { instanceType: "m5.large" },
      "InvalidParameterCombination",
      hvmOnly("m5.large"),
    ],
    [
      "HVM on a type that has PV only",
      {},
      { instanceType: "m1.small" },
      "InvalidParameterCombination",
      "Non-Windows instances with a virtualization type of 'hvm' are currently not supported for this instance type.",
    ],
    [
      "32 bits on a Nitro type",
      { architecture: "i386" },
      { instanceType: "t3.micro" },
      "InvalidParameterValue",
      architectures("x86_64", "i386"),
    ],
    [
      "x86 on an Arm type",
      {},
      { instanceType: "t4g.small" },
      "InvalidParameterValue",
      architectures("arm64", "x86_64"),
    ],
    [
      "no ENA on a Nitro type",
      { enaSupport: false },
      { instanceType: "t3.micro" },
      "InvalidParameterCombination",
      ena("t3.micro"),
    ],
    [
      "UEFI on a Xen type",
      { bootMode: "uefi" },
      { instanceType: "t2.micro" },
      "InvalidParameterCombination",
      "The instance type 't2.micro' does not support an AMI with a boot mode of UEFI. Only instance types built on the " +
        "Nitro System support UEFI. Specify an instance type that supports UEFI, and try again.",
    ],
    [
      "nested virtualization where the type has none",
      {},
      { instanceType: "m5.large", cpuOptions: { nestedVirtualization: "enabled" } },
      "InvalidParameterCombination",
      "The instance type 'm5.large' does not support nested virtualization. C8i, M8i, R8i and their flex variants do.",
    ],
    // What the launch names.
    [
      "an image that is not there",
      {},
      { imageId: "ami-0123456789abcdef0" },
      "InvalidAMIID.NotFound",
      "The image id '[ami-0123456789abcdef0]' does not exist",
    ],
    [
      "what is no image's id",
      {},
      { imageId: "debian" },
      "InvalidAMIID.Malformed",
      'Invalid id: "debian" (expecting "ami-...")',
    ],
    [
      "a key pair that is not there",
      {},
      { keyName: "lost" },
      "InvalidKeyPair.NotFound",
      "The key pair 'lost' does not exist",
    ],
    [
      "a group that is not there",
      {},
      { securityGroupIds: ["sg-0123456789abcdef0"] },
      "InvalidGroup.NotFound",
      "The security group 'sg-0123456789abcdef0' does not exist",
    ],
    [
      "a subnet that is not there",
      {},
      { subnetId: "subnet-0123456789abcdef0" },
      "InvalidSubnetID.NotFound",
      "The subnet ID 'subnet-0123456789abcdef0' does not exist",
    ],
    [
      "a zone without a subnet",
      {},
      { availabilityZone: "us-east-1b" },
      "InvalidInput",
      "No default subnet for availability zone: 'us-east-1b'.",
    ],
    [
      "user data over 16 KiB",
      {},
      { userData: "x".repeat(16385) },
      "InvalidParameterValue",
      "User data is limited to 16384 bytes",
    ],
    [
      "a root volume smaller than its snapshot",
      {},
      { rootBlockDevice: { volumeSizeGb: 1 } },
      "InvalidBlockDeviceMapping",
      "Volume of size 1GB is smaller than snapshot 'SNAPSHOT', expect size >= 2GB",
    ],
    [
      "a root volume of a type that cannot boot",
      {},
      { rootBlockDevice: { volumeType: "st1" } },
      "InvalidParameterValue",
      "Volume type 'st1' cannot be a root volume",
    ],
  ];
  for (const [what, { pv, ...image }, launch, code, message] of cases) {
    it(what, async () => {
      const request = pv ? pvRequest(snapshotId, image) : hvmRequest(snapshotId, image);
      const { imageId } = await newImage(fixture.cloud, { ...request, name: what });
      const run = () => fixture.cloud.instances.run({ imageId, instanceType: "t3.micro", ...launch });
      await assertRefused(run, code, message.replace("SNAPSHOT", snapshotId));
      assert.deepEqual(await fixture.cloud.instances.list(), []);
    });
  }

  it("an image that is not available yet", async () => {
    const { imageId } = await fixture.cloud.images.register(hvmRequest(snapshotId, { name: "too early" }));
    const text = `The image ID '${imageId}' is not available. It is 'pending'`;
    await assertRefused(() => fixture.cloud.instances.run({ imageId }), "InvalidAMIID.Unavailable", text);
    await fixture.cloud.background.settled();
  });
});
