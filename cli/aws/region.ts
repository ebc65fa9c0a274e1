/** The region that a program asks in. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { REGION } from "../../components/checks/region";
import { UsageError } from "../../converter/errors";
import { awsSettings } from "./settings";

const NAME = new RegExp(`^${REGION}$`);

/** Whether a region can have this name. */
export function isRegion(name: string): boolean {
  return NAME.test(name);
}

/** What is wrong with `--region`, a sentence each. */
export function problemsOfRegion(region: string | undefined): string[] {
  if (region === undefined || isRegion(region)) return [];
  return [`--region: ${JSON.stringify(region)} is no region's name. Name one like us-east-1.`];
}

/**
 * The one that is named, else AWS_REGION, AWS_DEFAULT_REGION (which `aws` and Pulumi's provider read, and the SDK does not), and
 * the profile's. Throws a `UsageError` where there is none; `otherwise`: where else it can be set.
 */
export async function regionOf(named: string | undefined, otherwise = "set AWS_REGION"): Promise<string> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = named || AWS_REGION || AWS_DEFAULT_REGION || (await regionOfProfile());
  if (region !== undefined) return region;
  throw new UsageError(`no region is known. Name it with --region, or ${otherwise}.`);
}

function regionOfProfile(): Promise<string | undefined> {
  return new EC2Client(awsSettings()).config.region().catch(() => undefined);
}
