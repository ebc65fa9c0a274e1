import assert from "node:assert/strict";
import {
  CreateVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { empty } from "../../../local/cloud/empty";
import { list } from "../../../local/cloud/inventory";
import { otherRegions } from "../../../local/cloud/regions";
import { newSnapshot } from "../cloud/fixture";
import { type Api, openApi } from "./api";

describe("regions and zones of the local cloud", () => {
  let api: Api;
  beforeEach(async () => (api = await openApi()));
  afterEach(() => api.end());

  it("see nothing of each other", async () => {
    const west = api.clientIn("us-west-2");
    const made = await west.send(new CreateVolumeCommand({ AvailabilityZone: "us-west-2b", Size: 1 }));
    const seen = async (client: Api["client"]) =>
      ((await client.send(new DescribeVolumesCommand({}))).Volumes ?? []).map(({ VolumeId }) => VolumeId);
    assert.deepEqual([await seen(west), await seen(api.client)], [[made.VolumeId], []]);
    const here = new DescribeVolumesCommand({ VolumeIds: [made.VolumeId ?? ""] });
    await assert.rejects(api.client.send(here), { name: "InvalidVolume.NotFound" });
  });

  it("meet the account's faults, and are emptied and listed with it", async () => {
    const west = api.clientIn("us-west-2");
    await api.cloud.faults.add({ action: "CreateVolume", code: "VolumeLimitExceeded" });
    const create = () => west.send(new CreateVolumeCommand({ AvailabilityZone: "us-west-2a", Size: 1 }));
    await assert.rejects(create(), { name: "VolumeLimitExceeded" });
    const { VolumeId = "" } = await create();
    const [region, ...others] = otherRegions(api.cloud.directory);
    assert.deepEqual([region.region, others], ["us-west-2", []]);
    assert.deepEqual(
      (await list(region)).map(({ id }) => id),
      [VolumeId],
    );
    await empty(api.cloud);
    assert.deepEqual(otherRegions(api.cloud.directory), []);
  });

  it("have zones and subnets of their own", async () => {
    const east = new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 });
    await assert.rejects(api.clientIn("us-west-2").send(east), {
      name: "InvalidZone.NotFound",
      message: "The zone 'us-east-1a' does not exist. us-west-2 has us-west-2a and us-west-2b",
    });
    const zones = await api.clientIn("eu-central-1").send(new DescribeAvailabilityZonesCommand({}));
    assert.deepEqual(
      zones.AvailabilityZones?.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId]),
      [
        ["eu-central-1a", "euc1-az1"],
        ["eu-central-1b", "euc1-az2"],
      ],
    );
    const ids = async (region: string) =>
      (await api.clientIn(region).send(new DescribeSubnetsCommand({}))).Subnets?.map(
        ({ SubnetId }) => SubnetId,
      );
    assert.equal(new Set([...((await ids("us-east-1")) ?? []), ...((await ids("us-west-2")) ?? [])]).size, 6);
  });

  it("do not offer every type everywhere, and refuse a launch where it is not", async () => {
    const { Locations } = await offered("m8i-flex.large");
    assert.deepEqual(Locations, ["us-east-1a"]);
    assert.deepEqual((await offered("t3.micro")).Locations, ["us-east-1a", "us-east-1b"]);
    const { snapshotId } = await newSnapshot(api.cloud);
    const { ImageId } = await api.client.send(
      new RegisterImageCommand({
        Name: "image",
        Architecture: "x86_64",
        VirtualizationType: "hvm",
        EnaSupport: true,
        RootDeviceName: "/dev/xvda",
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: snapshotId } }],
      }),
    );
    await api.cloud.background.settled();
    const launch = (InstanceType: "m8i-flex.large" | "t3.micro", DryRun: boolean) =>
      api.client.send(
        new RunInstancesCommand({
          ...{ ImageId, InstanceType, MinCount: 1, MaxCount: 1, DryRun },
          SubnetId: "subnet-00000000000000002",
        }),
      );
    await assert.rejects(launch("m8i-flex.large", true), {
      name: "Unsupported",
      message: /not supported in your requested Availability Zone \(us-east-1b\).*choosing us-east-1a/,
    });
    await assert.rejects(launch("t3.micro", true), { name: "DryRunOperation" });
    assert.deepEqual((await api.client.send(new DescribeInstancesCommand({}))).Reservations, []);
    assert.equal((await launch("t3.micro", false)).Instances?.[0].Placement?.AvailabilityZone, "us-east-1b");
  });

  async function offered(type: string) {
    const { InstanceTypeOfferings = [] } = await api.client.send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: "availability-zone",
        Filters: [{ Name: "instance-type", Values: [type] }],
      }),
    );
    return { Locations: InstanceTypeOfferings.map(({ Location }) => Location) };
  }

  it("have a subnet without a way out, as its route table tells", async () => {
    const gateways = async (subnet: string) => {
      const filter = { Name: "association.subnet-id", Values: [subnet] };
      const { RouteTables = [] } = await api.client.send(
        new DescribeRouteTablesCommand({ Filters: [filter] }),
      );
      return RouteTables.flatMap(({ Routes = [] }) => Routes.map(({ GatewayId }) => GatewayId));
    };
    assert.deepEqual(await gateways("subnet-00000000000000003"), ["local"]);
    // It has no table of its own: the main one holds.
    assert.deepEqual(await gateways("subnet-00000000000000001"), []);
    const main = new DescribeRouteTablesCommand({
      Filters: [{ Name: "association.main", Values: ["true"] }],
    });
    const [{ Routes = [] }] = (await api.client.send(main)).RouteTables ?? [];
    assert.ok(
      Routes.some(({ DestinationCidrBlock, GatewayId }) => DestinationCidrBlock === "0.0.0.0/0" && GatewayId),
    );
  });
});
