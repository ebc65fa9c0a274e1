/** ListChangedBlocks: the same disk, written in the same places, on the local cloud and in moto, asked by AWS' own command. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeSync, openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CompleteSnapshotCommand,
  EBSClient,
  GetSnapshotBlockCommand,
  ListChangedBlocksCommand,
  type ListChangedBlocksCommandOutput,
  PutSnapshotBlockCommand,
  StartSnapshotCommand,
} from "@aws-sdk/client-ebs";
import { type Moto, startMoto } from "../../../local/moto";
import { newVolume, settled } from "../cloud/fixture";
import { type Api, openApi } from "./api";

const PYTHON = join(__dirname, "..", "..", "..", ".cache", "ec2-clients", "bin", "python");
const BLOCK = 512 * 1024;

/** What a disk holds in its blocks, before and after. Block 0 stays, 3 changes, 5 is new, and 700 to 819 as well. */
const BEFORE = { 0: "a", 3: "b" };
const NEW = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [700 + index, `c${index}`]));
const AFTER = { ...BEFORE, 3: "B", 5: "d", ...NEW };

type Content = { [block: number]: string };

describe("ListChangedBlocks", function () {
  this.timeout(240_000);
  let api: Api;
  let moto: Moto;
  const clients: EBSClient[] = [];
  before(async () => {
    [api, moto] = await Promise.all([openApi(), startMoto()]);
  });
  after(async () => {
    clients.forEach((client) => client.destroy());
    moto.end();
    await api.end();
  });

  function clientOf(endpoint: string): EBSClient {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new EBSClient({ region: "us-east-1", endpoint, credentials });
    clients.push(client);
    return client;
  }

  /** Two snapshots of one volume, which is written between them. */
  async function here(): Promise<[string, string]> {
    const { volumeId } = await newVolume(api.cloud);
    const snapshot = async (content: Content) => {
      const file = openSync(api.cloud.disks.volumeFile(volumeId), "r+");
      for (const [block, text] of Object.entries(content)) writeSync(file, text, Number(block) * BLOCK);
      closeSync(file);
      const { snapshotId } = await api.cloud.snapshots.create(await api.cloud.volumes.describe(volumeId));
      await settled(api.cloud, () => api.cloud.snapshots.describe(snapshotId));
      return snapshotId;
    };
    return [await snapshot(BEFORE), await snapshot(AFTER)];
  }

  async function inMoto(): Promise<[string, string]> {
    const ebs = clientOf(moto.url);
    const snapshot = async (content: Content) => {
      const { SnapshotId = "" } = await ebs.send(new StartSnapshotCommand({ VolumeSize: 1 }));
      for (const [block, text] of Object.entries(content)) {
        const BlockData = Buffer.alloc(BLOCK);
        BlockData.write(text);
        const Checksum = createHash("sha256").update(BlockData).digest("base64");
        const what = { SnapshotId, BlockIndex: Number(block), BlockData, DataLength: BLOCK, Checksum };
        await ebs.send(new PutSnapshotBlockCommand({ ...what, ChecksumAlgorithm: "SHA256" }));
      }
      const ChangedBlocksCount = Object.keys(content).length;
      await ebs.send(new CompleteSnapshotCommand({ SnapshotId, ChangedBlocksCount }));
      return SnapshotId;
    };
    return [await snapshot(BEFORE), await snapshot(AFTER)];
  }

  const changes = (ebs: EBSClient, [first, second]: [string, string], more: object = {}) =>
    ebs.send(new ListChangedBlocksCommand({ FirstSnapshotId: first, SecondSnapshotId: second, ...more }));
  const shown = ({ ChangedBlocks = [] }: ListChangedBlocksCommandOutput) =>
    ChangedBlocks.map(({ BlockIndex, FirstBlockToken, SecondBlockToken }) => [
      Number(BlockIndex),
      (FirstBlockToken ?? null) !== null,
      (SecondBlockToken ?? null) !== null,
    ]);

  it("lists what moto lists of the same disk, and the other way round", async () => {
    const [ours, theirs] = [await here(), await inMoto()];
    const [local, other] = [clientOf(api.url), clientOf(moto.url)];
    const answer = await changes(local, ours);
    // moto looks at the blocks of the first snapshot alone, so it is asked the other way round for those that are new.
    const forth = shown(await changes(other, theirs));
    const back = shown(await changes(other, [theirs[1], theirs[0]]));
    const added = back.filter(([, , isInOther]) => !isInOther).map(([index, one, two]) => [index, two, one]);
    const told = [...forth, ...added].sort((one, two) => Number(one[0]) - Number(two[0]));
    assert.deepEqual(shown(answer), told);
    assert.deepEqual(told.slice(0, 2), [
      [3, true, true],
      [5, false, true],
    ]);
    assert.deepEqual([answer.BlockSize, answer.VolumeSize, told.length], [BLOCK, 1, 122]);
    assert.deepEqual(shown(await changes(local, [ours[1], ours[0]])).slice(0, 2), [
      [3, true, true],
      [5, true, false],
    ]);
  });

  it("gives tokens by which both sides of a block are read", async () => {
    const ours = await here();
    const ebs = clientOf(api.url);
    const { ChangedBlocks: [third] = [] } = await changes(ebs, ours);
    const read = async (SnapshotId: string, BlockToken = "") => {
      const { BlockData } = await ebs.send(
        new GetSnapshotBlockCommand({ SnapshotId, BlockIndex: 3, BlockToken }),
      );
      return String.fromCharCode((await BlockData?.transformToByteArray())?.[0] ?? 0);
    };
    assert.equal(await read(ours[0], third.FirstBlockToken), "b");
    assert.equal(await read(ours[1], third.SecondBlockToken), "B");
  });

  it("goes page by page, for AWS' own command as well", async () => {
    const [first, second] = await here();
    const ebs = clientOf(api.url);
    const page = await changes(ebs, [first, second], { MaxResults: 100 });
    assert.equal(page.ChangedBlocks?.length, 100);
    await assert.rejects(changes(ebs, [second, first], { NextToken: page.NextToken }), {
      Reason: "INVALID_PAGE_TOKEN",
    });
    const from = shown(await changes(ebs, [first, second], { StartingBlockIndex: 819 }));
    assert.deepEqual(from, [[819, false, true]]);
    const words = ["--first-snapshot-id", first, "--second-snapshot-id", second, "--max-results", "100"];
    const indexes: number[] = [];
    for (let token: string | undefined, pages = 0; pages === 0 || token; pages++) {
      const told = (await aws([...words, ...(token ? ["--next-token", token] : [])])) as Told;
      indexes.push(...told.ChangedBlocks.map(({ BlockIndex }) => BlockIndex));
      token = told.NextToken;
    }
    assert.deepEqual(indexes, [3, 5, ...Object.keys(NEW).map(Number)]);
  });

  async function aws(words: string[]): Promise<unknown> {
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL_EBS: api.url,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    };
    const command = ["-m", "awscli", "ebs", "list-changed-blocks", ...words, "--output", "json"];
    return JSON.parse((await promisify(execFile)(PYTHON, command, { env })).stdout);
  }
});

interface Told {
  ChangedBlocks: { BlockIndex: number }[];
  NextToken?: string;
}
