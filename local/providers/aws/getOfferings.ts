import {
  DescribeInstanceTypeOfferingsCommand,
  GetEbsEncryptionByDefaultCommand,
  type InstanceTypeOffering,
  type LocationType,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments } from "./functionArguments";
import { filtersIn, text } from "./values";

/** aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings: which types a region or a zone has. None is an empty answer. */
export async function getInstanceTypeOfferings(client: Client, args: Properties): Promise<Properties> {
  const token = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";
  requireKnownArguments(token, args, ["filters", "locationType"], client);
  const found = await allOfferings(client, args);
  return {
    ...args,
    id: client.region,
    instanceTypes: found.map(({ InstanceType }) => InstanceType),
    locationTypes: found.map(({ LocationType }) => LocationType),
    locations: found.map(({ Location }) => Location),
  };
}

/** EC2 gives at most a thousand at a time. */
async function allOfferings(client: Client, args: Properties): Promise<InstanceTypeOffering[]> {
  const filters = filtersIn(args);
  const query = {
    Filters: filters.length > 0 ? filters : undefined,
    LocationType: text(args, "locationType") as LocationType | undefined,
  };
  const found: InstanceTypeOffering[] = [];
  let NextToken: string | undefined;
  do {
    const request = new DescribeInstanceTypeOfferingsCommand({ ...query, NextToken });
    const page = await client.call("reading EC2 Instance Type Offerings", request);
    found.push(...(page.InstanceTypeOfferings ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** aws:ebs/getEncryptionByDefault:getEncryptionByDefault: whether the account encrypts every new volume. */
export async function getEncryptionByDefault(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ebs/getEncryptionByDefault:getEncryptionByDefault", args, [], client);
  const request = new GetEbsEncryptionByDefaultCommand({});
  const { EbsEncryptionByDefault } = await client.call("reading EBS encryption by default", request);
  return { enabled: EbsEncryptionByDefault ?? false, id: client.region };
}
