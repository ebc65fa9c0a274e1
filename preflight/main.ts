/** `pv-to-hvm preflight`: previews, asks EC2, says what it answered. */
import { runProcess, runProgram } from "../cli/program";
import { readFile, readStandardInput } from "../cli/readInput";
import { visibleValue } from "../components/visible";
import { EXIT, type Output } from "../converter/standardStreams";
import { previewOf, understood } from "./askPreview";
import { HELP, parsePreflight, type PreflightCommand } from "./commandLine";
import { preflight } from "./preflight";
import { formatTable, outcomeOf } from "./table";

/** Where the program's words come from and go. Tests give their own. */
export interface Surroundings extends Output {
  /** All of standard input. */
  input: () => Promise<string>;
  /** What `pulumi preview --json` prints of a stack, or of the selected one. */
  preview: (stack: string | undefined) => Promise<string>;
}

const ADVICE = "Name the file that `pulumi preview --json` was written to; a stack is named by --stack";

const PREFLIGHT = { name: "preflight", help: HELP, parse: parsePreflight };

/** Runs a command line (what is behind `preflight`) and gives the exit status. */
export function main(argv: string[], surroundings: Surroundings): Promise<number> {
  return runProgram(PREFLIGHT, argv, surroundings, (command) => askAndTell(command, surroundings));
}

async function askAndTell(command: PreflightCommand, surroundings: Surroundings): Promise<number> {
  const { from, text } = await read(command, surroundings);
  const rows = await preflight(understood(text, from), command.region);
  await surroundings.out(
    command.json ? `${JSON.stringify(visibleValue(rows), null, 2)}\n` : formatTable(rows),
  );
  surroundings.log(outcomeOf(rows));
  return rows.some(({ answer }) => answer === "no") ? EXIT.REFUSED : 0;
}

async function read({ stack, file }: PreflightCommand, { input, preview }: Surroundings) {
  if (file === "-") return { from: "standard input", text: await input() };
  if (file !== undefined) return { from: file, text: readFile(file, `${ADVICE}.`) };
  return { from: stack ?? "the selected stack", text: await preview(stack) };
}

/** Runs the command line of this process. */
export function start(): Promise<void> {
  const input = () => readStandardInput("no FILE", ADVICE);
  const preview = (stack?: string) => previewOf(stack, { env: process.env, cwd: process.cwd() });
  return runProcess((argv, output) => main(argv, { ...output, input, preview }));
}
