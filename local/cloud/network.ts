import { REGION, ZONES } from "./account";
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

/** The default VPC: the one network there is. */
export const VPC: VpcRecord = {
  vpcId: "vpc-00000000000000001",
  cidrBlock: "10.0.0.0/16",
  isDefault: true,
  tags: {},
};

/**
 * One subnet, in the first zone. Its CIDR block is a name only: an instance answers on an address of
 * 198.18.0.0/15, which is nobody's network.
 */
export const SUBNET: SubnetRecord = {
  subnetId: "subnet-00000000000000001",
  vpcId: VPC.vpcId,
  availabilityZone: ZONES[0],
  cidrBlock: "10.0.0.0/24",
  defaultForAz: true,
  mapPublicIpOnLaunch: true,
  tags: {},
};

/** The VPC of this id, or the default one. */
export function describeVpc(vpcId: string = VPC.vpcId): VpcRecord {
  requireWellFormed("vpc", vpcId);
  if (vpcId !== VPC.vpcId) throw notFound("vpc", vpcId);
  return VPC;
}

/** The subnet of this id. */
export function describeSubnet(subnetId: string): SubnetRecord {
  requireWellFormed("subnet", subnetId);
  if (subnetId !== SUBNET.subnetId) throw notFound("subnet", subnetId);
  return SUBNET;
}

/** Refuses a zone that the region does not have. */
export function requireZone(zone: string): void {
  if (ZONES.includes(zone)) return;
  throw new Ec2Error(
    "InvalidZone.NotFound",
    `The zone '${zone}' does not exist. ${REGION} has ${ZONES.join(" and ")}`,
  );
}

/** Where an instance goes: the subnet that was named, or the default subnet of its zone (of the first zone). */
export function chooseSubnet(subnetId?: string, zone?: string): SubnetRecord {
  if (zone !== undefined) requireZone(zone);
  const subnet = subnetId === undefined ? SUBNET : describeSubnet(subnetId);
  if (zone === undefined || zone === subnet.availabilityZone) return subnet;
  if (subnetId === undefined) {
    throw new Ec2Error("InvalidInput", `No default subnet for availability zone: '${zone}'.`);
  }
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${zone}) for parameter availabilityZone is invalid. Subnet '${subnetId}' is in the availability zone ${subnet.availabilityZone}`,
  );
}
