/**
 * What EBS' direct APIs cost, in US dollars a request, in us-east-1, as of November 2026; other regions have prices of their own.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-pricing.html leads to the list.
 */
export const PRICE = { block: 0.003 / 1000, list: 0.0006 / 1000 };

/** For so many calls of GetSnapshotBlock and of ListSnapshotBlocks. */
export function dollarsOf(blocks: number, lists: number): number {
  return blocks * PRICE.block + lists * PRICE.list;
}
