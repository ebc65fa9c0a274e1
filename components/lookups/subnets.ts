import type * as pulumi from "@pulumi/pulumi";
import type { GetSubnetResult } from "@pulumi/aws/ec2/getSubnet";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import type { Problem } from "../checks/problems";
import { REGION } from "../checks/region";
import { answer } from "./lookups";
import { ask } from "./run";

/** What `DescribeSubnets` says of a subnet that matters here. */
export type SubnetFacts = Pick<
  GetSubnetResult,
  "id" | "availabilityZone" | "ipv6Native" | "outpostArn" | "ownerId" | "vpcId"
>;

/**
 * A zone of a region is named after it, with one letter. A Local Zone and a Wavelength Zone have more in their names:
 * us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html).
 */
const ZONE_OF_A_REGION = new RegExp(`^${REGION}[a-z]$`);

/**
 * Whether a helper can work in a subnet: it and its volumes are made of types that Local Zones, Wavelength Zones and Outposts
 * mostly do not have, and it is reached by an IPv4 address.
 */
export function checkHelperSubnet(path: string, subnet: SubnetFacts): Problem[] {
  return [...checkRegional(path, subnet), ...checkIpv4(path, subnet)];
}

function checkRegional(path: string, { id, availabilityZone, outpostArn }: SubnetFacts): Problem[] {
  const fix =
    "Name a subnet in a zone of the region itself: the image can be launched elsewhere all the same.";
  if (outpostArn) return [{ path, reason: `${id} is on the Outpost ${outpostArn}`, fix }];
  if (ZONE_OF_A_REGION.test(availabilityZone)) return [];
  const kind = /-wlz?\d*-/.test(availabilityZone) ? "a Wavelength Zone" : "a Local Zone";
  return [{ path, reason: `${id} is in ${availabilityZone}, ${kind}`, fix }];
}

/** Whether an instance in a subnet can be dialled: by an IPv4 address. */
export function checkIpv4(path: string, { id, ipv6Native }: SubnetFacts): Problem[] {
  if (!ipv6Native) return [];
  const reason = `${id} is a subnet for IPv6 alone, and what runs in it has no IPv4 address to be reached by`;
  return [{ path, reason, fix: "Name a subnet with IPv4 addresses." }];
}

/**
 * Whether an instance in a subnet gets a security group where none is named: the default one of its VPC. Of a VPC that
 * another account shares, that group is the owner's, and EC2 lets nobody else launch with it
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing-service-behavior.html).
 */
export async function checkDefaultGroup(
  path: string,
  { id, ownerId }: SubnetFacts,
  parent: pulumi.Resource,
): Promise<Problem[]> {
  if (!ownerId) return [];
  const caller = await answer(path, "the account of these credentials", ask(getCallerIdentity, {}, parent));
  if (!caller.value) return caller.problems;
  if (caller.value.accountId === ownerId) return [];
  const reason = `is missing, and ${id} is shared by account ${ownerId}, to which the VPC's default group belongs`;
  return [{ path, reason, fix: "Name a security group that this account has made in that VPC." }];
}
