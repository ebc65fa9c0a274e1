import assert from "node:assert/strict";
import type { RegisterImageRequest } from "../../../local/cloud/imageRules";
import { HELPER_IMAGE_ID, SAMPLE_IMAGE_ID, seed } from "../../../local/cloud/seed";
import {
  assertRefused,
  hvmRequest,
  newFixture,
  newImage,
  newSnapshot,
  pvRequest,
  seedFiles,
  type Fixture,
} from "./fixture";

describe("RegisterImage", () => {
  let fixture: Fixture;
  let snapshotId: string;
  before(async () => {
    fixture = newFixture();
    ({ snapshotId } = await newSnapshot(fixture.cloud, "", 4));
  });
  after(() => fixture.remove());

  it("makes an image that is pending before it is available", async () => {
    const image = await fixture.cloud.images.register(hvmRequest(snapshotId, { name: "pending first" }));
    assert.equal(image.state, "pending");
    await fixture.cloud.background.settled();
    assert.equal((await fixture.cloud.images.describe(image.imageId)).state, "available");
  });

  it("takes the size of the snapshot and magnetic disks where nothing is said", async () => {
    const image = await newImage(fixture.cloud, hvmRequest(snapshotId, { name: "silent" }));
    const ebs = {
      snapshotId,
      volumeSizeGb: 4,
      volumeType: "standard",
      deleteOnTermination: true,
      encrypted: false,
    };
    assert.deepEqual(image.blockDeviceMappings, [{ deviceName: "/dev/sda1", ebs }]);
  });

  it("makes a 32-bit paravirtual image of a request that names neither", async () => {
    const { blockDeviceMappings } = hvmRequest(snapshotId);
    const request = {
      name: "i386 and PV",
      rootDeviceName: "/dev/sda1",
      blockDeviceMappings,
      kernelId: "aki-8f9dcae6",
    };
    const { architecture, virtualizationType } = await newImage(fixture.cloud, request);
    assert.deepEqual(
      { architecture, virtualizationType },
      { architecture: "i386", virtualizationType: "paravirtual" },
    );
  });

  it("refuses a name that is taken, and takes it again once the image is gone", async () => {
    const { images } = fixture.cloud;
    const { imageId } = await newImage(fixture.cloud, hvmRequest(snapshotId, { name: "twice" }));
    const again = () => images.register(hvmRequest(snapshotId, { name: "twice" }));
    const text = `AMI name twice is already in use by AMI ${imageId}`;
    await assertRefused(again, "InvalidAMIName.Duplicate", text);
    await images.deregister(imageId);
    await again();
    await fixture.cloud.background.settled();
  });

  const badName =
    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'";
  const onlyHvm = (parameter: string) =>
    `The parameter ${parameter} is only supported for images with a virtualization type of 'hvm', got 'paravirtual'`;
  const ebs = (change: object) => ({
    blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { snapshotId, ...change } }],
  });
  const refusals: [string, () => RegisterImageRequest, string, string][] = [
    // Names.
    [
      "a name of two characters",
      () => hvmRequest(snapshotId, { name: "ab" }),
      "InvalidAMIName.Malformed",
      badName,
    ],
    [
      "a name with a colon",
      () => hvmRequest(snapshotId, { name: "a:b:c" }),
      "InvalidAMIName.Malformed",
      badName,
    ],
    [
      "a name of 129 characters",
      () => hvmRequest(snapshotId, { name: "n".repeat(129) }),
      "InvalidAMIName.Malformed",
      badName,
    ],
    // What belongs to HVM alone, and to PV alone.
    [
      "ENA on PV",
      () => pvRequest(snapshotId, { enaSupport: true }),
      "InvalidParameterCombination",
      onlyHvm("enaSupport"),
    ],
    [
      "SR-IOV on PV",
      () => pvRequest(snapshotId, { sriovNetSupport: "simple" }),
      "InvalidParameterCombination",
      onlyHvm("sriovNetSupport"),
    ],
    [
      "PV without PV-GRUB",
      () => pvRequest(snapshotId, { kernelId: undefined }),
      "MissingParameter",
      "The request must contain the parameter kernelId for a paravirtual image",
    ],
    [
      "a PV-GRUB that is not there",
      () => pvRequest(snapshotId, { kernelId: "aki-00000000" }),
      "InvalidAMIID.NotFound",
      "The image id '[aki-00000000]' does not exist",
    ],
    [
      "a PV-GRUB of the other architecture",
      () => pvRequest(snapshotId, { kernelId: "aki-8f9dcae6" }),
      "InvalidParameterCombination",
      "The kernel aki-8f9dcae6 (pv-grub-hd0_1.04-i386.gz) is for i386, the image is for x86_64",
    ],
    [
      "a kernel on HVM",
      () => hvmRequest(snapshotId, { kernelId: "aki-919dcaf8" }),
      "InvalidParameterCombination",
      "The parameters kernelId and ramdiskId are not supported for images with a virtualization type of 'hvm'",
    ],
    [
      "an unknown boot mode",
      () => hvmRequest(snapshotId, { bootMode: "bios" }),
      "InvalidParameterValue",
      "Value (bios) for parameter bootMode is invalid. Expected: legacy-bios, uefi, uefi-preferred",
    ],
    // Block devices.
    [
      "no device of the root's name",
      () => hvmRequest(snapshotId, { rootDeviceName: "/dev/xvda" }),
      "InvalidBlockDeviceMapping",
      "No root snapshot specified in device mapping.",
    ],
    [
      "a volume smaller than its snapshot",
      () => hvmRequest(snapshotId, ebs({ volumeSizeGb: 2 })),
      "InvalidBlockDeviceMapping",
      "Volume of size 2GB is smaller than snapshot 'SNAPSHOT', expect size >= 4GB",
    ],
    [
      "an encryption state together with a snapshot",
      () => hvmRequest(snapshotId, ebs({ encrypted: false })),
      "InvalidParameterCombination",
      "The parameter encrypted cannot be used with the parameter snapshotId.",
    ],
    [
      "a snapshot that is not there",
      () => hvmRequest("snap-0123456789abcdef0"),
      "InvalidSnapshot.NotFound",
      "The snapshot 'snap-0123456789abcdef0' does not exist.",
    ],
  ];
  for (const [what, request, code, message] of refusals) {
    it(`refuses ${what}`, () =>
      assertRefused(
        async () => fixture.cloud.images.register(request()),
        code,
        message.replace("SNAPSHOT", snapshotId),
      ));
  }
});

