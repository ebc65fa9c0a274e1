import {
  DescribeAvailabilityZonesCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  type Subnet,
  type Vpc,
  type VpcAttributeName,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { shownTags } from "./tagging";
import { filtersOf, flag, text, texts } from "./values";

/** aws:ec2/getVpc:getVpc: by id, or `default`. */
export async function getVpc(client: Client, args: Properties): Promise<Properties> {
  const known = ["id", "default", "cidrBlock", "state"];
  requireKnownArguments("aws:ec2/getVpc:getVpc", args, known, client);
  const id = text(args, "id");
  const request = new DescribeVpcsCommand({
    Filters: filtersOf({
      cidr: text(args, "cidrBlock"),
      isDefault: flag(args, "default") ? "true" : undefined,
      state: text(args, "state"),
    }),
    VpcIds: id === undefined ? undefined : [id],
  });
  const { Vpcs = [] } = await client.call("reading EC2 VPC", request);
  return describeVpc(client, onlyOne(Vpcs, "EC2 VPC"));
}

async function describeVpc(client: Client, vpc: Vpc): Promise<Properties> {
  const attribute = (Attribute: VpcAttributeName) => {
    const request = new DescribeVpcAttributeCommand({ Attribute, VpcId: vpc.VpcId });
    return client.call(`reading EC2 VPC (${vpc.VpcId}) Attribute (${Attribute})`, request);
  };
  return {
    arn: await client.arn(`vpc/${vpc.VpcId}`),
    cidrBlock: vpc.CidrBlock,
    cidrBlockAssociations: [],
    default: vpc.IsDefault,
    enableDnsHostnames: (await attribute("enableDnsHostnames")).EnableDnsHostnames?.Value ?? false,
    enableDnsSupport: (await attribute("enableDnsSupport")).EnableDnsSupport?.Value ?? false,
    id: vpc.VpcId,
    instanceTenancy: vpc.InstanceTenancy ?? "default",
    ownerId: vpc.OwnerId,
    state: vpc.State,
    tags: shownTags(vpc.Tags),
  };
}

/** aws:ec2/getSubnet:getSubnet: by id, or by what there is only one of. */
export async function getSubnet(client: Client, args: Properties): Promise<Properties> {
  const known = ["id", "vpcId", "availabilityZone", "cidrBlock", "defaultForAz", "state"];
  requireKnownArguments("aws:ec2/getSubnet:getSubnet", args, known, client);
  const id = text(args, "id");
  const request = new DescribeSubnetsCommand({
    Filters: filtersOf({
      availabilityZone: text(args, "availabilityZone"),
      cidrBlock: text(args, "cidrBlock"),
      defaultForAz: flag(args, "defaultForAz") ? "true" : undefined,
      state: text(args, "state"),
      "vpc-id": text(args, "vpcId"),
    }),
    SubnetIds: id === undefined ? undefined : [id],
  });
  const { Subnets = [] } = await client.call("reading EC2 Subnet", request);
  return describeSubnet(client, onlyOne(Subnets, "EC2 Subnet"));
}

async function describeSubnet(client: Client, subnet: Subnet): Promise<Properties> {
  return {
    arn: subnet.SubnetArn ?? (await client.arn(`subnet/${subnet.SubnetId}`)),
    assignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation ?? false,
    availabilityZone: subnet.AvailabilityZone,
    availabilityZoneId: subnet.AvailabilityZoneId ?? "",
    availableIpAddressCount: subnet.AvailableIpAddressCount ?? 0,
    cidrBlock: subnet.CidrBlock,
    customerOwnedIpv4Pool: subnet.CustomerOwnedIpv4Pool ?? "",
    defaultForAz: subnet.DefaultForAz ?? false,
    enableDns64: subnet.EnableDns64 ?? false,
    enableLniAtDeviceIndex: subnet.EnableLniAtDeviceIndex ?? 0,
    id: subnet.SubnetId,
    ...ipv6Of(subnet),
    mapCustomerOwnedIpOnLaunch: subnet.MapCustomerOwnedIpOnLaunch ?? false,
    mapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch ?? false,
    outpostArn: subnet.OutpostArn ?? "",
    ownerId: subnet.OwnerId,
    ...privateDnsNameOptions(subnet),
    state: subnet.State,
    tags: shownTags(subnet.Tags),
    vpcId: subnet.VpcId,
  };
}

function ipv6Of({ Ipv6CidrBlockAssociationSet: [association] = [], Ipv6Native }: Subnet): Properties {
  return {
    ipv6CidrBlock: association?.Ipv6CidrBlock ?? "",
    ipv6CidrBlockAssociationId: association?.AssociationId ?? "",
    ipv6Native: Ipv6Native ?? false,
  };
}

function privateDnsNameOptions({ PrivateDnsNameOptionsOnLaunch: options }: Subnet): Properties {
  return {
    enableResourceNameDnsARecordOnLaunch: options?.EnableResourceNameDnsARecord ?? false,
    enableResourceNameDnsAaaaRecordOnLaunch: options?.EnableResourceNameDnsAAAARecord ?? false,
    privateDnsHostnameTypeOnLaunch: options?.HostnameType ?? "",
  };
}

/** aws:index/getAvailabilityZones:getAvailabilityZones */
export async function getAvailabilityZones(client: Client, args: Properties): Promise<Properties> {
  const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
  requireKnownArguments(token, args, ["state", "excludeNames"], client);
  const excluded = texts(args, "excludeNames") ?? [];
  const Filters = filtersOf({ state: text(args, "state") });
  const request = new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: false, Filters });
  const { AvailabilityZones = [] } = await client.call("reading EC2 Availability Zones", request);
  const zones = AvailabilityZones.filter(({ ZoneName = "" }) => !excluded.includes(ZoneName));
  return {
    ...args,
    groupNames: [...new Set(zones.map(({ GroupName }) => GroupName))],
    id: client.region,
    names: zones.map(({ ZoneName }) => ZoneName),
    zoneIds: zones.map(({ ZoneId }) => ZoneId),
  };
}
