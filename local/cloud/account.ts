/** Whose cloud this is and where it lies. One account and one region; two zones, so that a wrong zone can be told. */

/** The account of whoever uses the local cloud: no real account has this number. */
export const ACCOUNT_ID = "000000000000";
export const REGION = "us-east-1";
export const ZONES = ["us-east-1a", "us-east-1b"];
/** The account in which Debian publishes its images: https://wiki.debian.org/Cloud/AmazonEC2Image */
export const DEBIAN_ACCOUNT_ID = "136693071363";

/** ARN of an EC2 resource, e.g. `volume/vol-…`. Images and snapshots are named without an account, as EC2 does. */
export function ec2Arn(resource: string): string {
  const owner = /^(image|snapshot)\//.test(resource) ? "" : ACCOUNT_ID;
  return `arn:aws:ec2:${REGION}:${owner}:${resource}`;
}
