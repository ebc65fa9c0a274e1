/** Images as others make them, and what a preflight says of them: the real AWS SDK on the local cloud. */
import assert from "node:assert/strict";
import {
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { giveAway, setProductCodes } from "../../../local/commands/cloudImages";
import { askSources } from "../../../preflight/sources";
import type { Plan } from "../../../preflight/plan";
import { hvmRequest, newImage, newSnapshot } from "../cloud/fixture";
import { type Api, openApi } from "../ec2Api/api";

describe("an image of the local cloud", () => {
  let api: Api;
  let imageId: string;
  let snapshotId: string;

  beforeEach(async () => {
    api = await openApi();
    snapshotId = (await newSnapshot(api.cloud)).snapshotId;
    imageId = (await newImage(api.cloud, hvmRequest(snapshotId, { name: "old" }))).imageId;
  });
  afterEach(() => api.end());

  async function preflighted(): Promise<string[]> {
    const plan = { sources: [{ migration: "web", imageId }] } as unknown as Plan;
    const rows = await askSources(plan, { ec2: api.client } as never);
    return rows.map(({ what, answer, found }) => `${answer} ${what}: ${found}`);
  }

  const launch = () =>
    api.client.send(
      new RunInstancesCommand({ ImageId: imageId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 }),
    );
  const isGone = (error: { name: string }) => error.name === "InvalidSnapshot.NotFound";

  it("has product codes, and so has what is launched of it", async () => {
    assert.equal(
      await setProductCodes(api.cloud, [imageId, "abc", "def"]),
      `${imageId}: product codes abc, def`,
    );
    const codes = ["abc", "def"].map((code) => ({ ProductCodeId: code, ProductCodeType: "marketplace" }));
    const { Images = [] } = await api.client.send(
      new DescribeImagesCommand({ Filters: [{ Name: "product-code", Values: ["def"] }] }),
    );
    assert.deepEqual(
      Images.map((image) => [image.ImageId, image.ProductCodes]),
      [[imageId, codes]],
    );
    await launch();
    const { Reservations = [] } = await api.client.send(
      new DescribeInstancesCommand({ Filters: [{ Name: "product-code.type", Values: ["marketplace"] }] }),
    );
    assert.deepEqual(Reservations[0]?.Instances?.[0]?.ProductCodes, codes);
    assert.deepEqual(await preflighted(), [
      `yes the image ${imageId}: is available, has the product codes abc, def`,
      `yes the snapshot ${snapshotId}: is completed`,
    ]);
    assert.equal(await setProductCodes(api.cloud, [imageId]), `${imageId}: no product codes`);
    assert.match((await preflighted())[0], /: is available$/);
  });

  it("is another account's, launched all the same, and its snapshot is nobody's to read", async () => {
    await giveAway(api.cloud, [imageId]);
    await launch();
    assert.deepEqual(await preflighted(), [
      `yes the image ${imageId}: is available`,
      `no the snapshot ${snapshotId}: cannot be read: ${imageId} is shared without it`,
    ]);
    const { Snapshots = [] } = await api.client.send(new DescribeSnapshotsCommand({}));
    assert.ok(!Snapshots.some((snapshot) => snapshot.SnapshotId === snapshotId));
    await assert.rejects(
      api.client.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] })),
      isGone,
    );
    await assert.rejects(
      api.client.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", SnapshotId: snapshotId })),
      isGone,
    );
    const mapping = { DeviceName: "/dev/xvda", Ebs: { SnapshotId: snapshotId } };
    const registering = {
      ...{ Name: "mine", RootDeviceName: "/dev/xvda", BlockDeviceMappings: [mapping] },
      VirtualizationType: "hvm",
    };
    await assert.rejects(api.client.send(new RegisterImageCommand(registering)), isGone);
  });

  it("is not there: both say so in EC2's words", async () => {
    for (const work of [setProductCodes, giveAway]) {
      await assert.rejects(work(api.cloud, ["ami-00000000000000099"]), { code: "InvalidAMIID.NotFound" });
    }
  });
});
