/**
 * Prices for rough estimates: on demand, Linux, us-east-1, in US dollars, as of PRICES_OF. Written down by hand from what AWS
 * publishes (https://aws.amazon.com/ec2/pricing/on-demand/, https://aws.amazon.com/ebs/pricing/), not fetched; other regions
 * cost more, mostly by up to a third.
 */
export const PRICES_OF = "2025";

/** Dollars an hour. The types that helpers and small servers usually are; of all others the price is said to be unknown. */
const HOURLY: Record<string, number> = {
  "t2.micro": 0.0116,
  "t2.small": 0.023,
  "t2.medium": 0.0464,
  "t2.large": 0.0928,
  "t3.nano": 0.0052,
  "t3.micro": 0.0104,
  "t3.small": 0.0208,
  "t3.medium": 0.0416,
  "t3.large": 0.0832,
  "t3.xlarge": 0.1664,
  "t3a.micro": 0.0094,
  "t3a.small": 0.0188,
  "t3a.medium": 0.0376,
  "m4.large": 0.1,
  "m5.large": 0.096,
  "m5.xlarge": 0.192,
  "m6i.large": 0.096,
  "m6i.xlarge": 0.192,
  "m7i.large": 0.1008,
  "m7i-flex.large": 0.0958,
  "m8i.large": 0.1058,
  "m8i-flex.large": 0.1005,
  "c5.large": 0.085,
  "c6i.large": 0.085,
  "c7i.large": 0.0893,
  "r5.large": 0.126,
  "r6i.large": 0.126,
};

/** Dollars an hour of an instance type; undefined where it is not in the table. */
export function hourlyPrice(instanceType: string): number | undefined {
  return Object.hasOwn(HOURLY, instanceType) ? HOURLY[instanceType] : undefined;
}

/** Dollars an hour of a public IPv4 address. */
export const ADDRESS_HOURLY = 0.005;

/** Dollars a GiB and month: of a gp3 volume (gp2 a quarter more), and of a snapshot, which holds no blank blocks. */
export const VOLUME_MONTHLY = 0.08;
export const SNAPSHOT_MONTHLY = 0.05;

export const HOURS_A_MONTH = 730;
