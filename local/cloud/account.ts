/** Whose cloud this is and where it lies. One account; each region has two zones, so that a wrong zone can be told. */

/** The account of whoever uses the local cloud: no real account has this number. */
export const ACCOUNT_ID = "000000000000";
/** Where the seeded images are, and where one is who names no region. */
export const REGION = "us-east-1";
/** Those that there are. Every other than the first is empty, but for its network. */
export const REGIONS: readonly string[] = [REGION, "us-west-2", "eu-central-1"];
/** The account in which Debian publishes its images: https://wiki.debian.org/Cloud/AmazonEC2Image */
export const DEBIAN_ACCOUNT_ID = "136693071363";

/** The zones of a region. */
export function zonesOf(region: string): string[] {
  return ["a", "b"].map((letter) => region + letter);
}

export const ZONES = zonesOf(REGION);

/** ARN of an EC2 resource, e.g. `volume/vol-…`. Images and snapshots are named without an account, as EC2 does. */
export function ec2Arn(resource: string, region = REGION): string {
  const owner = /^(image|snapshot)\//.test(resource) ? "" : ACCOUNT_ID;
  return `arn:aws:ec2:${region}:${owner}:${resource}`;
}