describe("DescribeImages", () => {
  let fixture: Fixture;
  before(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    const helper = await fixture.cloud.images.describe(HELPER_IMAGE_ID);
    const old = {
      imageId: "ami-0000000000000000d",
      name: "debian-11-amd64",
      deprecationTime: "2020-01-01T00:00:00Z",
    };
    await fixture.cloud.images.adopt({ ...helper, ...old });
  });
  after(() => fixture.remove());

  const byName = (...values: string[]) => ({ filters: [{ name: "name", values }] });
  const queries: [string, object, string[]][] = [
    ["everything that may be seen", {}, [SAMPLE_IMAGE_ID, HELPER_IMAGE_ID]],
    ["one's own", { owners: ["self"] }, [SAMPLE_IMAGE_ID]],
    ["those of an account", { owners: ["136693071363"] }, [HELPER_IMAGE_ID]],
    ["none of an alias that has none", { owners: ["amazon"] }, []],
    ["a name with wildcards", byName("debian-1?-amd64-*"), [HELPER_IMAGE_ID]],
    ["any of several names", byName("x", "debian-12-pv-sample"), [SAMPLE_IMAGE_ID]],
    ["nothing for a name that is only part", byName("debian-12"), []],
    ["an id", { imageIds: [SAMPLE_IMAGE_ID] }, [SAMPLE_IMAGE_ID]],
    [
      "a virtualization type",
      { filters: [{ name: "virtualization-type", values: ["hvm"] }] },
      [HELPER_IMAGE_ID],
    ],
    ["what every filter lets pass", { ...byName("*"), owners: ["self"] }, [SAMPLE_IMAGE_ID]],
    ["nothing for a tag that is not there", { filters: [{ name: "tag:Name", values: ["*"] }] }, []],
    [
      "deprecated ones when asked for",
      { includeDeprecated: true, owners: ["136693071363"] },
      [HELPER_IMAGE_ID, "ami-0000000000000000d"],
    ],
  ];
  for (const [what, query, expected] of queries) {
    it(`finds ${what}`, async () => {
      const found = await fixture.cloud.images.search(query);
      assert.deepEqual(
        found.map(({ imageId }) => imageId),
        expected,
      );
    });
  }

  it("refuses a filter that it does not know, whatever else there is", () =>
    assertRefused(
      () => fixture.cloud.images.search({ imageIds: [], filters: [{ name: "colour", values: ["*"] }] }),
      "InvalidParameterValue",
      "The filter 'colour' is invalid",
    ));

  it("does not let the image of another account be deregistered", () =>
    assertRefused(
      () => fixture.cloud.images.deregister(HELPER_IMAGE_ID),
      "AuthFailure",
      `Not authorized for image:${HELPER_IMAGE_ID}`,
    ));
});
