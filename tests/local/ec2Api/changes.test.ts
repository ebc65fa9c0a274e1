/** What the AWS SDK asks for and the local cloud does. */
import assert from "node:assert/strict";
import * as ec2 from "@aws-sdk/client-ec2";
import { generateKeyPairSync } from "node:crypto";
import { formatRsaPublicKey } from "../../../local/cloud/openssh";
import { hvmRequest, newImage, newInstance, newSnapshot, newVolume } from "../cloud/fixture";
import { type Api, openApi } from "./api";

const ONE = { MinCount: 1, MaxCount: 1 } as const;

describe("what EC2's query API changes", () => {
  let api: Api;
  let client: Api["client"];
  beforeEach(async () => {
    api = await openApi();
    client = api.client;
  });
  afterEach(() => api.end());

  const settled = () => api.cloud.background.settled();
  async function image(): Promise<string> {
    const { snapshotId } = await newSnapshot(api.cloud);
    return (await newImage(api.cloud, hvmRequest(snapshotId))).imageId;
  }
  async function instanceOf(id: string): Promise<ec2.Instance> {
    const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations[0].Instances![0];
  }

  it("launches what is asked for, and shows it", async () => {
    const ImageId = await image();
    const { GroupId = "" } = await client.send(
      new ec2.CreateSecurityGroupCommand({ GroupName: "access", Description: "d" }),
    );
    const launched = await client.send(
      new ec2.RunInstancesCommand({
        ...{ ...ONE, ImageId, InstanceType: "m8i-flex.large", EbsOptimized: false },
        UserData: Buffer.from("#!/bin/sh").toString("base64"),
        CpuOptions: { NestedVirtualization: "enabled" },
        BlockDeviceMappings: [
          { DeviceName: "/dev/sda1", Ebs: { VolumeSize: 3, VolumeType: "gp3", Encrypted: true } },
          { DeviceName: "/dev/sdb", Ebs: { VolumeSize: 1, DeleteOnTermination: false } },
        ],
        MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 2 },
        NetworkInterfaces: [
          {
            DeviceIndex: 0,
            AssociatePublicIpAddress: false,
            SubnetId: "subnet-00000000000000001",
            Groups: [GroupId],
          },
        ],
        TagSpecifications: [
          { ResourceType: "instance", Tags: [{ Key: "Name", Value: "helper" }] },
          { ResourceType: "volume", Tags: [{ Key: "Name", Value: "disk" }] },
        ],
      }),
    );
    const id = launched.Instances![0].InstanceId!;
    assert.equal(launched.Instances![0].State?.Name, "pending");
    await settled();
    const shown = await instanceOf(id);
    assert.deepEqual(
      {
        state: shown.State,
        nested: shown.CpuOptions?.NestedVirtualization,
        public: shown.PublicIpAddress,
        groups: shown.SecurityGroups,
        metadata: [shown.MetadataOptions?.HttpTokens, shown.MetadataOptions?.HttpPutResponseHopLimit],
        card: shown.NetworkInterfaces?.map(
          ({ PrivateIpAddress }) => PrivateIpAddress === shown.PrivateIpAddress,
        ),
        tags: shown.Tags,
      },
      {
        state: { Code: 16, Name: "running" },
        nested: "enabled",
        public: undefined,
        groups: [{ GroupId, GroupName: "access" }],
        metadata: ["required", 2],
        card: [true],
        tags: [{ Key: "Name", Value: "helper" }],
      },
    );
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({}));
    const volumes = Volumes.filter(({ Attachments = [] }) => Attachments[0]?.InstanceId === id);
    assert.deepEqual(
      volumes
        .map(({ Attachments, Size, VolumeType, Encrypted, Tags }) => [
          ...[Attachments?.[0].Device, Attachments?.[0].DeleteOnTermination, Size, VolumeType, Encrypted],
          Tags?.[0].Value,
        ])
        .sort(),
      [
        ["/dev/sda1", true, 3, "gp3", true, "disk"],
        ["/dev/sdb", false, 1, "gp2", false, "disk"],
      ],
    );
  });

  it("launches several in one reservation", async () => {
    const command = new ec2.RunInstancesCommand({
      ImageId: await image(),
      InstanceType: "t3.micro",
      MinCount: 2,
      MaxCount: 2,
    });
    const { ReservationId } = await client.send(command);
    await settled();
    const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand({}));
    assert.deepEqual(
      Reservations.map((each) => [each.ReservationId, each.Instances?.length]),
      [[ReservationId, 2]],
    );
  });

  it("does nothing in a dry run, and says why it would be refused", async () => {
    const { instanceId } = await newInstance(api.cloud);
    const [{ volumeId }] = await api.cloud.volumes.attachedTo(instanceId);
    const free = await newVolume(api.cloud);
    const DryRun = true;
    const dry: [{ send: () => Promise<unknown> }, string][] = [
      [
        { send: () => client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [instanceId], DryRun })) },
        "DryRunOperation",
      ],
      [
        { send: () => client.send(new ec2.DeleteVolumeCommand({ VolumeId: volumeId, DryRun })) },
        "VolumeInUse",
      ],
      [
        { send: () => client.send(new ec2.DeleteVolumeCommand({ VolumeId: free.volumeId, DryRun })) },
        "DryRunOperation",
      ],
      [{ send: () => client.send(new ec2.DescribeVolumesCommand({ DryRun })) }, "DryRunOperation"],
      [
        { send: () => client.send(new ec2.CreateSnapshotCommand({ VolumeId: volumeId, DryRun })) },
        "DryRunOperation",
      ],
      [
        {
          send: () =>
            client.send(
              new ec2.CreateTagsCommand({ Resources: [volumeId], Tags: [{ Key: "a", Value: "b" }], DryRun }),
            ),
        },
        "DryRunOperation",
      ],
    ];
    for (const [{ send }, name] of dry) await assert.rejects(send(), { name });
    assert.equal((await api.cloud.instances.describe(instanceId)).state, "running");
    assert.equal((await api.cloud.volumes.describe(free.volumeId)).state, "available");
    assert.deepEqual((await api.cloud.volumes.describe(volumeId)).tags, {});
  });

  it("does once what is asked twice with one client token", async () => {
    const create = (Size: number) =>
      client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size, ClientToken: "mine" }));
    const both = await Promise.all([create(1), create(1)]);
    assert.equal(both[0].VolumeId, both[1].VolumeId);
    assert.equal((await create(1)).VolumeId, both[0].VolumeId);
    await assert.rejects(create(2), { name: "IdempotentParameterMismatch" });
    assert.equal((await api.cloud.volumes.list()).length, 1);
  });

  it("grows a volume, and tells of it", async () => {
    const { volumeId } = await newVolume(api.cloud);
    const { VolumeModification: made } = await client.send(
      new ec2.ModifyVolumeCommand({ VolumeId: volumeId, Size: 2 }),
    );
    assert.deepEqual([made?.OriginalSize, made?.TargetSize], [1, 2]);
    const { VolumesModifications = [] } = await client.send(
      new ec2.DescribeVolumesModificationsCommand({ VolumeIds: [volumeId] }),
    );
    assert.deepEqual(
      VolumesModifications.map(({ ModificationState }) => ModificationState),
      ["completed"],
    );
    const never = new ec2.DescribeVolumesModificationsCommand({
      VolumeIds: [(await newVolume(api.cloud)).volumeId],
    });
    await assert.rejects(client.send(never), { name: "InvalidVolumeModification.NotFound" });
  });

  it("adds and takes away rules of a group, each of which is there once", async () => {
    const { GroupId = "" } = await client.send(
      new ec2.CreateSecurityGroupCommand({ GroupName: "g", Description: "d" }),
    );
    const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22 };
    const from = (...cidrs: string[]) => cidrs.map((CidrIp) => ({ CidrIp, Description: "ssh" }));
    await client.send(
      new ec2.AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [
          {
            ...ssh,
            IpRanges: from("192.0.2.0/24", "198.51.100.7/32"),
            Ipv6Ranges: [{ CidrIpv6: "2001:DB8::/32" }],
          },
        ],
      }),
    );
    await client.send(
      new ec2.RevokeSecurityGroupEgressCommand({
        GroupId,
        IpPermissions: [{ IpProtocol: "-1", FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
    const group = async () =>
      (await client.send(new ec2.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }))).SecurityGroups![0];
    const [permission, ...others] = (await group()).IpPermissions ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(permission.IpRanges, from("192.0.2.0/24", "198.51.100.7/32"));
    assert.deepEqual(permission.Ipv6Ranges, [{ CidrIpv6: "2001:db8::/32" }]);
    assert.deepEqual((await group()).IpPermissionsEgress, []);
    const rules = await client.send(
      new ec2.DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId] }] }),
    );
    assert.equal(rules.SecurityGroupRules?.length, 3);
    const [rule] = rules.SecurityGroupRules ?? [];
    await client.send(
      new ec2.RevokeSecurityGroupIngressCommand({
        GroupId,
        SecurityGroupRuleIds: [rule.SecurityGroupRuleId ?? ""],
      }),
    );
    const again = { GroupId, IpPermissions: [{ ...ssh, IpRanges: from("10.0.0.0/8", "10.0.0.0/8") }] };
    await assert.rejects(client.send(new ec2.AuthorizeSecurityGroupIngressCommand(again)), {
      message: "The same permission must not appear multiple times",
    });
    const crooked = { GroupId, IpPermissions: [{ ...ssh, IpRanges: from("203.0.113.7/24") }] };
    await assert.rejects(client.send(new ec2.AuthorizeSecurityGroupIngressCommand(crooked)), {
      message: "CIDR block 203.0.113.7/24 is malformed",
    });
  });

  it("changes an instance's attributes: type and user data only while it is stopped", async () => {
    const { instanceId: InstanceId } = await newInstance(api.cloud);
    const modify = (change: Omit<ec2.ModifyInstanceAttributeCommandInput, "InstanceId">) =>
      client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId, ...change }));
    await assert.rejects(modify({ InstanceType: { Value: "t3.small" } }), { name: "IncorrectInstanceState" });
    await modify({ DisableApiTermination: { Value: true } });
    await assert.rejects(client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] })), {
      name: "OperationNotPermitted",
    });
    await modify({ DisableApiStop: { Value: true } });
    const stop = () => client.send(new ec2.StopInstancesCommand({ InstanceIds: [InstanceId], Force: true }));
    await assert.rejects(stop(), { name: "OperationNotPermitted" });
    await modify({ Attribute: "disableApiStop", Value: "false" });
    await stop();
    await settled();
    await modify({ InstanceType: { Value: "t3.small" } });
    await modify({ UserData: { Value: Buffer.from("later") } });
    const attribute = async (Attribute: ec2.InstanceAttributeName) =>
      client.send(new ec2.DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
    assert.equal((await attribute("userData")).UserData?.Value, Buffer.from("later").toString("base64"));
    assert.equal((await attribute("instanceType")).InstanceType?.Value, "t3.small");
    assert.equal((await attribute("disableApiStop")).DisableApiStop?.Value, false);
    await modify({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { DeleteOnTermination: false } }] });
    const [{ attachment }] = await api.cloud.volumes.attachedTo(InstanceId);
    assert.equal(attachment.deleteOnTermination, false);
    await client.send(new ec2.StartInstancesCommand({ InstanceIds: [InstanceId] }));
    await settled();
    assert.equal((await instanceOf(InstanceId)).State?.Name, "running");
    await assert.rejects(modify({ EbsOptimized: { Value: true }, SourceDestCheck: { Value: false } }), {
      name: "InvalidParameterCombination",
    });
  });

  it("changes what has an action of its own: groups, monitoring, recovery, the profile", async () => {
    const { instanceId: InstanceId } = await newInstance(api.cloud);
    const { GroupId = "" } = await client.send(
      new ec2.CreateSecurityGroupCommand({ GroupName: "g", Description: "d" }),
    );
    const card = (await instanceOf(InstanceId)).NetworkInterfaces?.[0].NetworkInterfaceId ?? "";
    const change = { NetworkInterfaceId: card, Groups: [GroupId] };
    await client.send(new ec2.ModifyNetworkInterfaceAttributeCommand(change));
    await client.send(new ec2.MonitorInstancesCommand({ InstanceIds: [InstanceId] }));
    await client.send(
      new ec2.ModifyInstanceMaintenanceOptionsCommand({ InstanceId, AutoRecovery: "disabled" }),
    );
    const profile = { IamInstanceProfile: { Name: "web" }, InstanceId };
    await client.send(new ec2.AssociateIamInstanceProfileCommand(profile));
    await assert.rejects(client.send(new ec2.AssociateIamInstanceProfileCommand(profile)), {
      name: "IncorrectState",
    });
    const shown = await instanceOf(InstanceId);
    assert.deepEqual(
      [shown.SecurityGroups, shown.Monitoring, shown.MaintenanceOptions, shown.IamInstanceProfile],
      [
        [{ GroupId, GroupName: "g" }],
        { State: "enabled" },
        { AutoRecovery: "disabled" },
        { Arn: "arn:aws:iam::000000000000:instance-profile/web" },
      ],
    );
    const associations = async () => {
      const Filters = [{ Name: "instance-id", Values: [InstanceId] }];
      const command = new ec2.DescribeIamInstanceProfileAssociationsCommand({ Filters });
      return (await client.send(command)).IamInstanceProfileAssociations ?? [];
    };
    const [{ AssociationId }] = await associations();
    const other = { AssociationId, IamInstanceProfile: { Name: "other" } };
    await client.send(new ec2.ReplaceIamInstanceProfileAssociationCommand(other));
    assert.match((await associations())[0].IamInstanceProfile?.Arn ?? "", /instance-profile\/other$/);
    await client.send(new ec2.DisassociateIamInstanceProfileCommand({ AssociationId }));
    assert.deepEqual(await associations(), []);
  });

  it("tags everything that has tags, and takes them away", async () => {
    const { instanceId } = await newInstance(api.cloud);
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { KeyPairId = "" } = await client.send(
      new ec2.ImportKeyPairCommand({
        KeyName: "k",
        PublicKeyMaterial: Buffer.from(formatRsaPublicKey(publicKey, "k")),
      }),
    );
    const { GroupId = "" } = await client.send(
      new ec2.CreateSecurityGroupCommand({ GroupName: "g", Description: "d" }),
    );
    const record = await api.cloud.instances.describe(instanceId);
    const [{ volumeId }] = await api.cloud.volumes.attachedTo(instanceId);
    const [{ snapshotId }] = await api.cloud.snapshots.list();
    const Resources = [instanceId, record.imageId, volumeId, snapshotId, KeyPairId, GroupId];
    const Tags = [
      { Key: "Name", Value: "n" },
      { Key: "team", Value: "x" },
    ];
    await client.send(new ec2.CreateTagsCommand({ Resources, Tags }));
    await client.send(
      new ec2.DeleteTagsCommand({ Resources, Tags: [{ Key: "Name", Value: "other" }, { Key: "team" }] }),
    );
    const shown = await client.send(
      new ec2.DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: Resources }] }),
    );
    assert.deepEqual(
      shown.Tags?.map(({ ResourceType, Key, Value }) => [ResourceType, Key, Value]).sort(),
      ["image", "instance", "key-pair", "security-group", "snapshot", "volume"].map((kind) => [
        kind,
        "Name",
        "n",
      ]),
    );
    const reserved = { Resources: [volumeId], Tags: [{ Key: "aws:mine", Value: "x" }] };
    await assert.rejects(client.send(new ec2.CreateTagsCommand(reserved)), { name: "InvalidParameterValue" });
  });
});
