/** The prices that estimates go by: those of prices-2025.json, which says what they are and of when. */
import prices from "./prices-2025.json";

/** When they were written down. */
export const PRICES_OF = prices.asOf;

/** Dollars an hour of a public IPv4 address. */
export const ADDRESS_HOURLY = prices.addressHourly;

/** Dollars a GiB and month: of a gp3 volume (gp2 a quarter more), and of a snapshot, which holds no blank blocks. */
export const VOLUME_MONTHLY = prices.volumeMonthly;
export const SNAPSHOT_MONTHLY = prices.snapshotMonthly;

export const HOURS_A_MONTH = 730;

const HOURLY: Record<string, number> = prices.hourly;

/** Dollars an hour of an instance type; undefined where it is not among those that helpers and small servers usually are. */
export function hourlyPrice(instanceType: string): number | undefined {
  return Object.hasOwn(HOURLY, instanceType) ? HOURLY[instanceType] : undefined;
}
