/** What was typed, understood or refused. Pure. */
import { fileOf } from "../cli/stackOrFile";
import { UsageError } from "../converter/errors";
import { parseOptions } from "../converter/parseOptions";
import { COMMENT_LIMIT, LEAST } from "./fit";

export const HELP = `pv-to-hvm preview-report: what a preview means, for a pull request

  pulumi preview --json --show-sames > preview.json
  pv-to-hvm preview-report [--max-characters N] [FILE]

Reads what \`pulumi preview --json\` printed, from FILE or from standard input, and writes Markdown: what happens to
each migration and why, which machines are made, replaced and deleted and in which order, what stays, how long
it takes and what it costs, roughly. Without --show-sames, migrations that stay as they are have their names only.

  --max-characters N   the longest that the report may be (default ${COMMENT_LIMIT}, GitHub's limit of a comment)
  --help

Exit status: 0 written, also where the preview itself has failed, 2 wrong usage, 3 the file is no preview,
4 the report could not be written.
`;

export interface ReportCommand {
  /** Undefined: standard input. */
  file?: string;
  maxCharacters: number;
}

const FLAGS = {
  "max-characters": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Understands the arguments behind `preview-report`. Throws `UsageError`. */
export function parsePreviewReport(args: string[]): ReportCommand | "help" {
  const { values, positionals } = parseOptions(
    { args, options: FLAGS, allowPositionals: true },
    "`pv-to-hvm preview-report --help` tells what there is.",
  );
  if (values.help) return "help";
  const file = fileOf(positionals);
  return { file: file === "-" ? undefined : file, maxCharacters: charactersIn(values["max-characters"]) };
}

function charactersIn(text: string | undefined): number {
  if (text === undefined) return COMMENT_LIMIT;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= LEAST) return number;
  throw new UsageError(
    `--max-characters: must be a whole number of at least ${LEAST}, got ${text || "an empty text"}.`,
  );
}
