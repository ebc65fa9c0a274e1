/** `pv-to-hvm inspect snap-…`: finds the snapshot, shows it as a disk, lets the converter inspect that, says how it ended. */
import { homedir } from "node:os";
import * as path from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { cleanUpOnSignals, undoAll } from "../converter/cleanup";
import { monotonicMs, secondsSince } from "../converter/clock";
import { canReplay } from "../converter/disk/filesystem/overlay";
import { adviceForUser } from "../converter/disk/programs";
import { formatBytes } from "../converter/disk/sizes";
import { RefusedError, UsageError } from "../converter/errors";
import { printReport } from "../converter/report/printable";
import { type Runner, run } from "../converter/run";
import {
  describeError,
  type Output,
  standardOutput,
  tellError,
  tellUncaught,
} from "../converter/standardStreams";
import { reportOfError } from "../converter/steps/inspect";
import { openClients } from "../preflight/clients";
import { BlockMap } from "./blocks/blockMap";
import { BlockCache } from "./blocks/cache";
import { blocksOf, openEbs } from "./blocks/ebs";
import { SnapshotReader, type Tally } from "./blocks/reader";
import { BLOCK_BYTES } from "./blocks/source";
import { HELP, type InspectCommand, parseInspect } from "./commandLine";
import { inspectFile, type Inspected } from "./converter";
import { withFile } from "./device";
import { findSnapshot, type Found } from "./find";
import { type Asked, tellable } from "./refusals";

/** What the program asks of this machine; tests have it otherwise. */
export interface Surroundings extends Output {
  runner: Runner;
  /** The built converter. Default: the one beside this program. */
  program?: string;
}

/** Runs a command line, `inspect` first, and gives the exit status. */
export async function main(argv: string[], surroundings: Surroundings): Promise<number> {
  const { out, log } = surroundings;
  const started = monotonicMs();
  let command: InspectCommand | "help" | undefined;
  try {
    command = parseInspect(argv);
    if (command === "help") {
      await out(HELP);
      return 0;
    }
    return await inspect(command, surroundings);
  } catch (error) {
    if (command !== undefined && command !== "help" && command.json && !(error instanceof UsageError))
      await out(
        printReport(reportOfError("inspect", error, secondsSince(started), describeError(error as Error))),
      );
    return tellError("inspect", error as Error, log);
  }
}

async function inspect(command: InspectCommand, surroundings: Surroundings): Promise<number> {
  const { runner, log } = surroundings;
  // It speaks to those who choose the SDK's version, which is inside the program.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const region = await regionOf(command);
  const missing = [
    ...adviceForUser(process.getuid?.()),
    ...(await canReplay(runner, "showing the snapshot as a disk")),
  ];
  if (missing.length > 0) throw new RefusedError(missing);
  const asked: Asked = { subject: command.source, region };
  const found = await findSnapshot(command.source, { ec2: openClients(region).ec2, region, log }).catch(
    (error: Error) => Promise.reject(tellable(error, asked)),
  );
  return inspectSnapshot(found, command, region, surroundings);
}

async function inspectSnapshot(
  found: Found,
  command: InspectCommand,
  region: string,
  { runner, program, out, log }: Surroundings,
): Promise<number> {
  const { snapshotId, sizeGb } = found;
  const root = command.cache ?? defaultCache();
  const cache = await BlockCache.open(root, found);
  const sizeBytes = sizeGb * 2 ** 30;
  const map = new BlockMap(sizeBytes / BLOCK_BYTES, cache.map);
  const client = openEbs(region);
  const reader = new SnapshotReader(blocksOf(snapshotId, client), map, cache, sizeBytes);
  const failed = reader.failed.catch((error: Error) =>
    Promise.reject(tellable(error, { ...found, subject: snapshotId, region })),
  );
  failed.catch(() => undefined);
  log(`reading ${snapshotId} (${formatBytes(sizeBytes)}) from ${region}, block by block`);
  let inspected: Inspected;
  try {
    inspected = await withFile(reader, snapshotId, runner, (file) =>
      inspectFile({ file, name: snapshotId, flags: command.flags, log, failed, program }),
    );
  } finally {
    client.destroy();
    log(inWords(reader.tally, root));
    await reader.keepMap();
  }
  if (inspected.text !== "") await out(inspected.text);
  log(inspected.outcome);
  return inspected.status;
}

async function regionOf({ region }: InspectCommand): Promise<string> {
  if (region !== undefined) return region;
  return new EC2Client({}).config.region().catch(() => {
    throw new UsageError("no region is known. Name it with --region, or set AWS_REGION.");
  });
}

function defaultCache(): string {
  const { XDG_CACHE_HOME: caches } = process.env;
  return path.join(caches || path.join(homedir(), ".cache"), "pv-to-hvm", "snapshots");
}

/** US dollars, us-east-1: https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-pricing.html */
const PRICE = { block: 0.003 / 1000, list: 0.0006 / 1000 };

/** What was read and what that cost. */
export function inWords({ fetched, cached, listed }: Tally, cache: string): string {
  const cost = fetched * PRICE.block + listed * PRICE.list;
  return `read ${fetched} blocks (${formatBytes(fetched * BLOCK_BYTES)}) from EBS in ${fetched + listed} requests, about $${cost.toFixed(4)}, and ${cached} from the cache in ${cache}`;
}

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const output = standardOutput();
  tellUncaught((error) => describeError(error as Error), undoAll);
  cleanUpOnSignals({
    ended: (signal) =>
      output.log(`FAILED: ended by ${signal}; run the same command again: what was read is kept`),
    patience: (signal) => output.log(`${signal} again: still cleaning up, wait for it to end`),
  });
  process.exitCode = await main(process.argv.slice(2), { ...output, runner: run });
  await undoAll();
}
