/** The frame of a program: its help, its exit status, the streams of its process. */
import { RefusedError, UsageError } from "../converter/errors";
import { describeError, EXIT, type Output, standardOutput, tellUncaught } from "../converter/standardStreams";

export interface Program<Command extends object> {
  /** Behind `pv-to-hvm`. */
  name: string;
  help: string;
  /** Understands a command line. Throws `UsageError`. */
  parse: (argv: string[]) => Command | "help";
}

/** Runs a command line (what is behind the program's name) and gives the exit status. */
export async function runProgram<Command extends object>(
  { name, help, parse }: Program<Command>,
  argv: string[],
  { out, log }: Output,
  work: (command: Command) => Promise<number>,
): Promise<number> {
  try {
    const command = parse(argv);
    if (command !== "help") return await work(command);
    await out(help);
    return 0;
  } catch (error) {
    return tellError(name, error as Error, log);
  }
}

/** Tells the error that ended `pv-to-hvm PROGRAM`, and gives the exit status that says of which kind it is. */
function tellError(program: string, error: Error, log: Output["log"]): number {
  if (error instanceof UsageError) {
    error.message.split("\n").forEach((line) => log(`pv-to-hvm ${program}: ${line}`));
    return EXIT.USAGE;
  }
  const outcome = error instanceof RefusedError ? "REFUSED" : "FAILED";
  log(`${outcome}: ${describeError(error)}`);
  return EXIT[outcome];
}

/** Runs the command line of this process. */
export async function runProcess(
  main: (argv: string[], output: Output) => Promise<number>,
  output = standardOutput(),
): Promise<void> {
  tellUncaught((error) => describeError(error as Error));
  process.exitCode = await main(process.argv.slice(3), output);
}
