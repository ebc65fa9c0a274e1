/** `pv-to-hvm discover`: understands its command line, asks, inspects, prints, says how it ended. */
import { runProgram } from "../cli/program";
import { visibleValue } from "../components/visible";
import { cleanUpOnSignals, undoAll } from "../converter/cleanup";
import { type Runner, run } from "../converter/run";
import { describeError, EXIT, type Output, standardOutput, tellUncaught } from "../converter/standardStreams";
import { changesOf } from "./changes";
import { type DiscoverCommand, HELP, parseDiscover } from "./commandLine";
import { withStage } from "./conversions";
import { discover } from "./discover";
import { checkPage, writePage } from "./output/file";
import { formatCsv } from "./output/csv";
import { totalOf } from "./output/summary";
import { formatTable } from "./output/table";
import { defaultCache, keepPlaces, readBefore } from "./kept";
import { withVerdicts } from "./inspect/verdicts";
import { checkMachine, inspectFleet } from "./inspect/inspectFleet";
import type { Fleet } from "./types";
import { checkStack, writeStacks } from "./writeStack/writeStack";

/** What the program asks of this machine; tests have it otherwise. */
export interface Surroundings extends Output {
  runner: Runner;
  /** The built converter. Default: the one beside this program. */
  program?: string;
}

const DISCOVER = { name: "discover", help: HELP, parse: parseDiscover };

/** Runs a command line (what is behind `discover`) and gives the exit status. */
export function main(argv: string[], surroundings: Surroundings): Promise<number> {
  return runProgram(DISCOVER, argv, surroundings, (command) => discoverAndTell(command, surroundings));
}

async function discoverAndTell(command: DiscoverCommand, surroundings: Surroundings): Promise<number> {
  const { out, log, runner } = surroundings;
  const cache = command.cache ?? defaultCache();
  if (command.html !== undefined) await checkPage(command.html);
  const stacks = command.writeStack === undefined ? undefined : await checkStack(command.writeStack);
  if (command.inspect) await checkMachine(runner);
  const { fleet: found, accounts } = await discover(command, log);
  const known = await withVerdicts(found, cache);
  const inspected = command.inspect
    ? await inspectFleet(known, { ...command, cache, accounts }, surroundings)
    : known;
  const before = await readBefore(
    cache,
    accounts.map(({ id }) => id),
  );
  const staged = inspected.places.map((place) => ({ ...place, images: place.images.map(withStage) }));
  const fleet = visibleValue({ ...inspected, places: staged, changes: changesOf(staged, before) });
  await out(print(fleet, command));
  // What was found is printed before anything else can fail.
  if (command.html !== undefined) await writePage(command.html, fleet);
  await keepPlaces(cache, fleet);
  if (command.writeStack !== undefined && stacks !== undefined)
    (await writeStacks(command.writeStack, stacks, fleet)).forEach(log);
  return tellEnd(fleet, log);
}

function print(fleet: Fleet, { output }: DiscoverCommand): string {
  if (output === "json") return `${JSON.stringify(fleet, null, 2)}\n`;
  return output === "csv" ? formatCsv(fleet) : formatTable(fleet);
}

function tellEnd(fleet: Fleet, log: Output["log"]): number {
  const { unasked } = fleet;
  if (unasked.length === 0) {
    log(`OK: ${totalOf(fleet)}`);
    return 0;
  }
  const status = unasked.some(({ kind }) => kind === "failed") ? EXIT.FAILED : EXIT.REFUSED;
  const word = status === EXIT.FAILED ? "FAILED" : "REFUSED";
  const questions = unasked.length === 1 ? "one answer is" : `${unasked.length} answers are`;
  log(`${word}: ${questions} missing, so this is a part of the fleet: ${totalOf(fleet)}`);
  return status;
}

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const output = standardOutput();
  tellUncaught((error) => describeError(error as Error), undoAll);
  cleanUpOnSignals({
    ended: (signal) =>
      output.log(`FAILED: ended by ${signal}; run the same command again: verdicts that are known are kept`),
    patience: (signal) => output.log(`${signal} again: still cleaning up, wait for it to end`),
  });
  process.exitCode = await main(process.argv.slice(3), { ...output, runner: run });
  await undoAll();
}
