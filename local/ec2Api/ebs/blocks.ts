/** ListSnapshotBlocks, ListChangedBlocks and GetSnapshotBlock over the bytes that the local cloud's snapshots have. */
import { statSync } from "node:fs";
import type { Cloud } from "../../cloud/cloud";
import { type SnapshotRecord, tierOf } from "../../cloud/snapshots";
import { ACCOUNT_ID } from "../../cloud/account";
import { allocatedExtents, BLOCK_BYTES, blocksFrom, type Extent, isAllocated, readBlock } from "./allocation";
import { EbsError, invalid } from "./errors";
import { seal, unseal } from "./tokens";

/** As EBS has it. Milliseconds. */
const TOKEN_LIFE_MS = 7 * 24 * 3600 * 1000;
/** What EC2 writes where a snapshot was taken of no volume. */
const NO_VOLUME = "vol-ffffffff";
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
  const extents = await extentsOf(cloud.disks.snapshotFile(snapshotId));
  const page = await pageOf(query, snapshotId, (from) => blocksFrom(extents, from));
  return {
    Blocks: page.indexes.map((index) => ({
      BlockIndex: index,
      BlockToken: seal({ snapshotId, index, expires: page.expires }),
    })),
    VolumeSize: volumeSizeGb,
    ...page.rest,
  };
}

/**
 * The blocks that differ between two snapshots of one volume, by their bytes. A token is missing for a snapshot that does not have the
 * block. EBS goes by what was written, so it may list a block that was written with the same bytes; this does not.
 * @throws EbsError
 */
export async function listChangedBlocks(
  cloud: Cloud,
  secondId: string,
  query: URLSearchParams,
): Promise<object> {
  const firstId = query.get("firstSnapshotId");
  if (firstId === null) throw invalid("INVALID_PARAMETER_VALUE", "firstSnapshotId must be given");
  const first = await requireReadable(cloud, firstId);
  const second = await requireReadable(cloud, secondId);
  requireRelated(first, second);
  const [before, after] = await Promise.all([first, second].map((record) => versionOf(cloud, record)));
  const page = await pageOf(query, `${firstId} ${secondId}`, (from) => changedBlocks(before, after, from));
  const tokenOf = ({ snapshotId, extents }: Version, index: number) =>
    isAllocated(extents, index) ? seal({ snapshotId, index, expires: page.expires }) : undefined;
  return {
    ChangedBlocks: page.indexes.map((index) => ({
      BlockIndex: index,
      FirstBlockToken: tokenOf(before, index),
      SecondBlockToken: tokenOf(after, index),
    })),
    VolumeSize: second.volumeSizeGb,
    ...page.rest,
  };
}

/** Of one volume; a snapshot that was not taken of a volume here belongs to no other. */
function requireRelated(first: SnapshotRecord, second: SnapshotRecord): void {
  const isSame = first.snapshotId === second.snapshotId;
  if (isSame || (first.volumeId === second.volumeId && first.volumeId !== NO_VOLUME)) return;
  const volumes = `${first.volumeId} and ${second.volumeId}`;
  throw invalid(
    "UNRELATED_SNAPSHOTS",
    `The snapshots ${first.snapshotId} and ${second.snapshotId} are of different volumes: ${volumes}`,
  );
}

/** A snapshot's file, and where it has data. */
interface Version {
  snapshotId: string;
  file: string;
  extents: Extent[];
}

async function versionOf(cloud: Cloud, { snapshotId }: SnapshotRecord): Promise<Version> {
  const file = cloud.disks.snapshotFile(snapshotId);
  return { snapshotId, file, extents: await extentsOf(file) };
}

/** In order, from `from` on. Nothing is read where neither has data. */
async function* changedBlocks(before: Version, after: Version, from: number): AsyncGenerator<number> {
  const both = [...before.extents, ...after.extents].sort((one, other) => one.start - other.start);
  let done = from;
  for (const { start, end } of both)
    for (let index = Math.max(start, done); index < end; done = ++index)
      if (await isChanged(before, after, index)) yield index;
}

async function isChanged(before: Version, after: Version, index: number): Promise<boolean> {
  if (isAllocated(before.extents, index) !== isAllocated(after.extents, index)) return true;
  const [one, other] = await Promise.all([before, after].map(({ file }) => readBlock(file, index)));
  return !one.data.equals(other.data);
}

interface Page {
  indexes: number[];
  /** Milliseconds since 1970. */
  expires: number;
  /** What every list of blocks ends with. */
  rest: { BlockSize: number; ExpiryTime: number; NextToken?: string };
}

/** As many blocks as a page has, and the token of the next one. `of`: what the list is of, which its tokens are good for. */
async function pageOf(
  query: URLSearchParams,
  of: string,
  blocks: (from: number) => Iterable<number> | AsyncIterable<number>,
): Promise<Page> {
  const most = wholeNumber(query, "maxResults", PAGE.most);
  if (most < PAGE.least || most > PAGE.most)
    throw invalid("INVALID_PARAMETER_VALUE", `maxResults must be from ${PAGE.least} to ${PAGE.most}`);
  const indexes: number[] = [];
  for await (const index of blocks(beginningOf(query, of))) if (indexes.push(index) > most) break;
  const next = indexes.length > most ? indexes.pop() : undefined;
  const expires = Date.now() + TOKEN_LIFE_MS;
  const token = next === undefined ? {} : { NextToken: seal({ snapshotId: of, index: next, expires }) };
  return { indexes, expires, rest: { BlockSize: BLOCK_BYTES, ExpiryTime: expires / 1000, ...token } };
}

function beginningOf(query: URLSearchParams, of: string): number {
  const page = query.get("pageToken");
  if (page === null) return wholeNumber(query, "startingBlockIndex", 0);
  const sealed = unseal(page, of);
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
