import { ZONES } from "../../cloud/account";
import { INSTANCE_TYPES } from "../../cloud/instanceTypes";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments } from "./functionArguments";
import { filtersIn, text } from "./values";

/**
 * aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings, by zone: every type of the local cloud is to be had in each of its
 * zones. Three lists of one length, a row an offering, as pulumi-aws gives them; a type that nobody knows is in none of them.
 */
export async function getInstanceTypeOfferings(client: Client, args: Properties): Promise<Properties> {
  const token = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";
  requireKnownArguments(token, args, ["filters", "locationType"]);
  if (text(args, "locationType") !== "availability-zone") {
    throw new Error(
      `${token}: the local cloud knows offerings by zone alone. Set locationType to availability-zone.`,
    );
  }
  const asked = Object.fromEntries(filtersIn(args).map(({ name, values }) => [name, values]));
  const offered = await client.call(
    "reading EC2 Instance Type Offerings",
    "DescribeInstanceTypeOfferings",
    async () =>
      INSTANCE_TYPES.flatMap(({ name }) => ZONES.map((location) => ({ name, location }))).filter(
        ({ name, location }) =>
          (asked["instance-type"]?.includes(name) ?? true) && (asked.location?.includes(location) ?? true),
      ),
  );
  return {
    ...args,
    id: "instance-type-offerings",
    instanceTypes: offered.map(({ name }) => name),
    locations: offered.map(({ location }) => location),
    locationTypes: offered.map(() => "availability-zone"),
  };
}

/** aws:ebs/getEncryptionByDefault:getEncryptionByDefault: the local cloud encrypts what is asked for, and nothing else. */
export async function getEncryptionByDefault(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ebs/getEncryptionByDefault:getEncryptionByDefault", args, []);
  const doing = "reading EBS encryption by default";
  const enabled = await client.call(doing, "GetEbsEncryptionByDefault", async () => false);
  return { id: "encryption-by-default", enabled };
}
