/** EBS' direct APIs, through the AWS SDK. */
import { createHash } from "node:crypto";
import {
  EBSClient,
  type EBSClientConfig,
  GetSnapshotBlockCommand,
  ListSnapshotBlocksCommand,
} from "@aws-sdk/client-ebs";
import { awsSettings } from "../../cli/aws/settings";
import { FailedError } from "../../converter/errors";
import { BLOCK_BYTES, type Page, type SnapshotBlocks, StaleTokenError } from "./source";

/** How often a block is asked for whose checksum is wrong. */
const CHECKSUM_ATTEMPTS = 3;
/** As many as are wanted of one page: EBS gives 100 to 10000. */
const PAGE = 1000;

/** Opens EBS in a region. Without `credentials` by those of the environment or the profile. */
export function openEbs(region: string, credentials?: EBSClientConfig["credentials"]): EBSClient {
  // Adaptive: who was throttled asks more slowly from then on.
  return new EBSClient({ ...awsSettings(region), credentials, retryMode: "adaptive" });
}

/** The blocks of one snapshot. What AWS refuses is thrown as it says it. */
export function blocksOf(snapshotId: string, client: Pick<EBSClient, "send">): SnapshotBlocks {
  return {
    list: (from) => list(snapshotId, from, client),
    get: (index, token) => getWhole(snapshotId, index, token, client),
  };
}

async function list(SnapshotId: string, from: number, client: Pick<EBSClient, "send">): Promise<Page> {
  let NextToken: string | undefined;
  do {
    const request = { SnapshotId, MaxResults: PAGE, StartingBlockIndex: from, NextToken };
    const answer = await client.send(new ListSnapshotBlocksCommand(request));
    // moto gives numbers as texts.
    const blocks = (answer.Blocks ?? [])
      .map(({ BlockIndex, BlockToken = "" }) => ({ index: Number(BlockIndex), token: BlockToken }))
      .filter(({ index }) => index >= from);
    NextToken = answer.NextToken || undefined;
    if (blocks.length > 0 || NextToken === undefined) return { blocks, more: NextToken !== undefined };
  } while (true);
}

async function getWhole(
  snapshotId: string,
  index: number,
  token: string,
  client: Pick<EBSClient, "send">,
): Promise<Buffer> {
  for (let attempt = 1; attempt <= CHECKSUM_ATTEMPTS; attempt++) {
    const data = await get(snapshotId, index, token, client);
    if (data) return data;
  }
  throw new FailedError(
    `${snapshotId}: block ${index} came ${CHECKSUM_ATTEMPTS} times with another SHA-256 than EBS gives for it, so something on the way changes it. Look for a proxy between this machine and AWS, and run the same command again: it goes on from there.`,
  );
}

/** Undefined where the bytes are not those that the checksum is of. */
async function get(
  SnapshotId: string,
  BlockIndex: number,
  BlockToken: string,
  client: Pick<EBSClient, "send">,
): Promise<Buffer | undefined> {
  try {
    const answer = await client.send(new GetSnapshotBlockCommand({ SnapshotId, BlockIndex, BlockToken }));
    const bytes = (await answer.BlockData?.transformToByteArray()) ?? new Uint8Array();
    // The same bytes, and no copy of them.
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const digest = createHash("sha256").update(data).digest("base64");
    return data.length === BLOCK_BYTES && digest === answer.Checksum ? data : undefined;
  } catch (error) {
    if ((error as { Reason?: string }).Reason !== "INVALID_BLOCK_TOKEN") throw error;
    throw new StaleTokenError(`the token of block ${BlockIndex} is good no longer`);
  }
}
