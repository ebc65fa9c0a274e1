import assert from "node:assert/strict";
import type { RegisterImageRequest } from "../../../local/cloud/imageRules";
import type { RunInstancesRequest } from "../../../local/cloud/instanceRules";
import {
  assertRefused,
  hvmRequest,
  newFixture,
  newImage,
  newSnapshot,
  pvRequest,
  type Fixture,
} from "./fixture";

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
