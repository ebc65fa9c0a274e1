import { REGION, REGIONS, zonesOf } from "./account";
import { Ec2Error } from "./errors";
import { notFound, requireWellFormed } from "./ids";
import type { Tags } from "./tags";

export interface VpcRecord {
  vpcId: string;
  cidrBlock: string;
  isDefault: boolean;
  tags: Tags;
}

export interface SubnetRecord {
  subnetId: string;
  vpcId: string;
  availabilityZone: string;
  cidrBlock: string;
  defaultForAz: boolean;
  mapPublicIpOnLaunch: boolean;
  tags: Tags;
}

export interface RouteTableRecord {
  routeTableId: string;
  vpcId: string;
  /** That of all subnets which name no other. */
  isMain: boolean;
  subnetIds: string[];
  localBlock: string;
  /** The way out to the internet, where there is one. */
  gatewayId?: string;
  tags: Tags;
}

/** What a region has before its user comes. */
export interface Network {
  vpc: VpcRecord;
  /** The first is where an instance goes that names none. */
  subnets: SubnetRecord[];
  routeTables: RouteTableRecord[];
  internetGatewayId: string;
}

/**
 * The default VPC, with three subnets: the default one in the first zone, one in the second, and one in the first that has no
 * way out. CIDR blocks are names only: an instance answers on an address of 198.18.0.0/15, which is nobody's network.
 */
export function networkOf(region: string): Network {
  const id = (prefix: string, number: number) =>
    `${prefix}-${String(REGIONS.indexOf(region) * 100 + number).padStart(17, "0")}`;
  const vpc = { vpcId: id("vpc", 1), cidrBlock: "10.0.0.0/16", isDefault: true, tags: {} };
  const [first, second] = zonesOf(region);
  const subnet = (number: number, availabilityZone: string, isPublic: boolean): SubnetRecord => ({
    subnetId: id("subnet", number),
    vpcId: vpc.vpcId,
    availabilityZone,
    cidrBlock: `10.0.${number - 1}.0/24`,
    defaultForAz: number === 1,
    mapPublicIpOnLaunch: isPublic,
    tags: number === 3 ? { Name: "private" } : {},
  });
  const subnets = [subnet(1, first, true), subnet(2, second, true), subnet(3, first, false)];
  const table = { vpcId: vpc.vpcId, localBlock: vpc.cidrBlock, tags: {} };
  const internetGatewayId = id("igw", 1);
  const routeTables = [
    { ...table, routeTableId: id("rtb", 1), isMain: true, subnetIds: [], gatewayId: internetGatewayId },
    { ...table, routeTableId: id("rtb", 2), isMain: false, subnetIds: [subnets[2].subnetId] },
  ];
  return { vpc, subnets, routeTables, internetGatewayId };
}

export const VPC = networkOf(REGION).vpc;
export const SUBNET = networkOf(REGION).subnets[0];

/** The VPC of this id, or the default one. */
export function describeVpc(vpcId?: string, region = REGION): VpcRecord {
  const { vpc } = networkOf(region);
  if (vpcId === undefined) return vpc;
  requireWellFormed("vpc", vpcId);
  if (vpcId !== vpc.vpcId) throw notFound("vpc", vpcId);
  return vpc;
}

/** The subnet of this id. */
export function describeSubnet(subnetId: string, region = REGION): SubnetRecord {
  requireWellFormed("subnet", subnetId);
  const found = networkOf(region).subnets.find((subnet) => subnet.subnetId === subnetId);
  if (!found) throw notFound("subnet", subnetId);
  return found;
}

/** Refuses a zone that the region does not have. */
export function requireZone(zone: string, region = REGION): void {
  const zones = zonesOf(region);
  if (zones.includes(zone)) return;
  throw new Ec2Error(
    "InvalidZone.NotFound",
    `The zone '${zone}' does not exist. ${region} has ${zones.join(" and ")}`,
  );
}

/** Where an instance goes: the subnet that was named, or the default subnet of its zone (of the first zone). */
export function chooseSubnet(subnetId?: string, zone?: string, region = REGION): SubnetRecord {
  if (zone !== undefined) requireZone(zone, region);
  const subnet = subnetId === undefined ? networkOf(region).subnets[0] : describeSubnet(subnetId, region);
  if (zone === undefined || zone === subnet.availabilityZone) return subnet;
  if (subnetId === undefined) {
    throw new Ec2Error("InvalidInput", `No default subnet for availability zone: '${zone}'.`);
  }
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${zone}) for parameter availabilityZone is invalid. Subnet '${subnetId}' is in the availability zone ${subnet.availabilityZone}`,
  );
}
