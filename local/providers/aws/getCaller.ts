import { ACCOUNT_ID, REGION } from "../../cloud/account";
import type { Properties } from "../provider";
import { requireKnownArguments } from "./functionArguments";

/** aws:index/getCallerIdentity:getCallerIdentity */
export async function getCallerIdentity(args: Properties): Promise<Properties> {
  requireKnownArguments("aws:index/getCallerIdentity:getCallerIdentity", args, []);
  return {
    accountId: ACCOUNT_ID,
    arn: `arn:aws:iam::${ACCOUNT_ID}:root`,
    id: ACCOUNT_ID,
    userId: ACCOUNT_ID,
  };
}

/** aws:index/getRegion:getRegion */
export async function getRegion(args: Properties): Promise<Properties> {
  requireKnownArguments("aws:index/getRegion:getRegion", args, []);
  return {
    description: "The local cloud",
    endpoint: `ec2.${REGION}.amazonaws.com`,
    id: REGION,
    name: REGION,
    region: REGION,
  };
}
