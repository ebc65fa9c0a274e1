/** `pv-to-hvm report`: reads a stack's outputs, prints what a person wants to know of its migrations. */
import { outputsOf } from "../cli/pulumi";
import { runProcess, runProgram } from "../cli/program";
import { readFile, readStandardInput } from "../cli/readInput";
import { type Output, standardOutput } from "../converter/standardStreams";
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

const REPORT = { name: "report", help: HELP, parse: parseReport };

/** Runs a command line (what is behind `report`) and gives the exit status. */
export function main(argv: string[], surroundings: Surroundings): Promise<number> {
  return runProgram(REPORT, argv, surroundings, async (command) => {
    const { from, json } = await read(command, surroundings);
    await surroundings.out(`${format(readOutputs(json, from), command, surroundings.paint)}\n`);
    return 0;
  });
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

function start(): Promise<void> {
  const here = { env: process.env, cwd: process.cwd() };
  const surroundings = {
    input: () => readStandardInput(NOTHING, NOTHING_ADVICE),
    outputs: (stack: string) => outputsOf(stack, here),
    paint: paint(wantsColour(process.stdout, process.env)),
  };
  return runProcess(
    (argv, output) => main(argv, { ...output, ...surroundings }),
    standardOutput({ isPainted: true }),
  );
}

if (require.main === module) void start();
