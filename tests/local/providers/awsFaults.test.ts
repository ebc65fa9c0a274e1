import assert from "node:assert/strict";
import { EC2_ACTIONS } from "../../../local/cloud/actions";
import { REFUSALS } from "../../../local/cloud/refusals";
import { HELPER_IMAGE_ID, seed } from "../../../local/cloud/seed";
import { pauseMs } from "../../../local/providers/aws/client";
import { awsProvider } from "../../../local/providers/aws/provider";
import type { Properties, Provider } from "../../../local/providers/provider";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { AMI, ATTACHMENT, GROUP, INSTANCE, KEY_PAIR, Resource, SNAPSHOT, STATE, VOLUME } from "./awsResource";

const zone = { availabilityZone: "us-east-1a" };
const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

describe("the aws provider, where EC2 has a bad day,", () => {
  let fixture: Fixture;
  let provider: Provider;
  let make: (type: string, inputs: Properties) => Promise<Resource>;
  beforeEach(async () => {
    fixture = newFixture();
    await fixture.cloud.keyPairs.import("local", PUBLIC_KEY);
    await seed(fixture.cloud, seedFiles(fixture));
    provider = awsProvider(fixture.cloud);
    make = (type, inputs) => Resource.create(provider, type, inputs);
  });
  afterEach(() => fixture.remove());

  const volume = () => make(VOLUME, { ...zone, size: 1 });
  const instance = () => make(INSTANCE, { ami: HELPER_IMAGE_ID, instanceType: "m8i.large" });

  it("sends a throttled request again, those of its waits too", async () => {
    const { faults } = fixture.cloud;
    await faults.add({ action: "CreateVolume", code: "RequestLimitExceeded", times: 3 });
    await faults.add({ action: "DescribeVolumes", code: "RequestLimitExceeded", times: 3 });
    assert.match((await volume()).id, /^vol-/);
    assert.deepEqual(await faults.list(), []);
  });

  it("gives up after 25 attempts, or as many as maxRetries says", async () => {
    for (const [maxRetries, attempts] of [
      [undefined, 25],
      ["3", 3],
    ] as const) {
      await fixture.cloud.faults.add({
        action: "CreateVolume",
        code: "RequestLimitExceeded",
        times: attempts,
      });
      await provider.configure?.({ maxRetries });
      await assert.rejects(volume(), {
        message:
          `creating EBS Volume: operation error EC2: CreateVolume, exceeded maximum number of attempts, ${attempts}, ` +
          "api error RequestLimitExceeded: Request limit exceeded.",
      });
      assert.deepEqual(await fixture.cloud.faults.list(), []);
    }
    await assert.rejects(provider.configure?.({ maxRetries: "many" }) ?? Promise.resolve(), {
      message: "aws:maxRetries: must be a whole number of 0 or more, got many.",
    });
  });

  it("pauses longer each time, up to five units", () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 25].map((failures) => pauseMs(failures, 200)),
      [200, 400, 800, 1000, 1000, 1000],
    );
  });

  type Case = [action: string, code: string, doing: string, work: () => Promise<unknown>];
  const refused: Case[] = [
    ["RunInstances", "InsufficientInstanceCapacity", "creating EC2 Instance", instance],
    ["RunInstances", "VcpuLimitExceeded", "creating EC2 Instance", instance],
    ["CreateVolume", "VolumeLimitExceeded", "creating EBS Volume", volume],
    ["CreateVolume", "MaxIOPSLimitExceeded", "creating EBS Volume", volume],
    ["CreateSnapshot", "SnapshotLimitExceeded", "creating EBS Snapshot", () => snapshot()],
    ["RegisterImage", "ResourceLimitExceeded", "creating EC2 AMI \\(converted\\)", () => image("converted")],
    [
      "AttachVolume",
      "UnauthorizedOperation",
      "attaching EBS Volume \\(vol-\\w+\\) to EC2 Instance \\(i-\\w+\\)",
      () => attachment(),
    ],
    [
      "CreateSecurityGroup",
      "ResourceLimitExceeded",
      "creating Security Group \\(access\\)",
      () => make(GROUP, { name: "access" }),
    ],
  ];
  for (const [action, code, doing, work] of refused) {
    it(`says ${code} of ${action} as pulumi-aws does, and does not ask again`, async () => {
      await fixture.cloud.faults.add({ action, code });
      const text = REFUSALS[code].replace(/[.()]/g, "\\$&");
      const message = new RegExp(`^${doing}: operation error EC2: ${action}, api error ${code}: ${text}$`);
      await assert.rejects(work(), { message });
      assert.deepEqual(await fixture.cloud.faults.list(), []);
    });
  }

  it("meets faults in every action of EC2's that it has", async () => {
    const met = new Set<string>();
    const { request } = fixture.cloud;
    fixture.cloud.request = (action, work) => {
      met.add(action);
      return request.call(fixture.cloud, action, work) as ReturnType<typeof work>;
    };
    await wholeLife();
    assert.equal(met.size, 33);
    assert.deepEqual(
      [...met].filter((action) => !(EC2_ACTIONS as readonly string[]).includes(action)),
      [],
    );
  });

  /** All that a provider can be asked, once. */
  async function wholeLife(): Promise<void> {
    const { functions } = provider;
    const keyPair = await make(KEY_PAIR, { publicKey: PUBLIC_KEY });
    await keyPair.refresh();
    const group = await make(GROUP, {});
    await group.update({ ingress: [{ protocol: "tcp", fromPort: 1, toPort: 1 }] });
    const attached = await attachment();
    const registered = await image("whole");
    await registered.update({
      ...registered.inputs,
      description: "new",
      deprecationTime: "2099-01-01T00:00:00Z",
    });
    const known = await make(INSTANCE, { ami: HELPER_IMAGE_ID, instanceType: "m8i.large" });
    await known.update({ ...known.inputs, disableApiTermination: false, tags: { a: "b" } });
    await known.update({ ...known.inputs, instanceType: "c8i.large" });
    await make(STATE, { instanceId: known.id, state: "stopped" });
    const disk = await volume();
    await disk.update({ ...zone, size: 2 });
    await disk.update({ ...zone, size: 2, tags: { a: "b" } });
    await functions["aws:ec2/getAmi:getAmi"]({ filters: [{ name: "image-id", values: [registered.id] }] });
    await functions["aws:ec2/getInstanceType:getInstanceType"]({ instanceType: "t3.micro" });
    await functions["aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings"]({
      locationType: "availability-zone",
    });
    await functions["aws:ebs/getEncryptionByDefault:getEncryptionByDefault"]({});
    await functions["aws:ec2/getVpc:getVpc"]({ default: true });
    await functions["aws:ec2/getSubnet:getSubnet"]({});
    for (const one of [attached, keyPair, group, registered, known, disk]) await one.delete();
    await (await snapshot()).delete();
  }

  async function snapshot(): Promise<Resource> {
    return make(SNAPSHOT, { volumeId: (await volume()).id });
  }

  async function image(name: string): Promise<Resource> {
    return make(AMI, {
      name,
      virtualizationType: "hvm",
      enaSupport: true,
      rootDeviceName: "/dev/sda1",
      ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: (await snapshot()).id }],
    });
  }

  async function attachment(): Promise<Resource> {
    const [{ id: volumeId }, { id: instanceId }] = [await volume(), await instance()];
    return make(ATTACHMENT, { deviceName: "/dev/sdf", instanceId, volumeId });
  }
});
