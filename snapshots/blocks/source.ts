/** A snapshot's blocks, as whoever reads them needs them: the AWS SDK stands behind it, and in tests something of their own. */

/** EBS' own: https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-elements.html */
export const BLOCK_BYTES = 512 * 1024;

/** One answer to ListSnapshotBlocks. */
export interface Page {
  /** In order. Blocks that are not listed up to the last one were never written to, and are all zeros. */
  blocks: { index: number; token: string }[];
  /** Whether there are blocks behind the last one. */
  more: boolean;
}

export interface SnapshotBlocks {
  /** The blocks with data from an index on. */
  list(from: number): Promise<Page>;
  /**
   * A block's bytes, whose checksum is right.
   * @throws StaleTokenError for a token that is good no longer
   */
  get(index: number, token: string): Promise<Buffer>;
}

/** A token has expired: the blocks have to be listed anew. */
export class StaleTokenError extends Error {}
