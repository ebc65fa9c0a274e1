import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments } from "./functionArguments";

/** aws:index/getCallerIdentity:getCallerIdentity */
export async function getCallerIdentity(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:index/getCallerIdentity:getCallerIdentity", args, [], client);
  const { Account, Arn, UserId } = await client.caller();
  return { accountId: Account, arn: Arn, id: Account, userId: UserId };
}

/** aws:index/getRegion:getRegion: of the provider's own configuration. */
export async function getRegion(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:index/getRegion:getRegion", args, [], client);
  const { region } = client;
  return { description: region, endpoint: `ec2.${region}.amazonaws.com`, id: region, name: region, region };
}
