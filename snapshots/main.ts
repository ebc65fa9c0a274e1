/** `pv-to-hvm inspect snap-…`: finds the snapshot, shows it as a disk, lets the converter inspect that, says how it ended. */
import { homedir } from "node:os";
import * as path from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { cleanUpOnSignals, undoAll } from "../converter/cleanup";
import { monotonicMs, secondsSince } from "../converter/clock";
import { formatBytes } from "../converter/disk/sizes";
import { UsageError } from "../converter/errors";
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
import { blocksOf, openEbs } from "./blocks/ebs";
import type { Tally } from "./blocks/reader";
import { dollarsOf } from "./blocks/price";
import { BLOCK_BYTES } from "./blocks/source";
import { HELP, type InspectCommand, parseInspect } from "./commandLine";
import { findSnapshot, type Found } from "./find";
import { inspectSnapshot, requireMachine } from "./inspectSnapshot";
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
  await requireMachine(runner);
  const asked: Asked = { subject: command.source, region };
  const found = await findSnapshot(command.source, { ec2: openClients(region).ec2, region, log }).catch(
    (error: Error) => Promise.reject(tellable(error, asked)),
  );
  return inspectAndTell(found, command, region, surroundings);
}

async function inspectAndTell(
  found: Found,
  command: InspectCommand,
  region: string,
  surroundings: Surroundings,
): Promise<number> {
  const { out, log } = surroundings;
  const { snapshotId, sizeGb } = found;
  const cache = command.cache ?? defaultCache();
  const client = openEbs(region);
  log(`reading ${snapshotId} (${formatBytes(sizeGb * 2 ** 30)}) from ${region}, block by block`);
  const reading = { region, cache, flags: command.flags, blocks: blocksOf(snapshotId, client) };
  const tell = (tally: Tally) => log(inWords(tally, cache));
  const inspected = await inspectSnapshot(found, { ...reading, tell }, surroundings).finally(() =>
    client.destroy(),
  );
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

/** What was read and what that cost. */
export function inWords({ fetched, cached, listed }: Tally, cache: string): string {
  return `read ${fetched} blocks (${formatBytes(fetched * BLOCK_BYTES)}) from EBS in ${fetched + listed} requests, about $${dollarsOf(fetched, listed).toFixed(4)}, and ${cached} from the cache in ${cache}`;
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
