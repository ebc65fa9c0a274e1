/** Images, snapshots and the account's settings, as the AWS SDK changes them. */
import assert from "node:assert/strict";
import * as ec2 from "@aws-sdk/client-ec2";
import { hvmRequest, newImage, newSnapshot } from "../cloud/fixture";
import { type Api, openApi } from "./api";

const ONE = { MinCount: 1, MaxCount: 1 } as const;

describe("images, snapshots and settings behind EC2's query API", () => {
  let api: Api;
  let client: Api["client"];
  beforeEach(async () => {
    api = await openApi();
    client = api.client;
  });
  afterEach(() => api.end());

  async function image(): Promise<string> {
    const { snapshotId } = await newSnapshot(api.cloud);
    return (await newImage(api.cloud, hvmRequest(snapshotId))).imageId;
  }

  it("archives a snapshot, of which nothing is made before it is restored", async () => {
    const { snapshotId: SnapshotId } = await newSnapshot(api.cloud);
    const volume = () =>
      client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: "us-east-1a", SnapshotId }));
    const shown = async () => {
      const { Snapshots = [] } = await client.send(new ec2.DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
      const { SnapshotTierStatuses = [] } = await client.send(new ec2.DescribeSnapshotTierStatusCommand({}));
      return [Snapshots[0].StorageTier, SnapshotTierStatuses[0].LastTieringOperationStatus];
    };
    const restore = new ec2.RestoreSnapshotTierCommand({ SnapshotId, PermanentRestore: true });
    await assert.rejects(client.send(restore), { name: "IncorrectState" });
    await client.send(new ec2.ModifySnapshotTierCommand({ SnapshotId, StorageTier: "archive" }));
    assert.deepEqual(await shown(), ["archive", "archival-completed"]);
    await assert.rejects(volume(), { name: "IncorrectState", message: /'archive'.*restore-snapshot-tier/ });
    await client.send(new ec2.RestoreSnapshotTierCommand({ SnapshotId, TemporaryRestoreDays: 1 }));
    assert.deepEqual(await shown(), ["standard", "temporary-restore-completed"]);
    assert.ok((await volume()).VolumeId);
    const registered = await image();
    const { blockDeviceMappings } = await api.cloud.images.describe(registered);
    const used = { SnapshotId: blockDeviceMappings[0].ebs?.snapshotId, StorageTier: "archive" as const };
    await assert.rejects(client.send(new ec2.ModifySnapshotTierCommand(used)), {
      name: "InvalidSnapshot.InUse",
    });
  });

  it("disables an image, deprecates it and shares it", async () => {
    const ImageId = await image();
    await client.send(new ec2.ModifyImageAttributeCommand({ ImageId, Description: { Value: "new" } }));
    await client.send(
      new ec2.ModifyImageAttributeCommand({
        ImageId,
        LaunchPermission: { Add: [{ UserId: "111122223333" }] },
      }),
    );
    const attribute = (Attribute: ec2.ImageAttributeName) =>
      client.send(new ec2.DescribeImageAttributeCommand({ ImageId, Attribute }));
    assert.deepEqual((await attribute("launchPermission")).LaunchPermissions, [{ UserId: "111122223333" }]);
    assert.equal((await attribute("description")).Description?.Value, "new");
    await client.send(
      new ec2.EnableImageDeprecationCommand({ ImageId, DeprecateAt: new Date("2999-01-01") }),
    );
    await client.send(new ec2.DisableImageCommand({ ImageId }));
    const ids = async (IncludeDisabled: boolean) =>
      (await client.send(new ec2.DescribeImagesCommand({ IncludeDisabled }))).Images?.map(
        (each) => each.State,
      );
    assert.deepEqual([await ids(false), await ids(true)], [[], ["disabled"]]);
    const launch = new ec2.RunInstancesCommand({ ...ONE, ImageId, InstanceType: "t3.micro" });
    await assert.rejects(client.send(launch), { name: "InvalidAMIID.Unavailable" });
    await client.send(new ec2.EnableImageCommand({ ImageId }));
    assert.deepEqual(await ids(false), ["available"]);
  });

  it("keeps an account's settings, by which it then makes volumes and machines", async () => {
    const defaults = async () =>
      (await client.send(new ec2.GetInstanceMetadataDefaultsCommand({}))).AccountLevel;
    assert.equal((await defaults())?.HttpTokens, undefined);
    await client.send(new ec2.EnableEbsEncryptionByDefaultCommand({}));
    const KmsKeyId = "arn:aws:kms:us-east-1:000000000000:key/mine";
    await client.send(new ec2.ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId }));
    const volume = await client.send(
      new ec2.CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 }),
    );
    assert.deepEqual([volume.Encrypted, volume.KmsKeyId], [true, KmsKeyId]);
    const settle = (change: ec2.ModifyInstanceMetadataDefaultsCommandInput) =>
      client.send(new ec2.ModifyInstanceMetadataDefaultsCommand(change));
    const ImageId = await image();
    const launch = (HttpTokens?: "optional" | "required") =>
      client.send(
        new ec2.RunInstancesCommand({
          ...ONE,
          ImageId,
          InstanceType: "t3.micro",
          MetadataOptions: { HttpTokens },
        }),
      );
    await settle({ HttpTokens: "required" });
    assert.equal((await launch()).Instances?.[0].MetadataOptions?.HttpTokens, "required");
    await settle({ HttpTokensEnforced: "enabled" });
    await assert.rejects(launch("optional"), { message: /httpTokensEnforced is enabled for this account/ });
    await settle({ HttpTokensEnforced: "no-preference", HttpTokens: "no-preference" });
    assert.equal((await launch()).Instances?.[0].MetadataOptions?.HttpTokens, "optional");
  });
});
