/** EBS' direct APIs on the local cloud's snapshots, asked by the AWS SDK. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  EBSClient,
  GetSnapshotBlockCommand,
  ListChangedBlocksCommand,
  ListSnapshotBlocksCommand,
} from "@aws-sdk/client-ebs";
import { rights } from "../../../local/commands/cloudRights";
import { newSnapshot, newVolume, settled } from "../cloud/fixture";
import { type Api, openApi } from "./api";

const BLOCK = 512 * 1024;
const NOTHING = "snap-0123456789abcdef0";

describe("EBS' direct APIs", () => {
  let api: Api;
  let ebs: EBSClient;
  const clients: EBSClient[] = [];
  beforeEach(async () => {
    api = await openApi();
    ebs = clientOf("local");
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await api.end();
  });

  function clientOf(accessKeyId: string): EBSClient {
    const credentials = { accessKeyId, secretAccessKey: "local" };
    const client = new EBSClient({ region: "us-east-1", endpoint: api.url, credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  }

  /** With data in its first block, and in many from the 1000th on. */
  async function sparse(blocks = 250): Promise<string> {
    const { volumeId } = await newVolume(api.cloud);
    const file = api.cloud.disks.volumeFile(volumeId);
    const bytes = Buffer.alloc(blocks * BLOCK);
    for (let block = 0; block < blocks; block++)
      bytes.fill(`block ${block} `, block * BLOCK, block * BLOCK + 4096);
    writeFileSync(file, "first", { flag: "r+" });
    const handle = await open(file, "r+");
    await handle.write(bytes, 0, bytes.length, 1000 * BLOCK);
    await handle.close();
    const { snapshotId } = await api.cloud.snapshots.create(await api.cloud.volumes.describe(volumeId));
    await settled(api.cloud, () => api.cloud.snapshots.describe(snapshotId));
    return snapshotId;
  }

  const list = (SnapshotId: string, more: object = {}) =>
    ebs.send(new ListSnapshotBlocksCommand({ SnapshotId, ...more }));
  const changes = (FirstSnapshotId: string | undefined, SecondSnapshotId: string, more: object = {}) =>
    ebs.send(new ListChangedBlocksCommand({ FirstSnapshotId, SecondSnapshotId, ...more }));
  const get = (SnapshotId: string, BlockIndex: number, BlockToken: string, client = ebs) =>
    client.send(new GetSnapshotBlockCommand({ SnapshotId, BlockIndex, BlockToken }));
  const indexes = ({ Blocks = [] }: { Blocks?: { BlockIndex?: number }[] }) =>
    Blocks.map(({ BlockIndex }) => BlockIndex);

  it("lists the blocks that hold data, and no other", async () => {
    const answer = await list(await sparse());
    assert.equal(answer.VolumeSize, 1);
    assert.equal(answer.BlockSize, BLOCK);
    assert.ok(answer.ExpiryTime && answer.ExpiryTime.getTime() > Date.now() + 24 * 3600 * 1000);
    assert.deepEqual(indexes(answer), [0, ...Array.from({ length: 250 }, (_, index) => 1000 + index)]);
    assert.equal(answer.NextToken, undefined);
  });

  it("lists page by page, and from any block on", async () => {
    const snapshotId = await sparse();
    const first = await list(snapshotId, { MaxResults: 100 });
    assert.equal(indexes(first).length, 100);
    const second = await list(snapshotId, { MaxResults: 100, NextToken: first.NextToken });
    assert.equal(indexes(second)[0], 1099);
    const third = await list(snapshotId, { MaxResults: 100, NextToken: second.NextToken });
    assert.deepEqual([indexes(third).length, third.NextToken], [51, undefined]);
    assert.deepEqual(indexes(await list(snapshotId, { StartingBlockIndex: 1248 })), [1248, 1249]);
    assert.deepEqual(indexes(await list(snapshotId, { StartingBlockIndex: 1250 })), []);
  });

  it("gives a block's bytes with their SHA-256, zeros behind the end of the file as well", async () => {
    const snapshotId = await sparse();
    const { Blocks = [] } = await list(snapshotId, { StartingBlockIndex: 1003 });
    const { BlockIndex = 0, BlockToken = "" } = Blocks[0];
    const answer = await get(snapshotId, BlockIndex, BlockToken);
    const data = Buffer.from((await answer.BlockData?.transformToByteArray()) ?? []);
    const bytes = Buffer.alloc(BLOCK);
    const file = await open(api.cloud.disks.snapshotFile(snapshotId));
    await file.read(bytes, 0, BLOCK, 1003 * BLOCK);
    await file.close();
    assert.ok(data.equals(bytes));
    assert.equal(answer.DataLength, BLOCK);
    assert.equal(answer.ChecksumAlgorithm, "SHA256");
    assert.equal(answer.Checksum, createHash("sha256").update(data).digest("base64"));
  });

  it("refuses tokens of another block or snapshot, and such as nobody gave", async () => {
    const [one, other] = [await sparse(2), await sparse(2)];
    const { Blocks = [] } = await list(one);
    const token = Blocks[1].BlockToken ?? "";
    for (const [id, index, given] of [
      [one, 1001, token],
      [other, 1000, token],
      [one, 1000, "AAAA"],
    ] as [string, number, string][]) {
      await assert.rejects(get(id, index, given), {
        name: "ValidationException",
        Reason: "INVALID_BLOCK_TOKEN",
      });
    }
    await assert.rejects(list(one, { NextToken: "AAAA" }), { Reason: "INVALID_PAGE_TOKEN" });
    await assert.rejects(list(one, { MaxResults: 99 }), { Reason: "INVALID_PARAMETER_VALUE" });
  });

  it("refuses a snapshot that is not there, not whole, archived, or another account's", async () => {
    const { snapshotId } = await newSnapshot(api.cloud, "bytes");
    const record = await api.cloud.snapshots.describe(snapshotId);
    const cases: [change: object, error: object][] = [
      [{ state: "pending" }, { name: "ValidationException", Reason: "INVALID_SNAPSHOT_ID" }],
      [{ state: "error" }, { name: "ValidationException" }],
      [
        { tiering: { tier: "archive", operation: "archival-completed", time: "" } },
        { name: "ValidationException", message: /archive tier/ },
      ],
      [{ ownerId: "136693071363" }, { name: "AccessDeniedException", Reason: "UNAUTHORIZED_ACCOUNT" }],
    ];
    for (const [change, error] of cases) {
      await api.cloud.snapshots.register({ ...record, ...change });
      await assert.rejects(list(snapshotId), error);
    }
    await assert.rejects(list(NOTHING), {
      name: "ResourceNotFoundException",
      Reason: "SNAPSHOT_NOT_FOUND",
    });
  });

  it("lists no changes between snapshots of two volumes, of none, or without a first one", async () => {
    const [one, other] = [await sparse(2), await sparse(2)];
    const error = { name: "ValidationException", Reason: "UNRELATED_SNAPSHOTS" };
    await assert.rejects(changes(one, other), error);
    const record = await api.cloud.snapshots.describe(one);
    const copies = ["snap-00000000000000001", "snap-00000000000000002"];
    for (const snapshotId of copies)
      await api.cloud.snapshots.register({ ...record, snapshotId, volumeId: "vol-ffffffff" });
    await assert.rejects(changes(copies[0], copies[1]), error);
    await assert.rejects(changes(undefined, one), { Reason: "INVALID_PARAMETER_VALUE" });
    await assert.rejects(changes(NOTHING, one), { Reason: "SNAPSHOT_NOT_FOUND" });
    await assert.rejects(changes(one, "snap-1"), { Reason: "INVALID_SNAPSHOT_ID" });
    assert.deepEqual((await changes(one, one)).ChangedBlocks, []);
  });

  it("does not have what it does not have, and says so", async () => {
    const headers = { authorization: "AWS4-HMAC-SHA256 Credential=a/20270131/us-east-1/ebs/aws4_request, b" };
    const answer = await fetch(`${api.url}/snapshots/${NOTHING}/blocks`, { method: "PUT", headers });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /It has ListSnapshotBlocks, ListChangedBlocks and GetSnapshotBlock/);
  });

  it("fails where it was told to, as EBS throttles", async () => {
    const { snapshotId } = await newSnapshot(api.cloud, "bytes");
    await api.cloud.faults.add({ action: "ListSnapshotBlocks", code: "RequestThrottledException" });
    await assert.rejects(list(snapshotId), { name: "RequestThrottledException" });
    assert.equal(indexes(await list(snapshotId)).length, 1);
  });

  it("lets a caller with policies read what they say, and no key that they do not", async () => {
    const { snapshotId } = await newSnapshot(api.cloud, "bytes");
    const file = join(api.directory, "policy.json");
    const Statement = [
      {
        Effect: "Allow",
        Action: ["ebs:ListSnapshotBlocks", "ebs:GetSnapshotBlock"],
        Resource: `arn:aws:ec2:*::snapshot/${snapshotId}`,
      },
    ];
    writeFileSync(file, JSON.stringify({ Version: "2012-10-17", Statement }));
    await rights(api.cloud, ["reader", file]);
    const reader = clientOf("reader");
    const { Blocks = [] } = await reader.send(new ListSnapshotBlocksCommand({ SnapshotId: snapshotId }));
    const { BlockIndex = 0, BlockToken = "" } = Blocks[0];
    await get(snapshotId, BlockIndex, BlockToken, reader);
    await assert.rejects(reader.send(new ListSnapshotBlocksCommand({ SnapshotId: NOTHING })), {
      name: "AccessDeniedException",
      message: new RegExp(
        `perform: ebs:ListSnapshotBlocks on resource: arn:aws:ec2:us-east-1::snapshot/${NOTHING}`,
      ),
    });
    const record = await api.cloud.snapshots.describe(snapshotId);
    const kmsKeyId = "arn:aws:kms:us-east-1:000000000000:key/1";
    await api.cloud.snapshots.register({ ...record, encrypted: true, kmsKeyId });
    await assert.rejects(get(snapshotId, BlockIndex, BlockToken, reader), {
      name: "AccessDeniedException",
      message: /kms:Decrypt on resource: arn:aws:kms/,
    });
  });
});
