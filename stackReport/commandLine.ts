/** What was typed, understood or refused. Pure. */
import { parseArgs } from "node:util";
import { UsageError } from "../converter/errors";

export const HELP = `pv-to-hvm report: what was found in the guests of a stack, and what became of them

  pv-to-hvm report --stack NAME [OPTIONS]
  pv-to-hvm report [OPTIONS] [FILE]

Reads the outputs of a stack: by \`pulumi stack output --json\` in this folder, from FILE, or from standard input. Prints a row
for each migration: how far it is, its system, on which types it boots, the files that change, warnings, and what it costs
a month while it waits; below the rows why a migration is refused, and each warning once.

  --stack NAME   a stack of the Pulumi program in this folder
  --full         a page for each migration, with the diff of each file
  --markdown     Markdown, for a ticket; with --full the pages folded away
  --json         the rows as JSON; with --full with all that the outputs have
  --help

Colours only on a terminal, and none where NO_COLOR is set.

Exit status: 0 printed, 2 wrong usage, 3 there are no outputs of a migration, 4 pulumi failed, or the report could not be
written.
`;

export interface ReportCommand {
  /** Where the outputs come from; all three absent: standard input. */
  stack?: string;
  file?: string;
  full: boolean;
  format: "text" | "markdown" | "json";
}

const FLAGS = {
  stack: { type: "string", short: "s" },
  full: { type: "boolean", default: false },
  markdown: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h" },
} as const;

/** Understands the arguments behind `report`. Throws `UsageError`. */
export function parseReport(argv: string[]): ReportCommand | "help" {
  const { values, positionals } = tokenize(argv);
  if (values.help) return "help";
  const { stack, full, markdown, json } = values;
  const [file] = positionals;
  if (positionals.length > 1) throw new UsageError(`one FILE at most, got ${positionals.join(" ")}.`);
  if (stack !== undefined && file !== undefined) {
    throw new UsageError(`the stack ${stack} or the file ${file}: name one of the two.`);
  }
  if (stack === "") throw new UsageError("--stack: an empty name. `pulumi stack ls` lists the stacks.");
  if (markdown && json) throw new UsageError("--markdown or --json: choose one of the two.");
  const format = markdown ? "markdown" : json ? "json" : "text";
  return { stack, file: file === "-" ? undefined : file, full, format };
}

function tokenize(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: FLAGS, allowPositionals: true });
  } catch (error) {
    const [problem] = (error as Error).message.split(/\. To specify|\. This command/);
    throw new UsageError(`${problem}. \`pv-to-hvm report --help\` tells what there is.`);
  }
}
