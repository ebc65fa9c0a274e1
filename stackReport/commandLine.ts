/** What was typed, understood or refused. Pure. */
import { stackOrFile } from "../cli/stackOrFile";
import { UsageError } from "../converter/errors";
import { parseOptions } from "../converter/parseOptions";

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
export function parseReport(args: string[]): ReportCommand | "help" {
  const { values, positionals } = parseOptions(
    { args, options: FLAGS, allowPositionals: true },
    "`pv-to-hvm report --help` tells what there is.",
  );
  if (values.help) return "help";
  const { full, markdown, json } = values;
  const { stack, file } = stackOrFile(values.stack, positionals);
  if (markdown && json) throw new UsageError("--markdown or --json: choose one of the two.");
  const format = markdown ? "markdown" : json ? "json" : "text";
  return { stack, file: file === "-" ? undefined : file, full, format };
}
