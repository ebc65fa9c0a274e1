import { strict as assert } from "node:assert";
import {
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  paginateDescribeVolumes,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { serveEc2 } from "../../../local/ec2Api/server";
import { hvmRequest, newImage, newInstance, newSnapshot, newVolume } from "../cloud/fixture";
import { type Api, openApi, post } from "./api";

const TAGS = { Name: "a & b", "pv-to-hvm:role": "<source>" };
const TAG_LIST = [
  { Key: "Name", Value: "a & b" },
  { Key: "pv-to-hvm:role", Value: "<source>" },
];

describe("EC2's query protocol", () => {
  let api: Api;
  beforeEach(async () => (api = await openApi()));
  afterEach(() => api.end());

  describe("shows to the AWS SDK", () => {
    it("a volume that is free and one that is on an instance", async () => {
      const { cloud, client } = api;
      const free = await newVolume(cloud);
      await cloud.volumes.modify(free.volumeId, { tags: TAGS });
      const { instanceId } = await newInstance(cloud);
      const { Volumes = [] } = await client.send(new DescribeVolumesCommand({}));
      const shown = Volumes.find(({ VolumeId }) => VolumeId === free.volumeId);
      assert.deepEqual(
        { size: shown?.Size, state: shown?.State, tags: shown?.Tags, created: shown?.CreateTime },
        { size: 1, state: "available", tags: TAG_LIST, created: new Date(free.createTime) },
      );
      const [attachment] = Volumes.flatMap(({ Attachments = [] }) => Attachments);
      assert.deepEqual([attachment.InstanceId, attachment.DeleteOnTermination], [instanceId, true]);
    });

    it("an instance with its volumes and groups", async () => {
      const { cloud, client } = api;
      const instance = await newInstance(cloud);
      const group = await cloud.securityGroups.create({
        name: "g",
        description: "d",
        ingress: [],
        egress: [],
      });
      const securityGroupIds = [group.groupId];
      await cloud.instances.modify(instance.instanceId, { tags: TAGS, securityGroupIds });
      const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
      const [shown] = Reservations[0].Instances ?? [];
      assert.deepEqual(shown.State, { Code: 16, Name: "running" });
      assert.deepEqual(shown.LaunchTime, new Date(instance.launchTime));
      assert.deepEqual(shown.Tags, TAG_LIST);
      assert.deepEqual(shown.SecurityGroups, [{ GroupId: group.groupId, GroupName: "g" }]);
      const [root] = await cloud.volumes.attachedTo(instance.instanceId);
      assert.equal(shown.BlockDeviceMappings?.[0].Ebs?.VolumeId, root.volumeId);
      assert.equal(shown.BlockDeviceMappings?.[0].Ebs?.DeleteOnTermination, true);
    });

    it("an image and its snapshot, and nobody else's where only one's own are asked for", async () => {
      const { cloud, client } = api;
      const snapshot = await newSnapshot(cloud);
      const image = await newImage(cloud, hvmRequest(snapshot.snapshotId, { tags: TAGS }));
      const foreign = { ...image, imageId: "ami-00000000000000009", ownerId: "136693071363", isPublic: true };
      await cloud.images.adopt(foreign);
      await cloud.snapshots.register({ ...snapshot, snapshotId: "snap-00000000000000009", ownerId: "1" });
      const { Images = [] } = await client.send(
        new DescribeImagesCommand({ Owners: ["self"], IncludeDisabled: true }),
      );
      const { Snapshots = [] } = await client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
      assert.deepEqual(
        Images.map(({ ImageId, State, CreationDate }) => [ImageId, State, CreationDate]),
        [[image.imageId, "available", image.creationDate]],
      );
      assert.deepEqual(Images[0].Tags, TAG_LIST);
      assert.equal(Images[0].BlockDeviceMappings?.[0].Ebs?.SnapshotId, snapshot.snapshotId);
      assert.deepEqual(
        Snapshots.map(({ SnapshotId, State, VolumeSize }) => [SnapshotId, State, VolumeSize]),
        [[snapshot.snapshotId, "completed", 1]],
      );
    });

    it("what passes filters by tags", async () => {
      const { cloud, client } = api;
      const group = (name: string, tags: Record<string, string>) =>
        cloud.securityGroups.create({ name, description: "d", ingress: [], egress: [], tags });
      const tagged = await group("tagged", TAGS);
      await group("plain", {});
      for (const filter of [
        { Name: "tag-key", Values: ["pv-to-hvm:role"] },
        { Name: "tag:pv-to-hvm:role", Values: ["<sou*", "other"] },
        { Name: "group-name", Values: ["tagged"] },
      ]) {
        const command = new DescribeSecurityGroupsCommand({ Filters: [filter] });
        const { SecurityGroups = [] } = await client.send(command);
        const ids = SecurityGroups.map(({ GroupId }) => GroupId);
        assert.deepEqual(ids, [tagged.groupId], filter.Name);
      }
    });

    it("long lists page by page, each record once", async () => {
      const { cloud, client } = api;
      for (let made = 0; made < 12; made++) {
        await cloud.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
      }
      await cloud.background.settled();
      const pages: string[][] = [];
      for await (const { Volumes = [] } of paginateDescribeVolumes({ client, pageSize: 5 }, {})) {
        pages.push(Volumes.map(({ VolumeId = "" }) => VolumeId));
      }
      assert.deepEqual(
        pages.map((page) => page.length),
        [5, 5, 2],
      );
      assert.deepEqual(
        pages.flat(),
        (await cloud.volumes.list()).map(({ volumeId }) => volumeId),
      );
    });

    it("the rest of a list where records of its first page have gone", async () => {
      const { cloud, client } = api;
      for (let made = 0; made < 7; made++) {
        await cloud.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
      }
      await cloud.background.settled();
      const first = await client.send(new DescribeVolumesCommand({ MaxResults: 5 }));
      for (const { VolumeId = "" } of first.Volumes ?? []) await cloud.volumes.delete(VolumeId);
      await cloud.background.settled();
      const { NextToken } = first;
      const second = await client.send(new DescribeVolumesCommand({ MaxResults: 5, NextToken }));
      assert.equal(second.Volumes?.length, 2);
      assert.equal(second.NextToken, undefined);
    });
  });

  describe("does for the AWS SDK", () => {
    it("what removes each kind", async () => {
      const { cloud, client } = api;
      const { instanceId, imageId } = await newInstance(cloud);
      const snapshotId = (await cloud.images.describe(imageId)).blockDeviceMappings[0].ebs?.snapshotId;
      const { volumeId } = await newVolume(cloud);
      const group = await cloud.securityGroups.create({
        name: "g",
        description: "d",
        ingress: [],
        egress: [],
      });
      const { TerminatingInstances = [] } = await client.send(
        new TerminateInstancesCommand({ InstanceIds: [instanceId] }),
      );
      assert.equal(TerminatingInstances[0].PreviousState?.Name, "running");
      assert.equal(TerminatingInstances[0].CurrentState?.Name, "shutting-down");
      await client.send(new DeleteVolumeCommand({ VolumeId: volumeId }));
      await client.send(new DeleteSecurityGroupCommand({ GroupId: group.groupId }));
      await client.send(new DeregisterImageCommand({ ImageId: imageId }));
      await client.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }));
      await cloud.background.settled();
      assert.equal((await cloud.instances.describe(instanceId)).state, "terminated");
      assert.ok(!(await cloud.volumes.list()).some((volume) => volume.volumeId === volumeId));
      assert.deepEqual(await cloud.securityGroups.list(), []);
      assert.deepEqual(await cloud.images.list(), []);
      assert.ok(!(await cloud.snapshots.list()).some((snapshot) => snapshot.snapshotId === snapshotId));
    });

    it("what it asks for again after EC2's throttling", async () => {
      const { cloud, client } = api;
      await cloud.faults.add({ action: "DescribeVolumes", code: "RequestLimitExceeded" });
      const { Volumes } = await client.send(new DescribeVolumesCommand({}));
      assert.deepEqual(Volumes, []);
      assert.deepEqual(await cloud.faults.list(), []);
    });
  });

  describe("refuses by EC2's codes", () => {
    it("what the cloud refuses, without doing it again", async () => {
      const { instanceId } = await newInstance(api.cloud);
      const [{ volumeId: attached }] = await api.cloud.volumes.attachedTo(instanceId);
      const command = new DeleteVolumeCommand({ VolumeId: attached });
      await assert.rejects(api.client.send(command), { name: "VolumeInUse", $fault: "client" });
      const gone = new DeleteVolumeCommand({ VolumeId: "vol-00000000000000000" });
      await assert.rejects(api.client.send(gone), { name: "InvalidVolume.NotFound" });
    });

    it("a request before it has done anything of it", async () => {
      const { volumeId } = await newVolume(api.cloud);
      const parameters = { Action: "DeleteVolume", VolumeId: volumeId, Force: "true" };
      assert.equal((await post(api.url, parameters)).status, 400);
      assert.equal((await api.cloud.volumes.describe(volumeId)).state, "available");
    });
  });

  it("names the port that it cannot have", async () => {
    const { port } = new URL(api.url);
    await assert.rejects(serveEc2(api.cloud, Number(port)), new RegExp(`EADDRINUSE.*${port}`));
  });
});
