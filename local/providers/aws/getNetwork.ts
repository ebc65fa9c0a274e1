import { ACCOUNT_ID, ec2Arn, REGION, ZONES } from "../../cloud/account";
import { describeSubnet, describeVpc, SUBNET, VPC } from "../../cloud/network";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { flag, text, texts } from "./values";

/** aws:ec2/getVpc:getVpc: by id, or `default`. */
export async function getVpc(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getVpc:getVpc", args, ["id", "default", "cidrBlock", "state"]);
  const id = text(args, "id");
  const vpc = await client.call("reading EC2 VPC", "DescribeVpcs", async () => describeVpc(id));
  const matches =
    (flag(args, "default") ?? true) === vpc.isDefault &&
    fits(args, "cidrBlock", vpc.cidrBlock) &&
    fits(args, "state", "available");
  onlyOne(matches ? [vpc] : [], "EC2 VPC");
  return {
    arn: ec2Arn(`vpc/${vpc.vpcId}`),
    cidrBlock: vpc.cidrBlock,
    cidrBlockAssociations: [],
    default: vpc.isDefault,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    id: vpc.vpcId,
    instanceTenancy: "default",
    ownerId: ACCOUNT_ID,
    state: "available",
    tags: vpc.tags,
  };
}

/** aws:ec2/getSubnet:getSubnet: by id, or by what there is only one of. */
export async function getSubnet(client: Client, args: Properties): Promise<Properties> {
  const known = ["id", "vpcId", "availabilityZone", "cidrBlock", "defaultForAz", "state"];
  requireKnownArguments("aws:ec2/getSubnet:getSubnet", args, known);
  const id = text(args, "id") ?? SUBNET.subnetId;
  const subnet = await client.call("reading EC2 Subnet", "DescribeSubnets", async () => describeSubnet(id));
  const matches =
    fits(args, "vpcId", VPC.vpcId) &&
    fits(args, "availabilityZone", subnet.availabilityZone) &&
    fits(args, "cidrBlock", subnet.cidrBlock) &&
    fits(args, "state", "available") &&
    (flag(args, "defaultForAz") ?? true) === subnet.defaultForAz;
  onlyOne(matches ? [subnet] : [], "EC2 Subnet");
  return {
    arn: ec2Arn(`subnet/${subnet.subnetId}`),
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: zoneId(subnet.availabilityZone),
    cidrBlock: subnet.cidrBlock,
    defaultForAz: subnet.defaultForAz,
    id: subnet.subnetId,
    ipv6Native: false,
    mapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
    outpostArn: "",
    ownerId: ACCOUNT_ID,
    state: "available",
    tags: subnet.tags,
    vpcId: subnet.vpcId,
  };
}

/** aws:index/getAvailabilityZones:getAvailabilityZones */
export async function getAvailabilityZones(args: Properties): Promise<Properties> {
  requireKnownArguments("aws:index/getAvailabilityZones:getAvailabilityZones", args, [
    "state",
    "excludeNames",
  ]);
  const excluded = texts(args, "excludeNames") ?? [];
  const names = fits(args, "state", "available") ? ZONES.filter((zone) => !excluded.includes(zone)) : [];
  return { ...args, id: REGION, groupNames: [`${REGION}-zg-1`], names, zoneIds: names.map(zoneId) };
}

/** Zone ids name the same place for every account; names do not. */
function zoneId(zone: string): string {
  return `use1-az${ZONES.indexOf(zone) + 1}`;
}

function fits(args: Properties, name: string, value: string): boolean {
  return (text(args, name) ?? value) === value;
}
