/** `pv-to-hvm sweep`: understands its command line, sweeps, says how it ended. */
import { regionOf } from "../cli/aws/region";
import { runProcess, runProgram } from "../cli/program";
import type { Output } from "../converter/standardStreams";
import { readBackend } from "./backend";
import { HELP, parseSweep, type SweepCommand } from "./commandLine";
import { openEc2 } from "./ec2";
import { formatSweep, jsonOf, outcomeOf } from "./report";
import { sweep } from "./sweep";

const SWEEP = { name: "sweep", help: HELP, parse: parseSweep };

/** Runs a command line (what is behind `sweep`) and gives the exit status. */
export function main(argv: string[], output: Output): Promise<number> {
  return runProgram(SWEEP, argv, output, (command) => sweepAndTell(command, output));
}

async function sweepAndTell(command: SweepCommand, { out, log }: Output): Promise<number> {
  const result = await sweep({
    ...command,
    ec2: openEc2({ region: await regionOf(command.region) }),
    backend: () => readBackend({ env: process.env, cwd: process.cwd(), log }),
    log,
  });
  await out(command.json ? jsonOf(result) : formatSweep(result));
  log(outcomeOf(result));
  return result.exitStatus;
}

/** Runs the command line of this process. */
export function start(): Promise<void> {
  return runProcess(main);
}
