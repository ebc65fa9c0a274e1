/** A snapshot inspected by EBS direct APIs of the local cloud, each request of which takes as long as one over a network. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { BlockMap } from "../snapshots/blocks/blockMap";
import { BlockCache } from "../snapshots/blocks/cache";
import { blocksOf, openEbs } from "../snapshots/blocks/ebs";
import { SnapshotReader } from "../snapshots/blocks/reader";
import { BLOCK_BYTES } from "../snapshots/blocks/source";
import { ACCOUNT_ID, REGION } from "../local/cloud/account";
import { Cloud } from "../local/cloud/cloud";
import { Clouds } from "../local/ec2Api/clouds";
import { Door } from "../local/ec2Api/door";
import { listen, serve } from "../local/ec2Api/server";
import { makeLargeDisk } from "./large";
import { print, sum } from "./numbers";
import { watchTree } from "./processTree";

/** Of each request, besides what the local cloud takes for it. */
const DELAY_MS = 30;
const RUNS = 3;
const START_TIME = "2014-05-01T00:00:00.000Z";

export async function benchSnapshot(folder: string, root: string, sample: string): Promise<void> {
  const cloud = new Cloud(join(folder, "cloud"));
  const door = new Door(new Clouds(cloud));
  const server = createServer(
    (request, response) => void setTimeout(() => void serve(door, request, response), DELAY_MS),
  );
  const url = await listen(server, 0);
  const environment = {
    ...{ AWS_ENDPOINT_URL_EC2: url, AWS_ENDPOINT_URL_EBS: url, AWS_REGION: REGION },
    ...{ AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_EC2_METADATA_DISABLED: "true" },
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  Object.assign(process.env, environment);
  try {
    await benchSample(folder, root, cloud, sample);
    await benchLarge(folder, root, cloud, sample);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function benchSample(folder: string, root: string, cloud: Cloud, sample: string): Promise<void> {
  const id = await snapshotOf(cloud, sample, "snap-00000000000000001");
  const [first, second]: Inspected[][] = [[], []];
  const whole: { seconds: number; megabytes: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const cache = join(folder, `cache-${run}`);
    first.push(await inspect(root, id, cache));
    second.push(await inspect(root, id, cache));
    whole.push(await readWhole(id, join(folder, `whole-${run}`)));
  }
  console.log(`\nThe sample image as a snapshot, ${DELAY_MS} ms a request`);
  tell("inspected", first);
  tell("inspected again, out of the cache", second);
  printAll("all of it read by the same API", "s", whole, ({ seconds }) => seconds);
  printAll("  read", "MiB", whole, ({ megabytes }) => megabytes);
}

async function benchLarge(folder: string, root: string, cloud: Cloud, sample: string): Promise<void> {
  const id = await snapshotOf(cloud, makeLargeDisk(folder, sample), "snap-00000000000000002");
  console.log(`\n16 TiB, sparse, as a snapshot, ${DELAY_MS} ms a request`);
  tell("inspected", [await inspect(root, id, join(folder, "cache-large"))]);
}

function tell(what: string, runs: Inspected[]): void {
  printAll(what, "s", runs, ({ seconds }) => seconds);
  printAll("  fetched", "MiB", runs, ({ fetched }) => (fetched * BLOCK_BYTES) / 2 ** 20);
  printAll("  memory of both programs", "MB", runs, ({ megabytes }) => megabytes);
}

function printAll<T>(what: string, unit: string, runs: T[], of: (run: T) => number): void {
  print(what, unit, runs.map(of));
}

async function snapshotOf(cloud: Cloud, image: string, snapshotId: string): Promise<string> {
  await cloud.disks.adoptAsSnapshot(image, snapshotId);
  await cloud.snapshots.register({
    ...{ snapshotId, volumeId: "vol-ffffffff", description: "", encrypted: false, ownerId: ACCOUNT_ID },
    ...{ state: "completed", startTime: START_TIME, tags: {} },
    volumeSizeGb: Math.ceil(fs.statSync(image).size / 2 ** 30),
  });
  return snapshotId;
}

interface Inspected {
  seconds: number;
  /** Blocks that came from EBS. */
  fetched: number;
  /** Of this program and the converter, together, when they had most. */
  megabytes: number;
}

/** As a user does. */
async function inspect(root: string, id: string, cache: string): Promise<Inspected> {
  const started = process.hrtime.bigint();
  const words = [join(root, "dist", "bin.cjs"), "inspect", id, "--cache", cache, "--summary"];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
  const tree = watchTree(child.pid as number);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise((resolve) => child.once("close", resolve));
  const used = tree.stop();
  const [, fetched] = /^read (\d+) blocks/m.exec(said) ?? [];
  if (status !== 0 || fetched === undefined) throw new Error(said);
  const programs = used.filter(({ command }) => command.some((word) => word.includes("node")));
  return {
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    fetched: Number(fetched),
    megabytes: sum(programs.map(({ megabytes }) => megabytes)),
  };
}

/** Every block that holds data, by the same reader, in order. */
async function readWhole(
  snapshotId: string,
  folder: string,
): Promise<{ seconds: number; megabytes: number }> {
  const started = process.hrtime.bigint();
  const client = openEbs(REGION);
  const cache = await BlockCache.open(folder, { snapshotId, startTime: START_TIME, sizeGb: 1 });
  const sizeBytes = 2 ** 30;
  const map = new BlockMap(sizeBytes / BLOCK_BYTES);
  const reader = new SnapshotReader(blocksOf(snapshotId, client), map, cache, sizeBytes);
  const piece = 16 * BLOCK_BYTES;
  for (let offset = 0; offset < sizeBytes; offset += piece) await reader.read(offset, piece);
  client.destroy();
  fs.rmSync(folder, { recursive: true });
  return {
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    megabytes: (reader.tally.fetched * BLOCK_BYTES) / 2 ** 20,
  };
}
