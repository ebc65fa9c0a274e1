/** `pv-to-hvm preflight`: previews, asks EC2, says what it answered. */
import { visibleValue } from "../components/visible";
import {
  type Output,
  describeError,
  EXIT,
  standardOutput,
  tellError,
  tellUncaught,
} from "../converter/standardStreams";
import { readFile, readStandardInput } from "../previewReport/readInput";
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

/** Runs a command line (what is behind `preflight`) and gives the exit status. */
export async function main(argv: string[], surroundings: Surroundings): Promise<number> {
  const { out, log } = surroundings;
  try {
    const command = parsePreflight(argv);
    if (command === "help") {
      await out(HELP);
      return 0;
    }
    const { from, text } = await read(command, surroundings);
    const rows = await preflight(understood(text, from), command.region);
    await out(command.json ? `${JSON.stringify(visibleValue(rows), null, 2)}\n` : formatTable(rows));
    log(outcomeOf(rows));
    return rows.some(({ answer }) => answer === "no") ? EXIT.REFUSED : 0;
  } catch (error) {
    return tellError("preflight", error as Error, log);
  }
}

async function read({ stack, file }: PreflightCommand, { input, preview }: Surroundings) {
  if (file === "-") return { from: "standard input", text: await input() };
  if (file !== undefined) return { from: file, text: readFile(file, `${ADVICE}.`) };
  return { from: stack ?? "the selected stack", text: await preview(stack) };
}

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const output = standardOutput();
  tellUncaught((error) => describeError(error as Error));
  process.exitCode = await main(process.argv.slice(3), {
    ...output,
    input: () => readStandardInput("no FILE", ADVICE),
    preview: (stack) => previewOf(stack, { env: process.env, cwd: process.cwd() }),
  });
}
