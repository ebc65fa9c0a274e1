import assert from "node:assert/strict";
import { REFUSALS } from "../../../local/cloud/refusals";
import { HELPER_IMAGE_ID, seed } from "../../../local/cloud/seed";
import { pauseMs } from "../../../local/providers/aws/retries";
import type { Properties, Provider } from "../../../local/providers/provider";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { openAws, type OpenedAws } from "./awsDoor";
import { AMI, ATTACHMENT, GROUP, INSTANCE, Resource, SNAPSHOT, VOLUME } from "./awsResource";

const zone = { availabilityZone: "us-east-1a" };
const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

describe("the aws provider, where EC2 has a bad day,", () => {
  let fixture: Fixture;
  let aws: OpenedAws;
  let provider: Provider;
  let make: (type: string, inputs: Properties) => Promise<Resource>;
  beforeEach(async () => {
    fixture = newFixture();
    await fixture.cloud.keyPairs.import("local", PUBLIC_KEY);
    await seed(fixture.cloud, seedFiles(fixture));
    aws = await openAws(fixture.cloud);
    provider = aws.provider;
    make = (type, inputs) => Resource.create(provider, type, inputs);
  });
  afterEach(async () => {
    await aws.close();
    fixture.remove();
  });

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
      await provider.configure?.({ ...aws.config, maxRetries });
      await assert.rejects(volume(), {
        message: new RegExp(
          `^creating EBS Volume: operation error EC2: CreateVolume, exceeded maximum number of attempts, ${attempts}, ` +
            "https response error StatusCode: 503, RequestID: [-0-9a-f]{36}, " +
            "api error RequestLimitExceeded: Request limit exceeded\\.$",
        ),
      });
      assert.deepEqual(await fixture.cloud.faults.list(), []);
    }
    await assert.rejects(provider.configure?.({ ...aws.config, maxRetries: "many" }) ?? Promise.resolve(), {
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
      const answer = "https response error StatusCode: \\d+, RequestID: [-0-9a-f]{36}";
      const message = new RegExp(
        `^${doing}: operation error EC2: ${action}, ${answer}, api error ${code}: ${text}$`,
      );
      await assert.rejects(work(), { message });
      assert.deepEqual(await fixture.cloud.faults.list(), []);
    });
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
