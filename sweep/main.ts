/** `pv-to-hvm sweep`: understands its command line, sweeps, says how it ended. */
import { RefusedError, UsageError } from "../converter/errors";
import { type Output, describeError, EXIT, standardOutput, tellUncaught } from "../converter/standardStreams";
import { readBackend } from "./backend";
import { HELP, parseSweep, type SweepCommand } from "./commandLine";
import { openEc2 } from "./ec2";
import { formatSweep, jsonOf, outcomeOf } from "./report";
import { sweep } from "./sweep";

/** Runs a command line (what is behind `sweep`) and gives the exit status. */
export async function main(argv: string[], output: Output): Promise<number> {
  try {
    const command = parseSweep(argv);
    if (command !== "help") return await sweepAndTell(command, output);
    await output.out(HELP);
    return 0;
  } catch (error) {
    return tell(error as Error, output);
  }
}

async function sweepAndTell(command: SweepCommand, { out, log }: Output): Promise<number> {
  const result = await sweep({
    ...command,
    ec2: openEc2({ region: command.region }),
    backend: () => readBackend({ env: process.env, cwd: process.cwd(), log }),
    log,
  });
  await out(command.json ? jsonOf(result) : formatSweep(result));
  log(outcomeOf(result));
  return result.exitStatus;
}

function tell(error: Error, { log }: Output): number {
  if (error instanceof UsageError) {
    error.message.split("\n").forEach((line) => log(`pv-to-hvm sweep: ${line}`));
    return EXIT.USAGE;
  }
  const refused = error instanceof RefusedError;
  const [first, ...rest] = describeError(error).split("\n");
  rest.forEach((line) => log(line));
  log(`${refused ? "REFUSED" : "FAILED"}: ${first}`);
  return refused ? EXIT.REFUSED : EXIT.FAILED;
}

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const output = standardOutput();
  tellUncaught((error) => describeError(error as Error));
  process.exitCode = await main(process.argv.slice(3), output);
}
