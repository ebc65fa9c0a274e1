/** `pv-to-hvm inspect snap-…`: finds the snapshot, shows it as a disk, lets the converter inspect that, says how it ended. */
import { homedir } from "node:os";
import * as path from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { regionOf } from "../cli/aws/region";
import { awsSettings } from "../cli/aws/settings";
import { runProgram } from "../cli/program";
import { cleanUpOnSignals, undoAll } from "../converter/cleanup";
import { monotonicMs, secondsSince } from "../converter/clock";
import { formatBytes } from "../converter/disk/sizes";
import { UsageError } from "../converter/errors";
import { printReport } from "../converter/report/printable";
import { type Runner, run } from "../converter/run";
import { describeError, type Output, standardOutput, tellUncaught } from "../converter/standardStreams";
import { reportOfError } from "../converter/steps/inspect";
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

const INSPECT = { name: "inspect", help: HELP, parse: parseInspect };

/** Runs a command line, `inspect` first, and gives the exit status. */
export function main(argv: string[], surroundings: Surroundings): Promise<number> {
  const started = monotonicMs();
  return runProgram(INSPECT, argv, surroundings, (command) =>
    inspect(command, surroundings).catch(async (error: Error) => {
      if (command.json && !(error instanceof UsageError))
        await surroundings.out(
          printReport(reportOfError("inspect", error, secondsSince(started), describeError(error))),
        );
      throw error;
    }),
  );
}

async function inspect(command: InspectCommand, surroundings: Surroundings): Promise<number> {
  const { runner, log } = surroundings;
  const region = await regionOf(command.region);
  await requireMachine(runner);
  const asked: Asked = { subject: command.source, region };
  const ec2 = new EC2Client(awsSettings(region));
  const found = await findSnapshot(command.source, { ec2, region, log }).catch((error: Error) =>
    Promise.reject(tellable(error, asked)),
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
