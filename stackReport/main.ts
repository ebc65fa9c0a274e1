/** `pv-to-hvm report`: reads a stack's outputs, prints what a person wants to know of its migrations. */
import {
  type Output,
  describeError,
  standardOutput,
  tellError,
  tellUncaught,
} from "../converter/standardStreams";
import { readFile, readStandardInput } from "../previewReport/readInput";
import { outputsOf } from "./askPulumi";
import { HELP, parseReport, type ReportCommand } from "./commandLine";
import { asMarkdown } from "./markdown";
import { type Migrations, readOutputs } from "./outputs";
import { formatPages } from "./pages";
import { type Paint, paint, wantsColour } from "./paint";
import { rowsOf } from "./rows";
import { formatTable } from "./table";

/** Where the program's words come from and go. Tests give their own. */
export interface Surroundings extends Output {
  /** All of standard input. */
  input: () => Promise<string>;
  /** What `pulumi stack output --json` prints of a stack. */
  outputs: (stack: string) => Promise<string>;
  paint: Paint;
}

const OUTPUTS = "`pulumi stack output --json`";
const FILE_ADVICE = `Name the file that ${OUTPUTS} was written to; a stack is named by --stack.`;
const NOTHING = "no stack and no FILE";
const NOTHING_ADVICE = `Name a stack with --stack, or a file, or send ${OUTPUTS} here by a pipe`;

/** Runs a command line (what is behind `report`) and gives the exit status. */
export async function main(argv: string[], surroundings: Surroundings): Promise<number> {
  const { out, log } = surroundings;
  try {
    const command = parseReport(argv);
    if (command === "help") {
      await out(HELP);
      return 0;
    }
    const { from, json } = await read(command, surroundings);
    await out(`${format(readOutputs(json, from), command, surroundings.paint)}\n`);
    return 0;
  } catch (error) {
    return tellError("report", error as Error, log);
  }
}

async function read({ stack, file }: ReportCommand, { input, outputs }: Surroundings) {
  if (stack !== undefined) return { from: `the stack ${stack}`, json: await outputs(stack) };
  if (file !== undefined) return { from: file, json: readFile(file, FILE_ADVICE) };
  return { from: "standard input", json: await input() };
}

function format(migrations: Migrations, { full, format: as }: ReportCommand, colours: Paint): string {
  const rows = rowsOf(migrations);
  switch (as) {
    case "json":
      return JSON.stringify(
        full ? rows.map((row) => ({ ...row, outputs: migrations[row.name] })) : rows,
        null,
        2,
      );
    case "markdown":
      return asMarkdown(migrations, full);
    default:
      return full ? formatPages(migrations, colours) : formatTable(rows, colours);
  }
}

async function start(): Promise<void> {
  const output = standardOutput({ isPainted: true });
  tellUncaught((error) => describeError(error as Error));
  process.exitCode = await main(process.argv.slice(3), {
    ...output,
    input: () => readStandardInput(NOTHING, NOTHING_ADVICE),
    outputs: (stack) => outputsOf(stack, { env: process.env, cwd: process.cwd() }),
    paint: paint(wantsColour(process.stdout, process.env)),
  });
}

if (require.main === module) void start();
