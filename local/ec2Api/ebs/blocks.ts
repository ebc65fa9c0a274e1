/** ListSnapshotBlocks and GetSnapshotBlock over the bytes that the local cloud's snapshots have. */
import { statSync } from "node:fs";
import type { Cloud } from "../../cloud/cloud";
import { type SnapshotRecord, tierOf } from "../../cloud/snapshots";
import { ACCOUNT_ID } from "../../cloud/account";
import { allocatedExtents, BLOCK_BYTES, blocksFrom, type Extent, isAllocated, readBlock } from "./allocation";
import { EbsError, invalid } from "./errors";
import { seal, unseal } from "./tokens";

/** As EBS has it. Milliseconds. */
const TOKEN_LIFE_MS = 7 * 24 * 3600 * 1000;
const PAGE = { least: 100, most: 10_000 };

export interface Block {
  data: Buffer;
  checksum: string;
}

/** Those of a file that never changes: listed once. */
const listed = new Map<string, Promise<Extent[]>>();

function extentsOf(file: string): Promise<Extent[]> {
  const { size, mtimeMs, ino } = statSync(file);
  const key = `${file} ${ino} ${size} ${mtimeMs}`;
  const extents = listed.get(key) ?? allocatedExtents(file);
  listed.set(key, extents);
  return extents;
}

/** The answer's JSON. @throws EbsError */
export async function listSnapshotBlocks(
  cloud: Cloud,
  snapshotId: string,
  query: URLSearchParams,
): Promise<object> {
  const { volumeSizeGb } = await requireReadable(cloud, snapshotId);
  const most = wholeNumber(query, "maxResults", PAGE.most);
  if (most < PAGE.least || most > PAGE.most)
    throw invalid("INVALID_PARAMETER_VALUE", `maxResults must be from ${PAGE.least} to ${PAGE.most}`);
  const from = beginningOf(query, snapshotId);
  const extents = await extentsOf(cloud.disks.snapshotFile(snapshotId));
  const expires = Date.now() + TOKEN_LIFE_MS;
  const indexes: number[] = [];
  for (const index of blocksFrom(extents, from)) if (indexes.push(index) > most) break;
  const next = indexes.length > most ? indexes.pop() : undefined;
  return {
    Blocks: indexes.map((index) => ({
      BlockIndex: index,
      BlockToken: seal({ snapshotId, index, expires }),
    })),
    BlockSize: BLOCK_BYTES,
    VolumeSize: volumeSizeGb,
    ExpiryTime: expires / 1000,
    ...(next === undefined ? {} : { NextToken: seal({ snapshotId, index: next, expires }) }),
  };
}

function beginningOf(query: URLSearchParams, snapshotId: string): number {
  const page = query.get("pageToken");
  if (page === null) return wholeNumber(query, "startingBlockIndex", 0);
  const sealed = unseal(page, snapshotId);
  if (!sealed) throw invalid("INVALID_PAGE_TOKEN", "The page token is invalid or has expired");
  return sealed.index;
}

/** The block's bytes. @throws EbsError */
export async function getSnapshotBlock(
  cloud: Cloud,
  snapshotId: string,
  index: number,
  token: string | null,
): Promise<Block> {
  await requireReadable(cloud, snapshotId);
  if (!Number.isSafeInteger(index)) throw invalid("INVALID_BLOCK", "The block index is no number");
  if (token === null || unseal(token, snapshotId)?.index !== index)
    throw invalid("INVALID_BLOCK_TOKEN", "The block token is invalid or has expired");
  const file = cloud.disks.snapshotFile(snapshotId);
  if (!isAllocated(await extentsOf(file), index))
    throw new EbsError("ResourceNotFoundException", "SNAPSHOT_NOT_FOUND", `There is no block ${index}`);
  return readBlock(file, index);
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid("INVALID_PARAMETER_VALUE", `${name} must be a whole number of 0 or more, got ${text}`);
}

/** That of a snapshot whose bytes are there, and may be read. @throws EbsError */
async function requireReadable(cloud: Cloud, snapshotId: string): Promise<SnapshotRecord> {
  if (!/^snap-([0-9a-f]{8}|[0-9a-f]{17})$/.test(snapshotId))
    throw invalid("INVALID_SNAPSHOT_ID", `The snapshot id ${snapshotId} is invalid`);
  const record = (await cloud.snapshots.list()).find((one) => one.snapshotId === snapshotId);
  const missing = `The snapshot '${snapshotId}' does not exist.`;
  if (!record) throw new EbsError("ResourceNotFoundException", "SNAPSHOT_NOT_FOUND", missing);
  // Public ones are not served: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-accessing-snapshot.html
  if (record.ownerId !== ACCOUNT_ID)
    throw new EbsError("AccessDeniedException", "UNAUTHORIZED_ACCOUNT", `Not authorized for ${snapshotId}`);
  if (record.state !== "completed" || tierOf(record) === "archive") {
    const found = record.state === "completed" ? "in the archive tier" : `in the ${record.state} state`;
    throw invalid("INVALID_SNAPSHOT_ID", `The snapshot ${snapshotId} is ${found}`);
  }
  return record;
}
