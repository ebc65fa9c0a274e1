/** What was typed, understood or refused. Pure. */
import { problemsOfRegion } from "../cli/aws/region";
import { stackOrFile } from "../cli/stackOrFile";
import { UsageError } from "../converter/errors";
import { parseOptions } from "../converter/parseOptions";

export const HELP = `pv-to-hvm preflight: would EC2 do what an update is about to ask of it?

  pv-to-hvm preflight [--stack NAME] [OPTIONS]
  pv-to-hvm preflight [OPTIONS] FILE

Previews a stack of the Pulumi program in this folder (\`pulumi preview --json\`), and asks EC2 about everything that the
preview would make or delete: each call as a dry run with its own arguments, whether the zone has the instance types, the
quotas for vCPUs and volumes, the way from the helper's subnet to the package mirrors, encryption and metadata defaults
of the account, and the state of each source. Nothing is made and nothing is changed.

  --stack NAME   the stack. Default: the selected one
  --region NAME  the region. Default: the stack's aws:region, then AWS_REGION and the profile
  --json         the answers as JSON
  --help

FILE: what \`pulumi preview --json\` printed before; - is standard input.

Run it with the credentials of the update. Besides the update's rights it needs those of policies/preflight.json; an answer
that it has no right to is shown as not known.

Exit status: 0 nothing would be refused (what is not known is told), 2 wrong usage, 3 something would be refused, or the
preview was, 4 pulumi or EC2 could not be asked.
`;

export interface PreflightCommand {
  /** Both absent: the stack that is selected. */
  stack?: string;
  /** A preview's JSON; `-` for standard input. */
  file?: string;
  region?: string;
  json: boolean;
}

const FLAGS = {
  stack: { type: "string", short: "s" },
  region: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h" },
} as const;

/** Understands the arguments behind `preflight`. Throws `UsageError`. */
export function parsePreflight(args: string[]): PreflightCommand | "help" {
  const { values, positionals } = parseOptions(
    { args, options: FLAGS, allowPositionals: true },
    "`pv-to-hvm preflight --help` tells what there is.",
  );
  if (values.help) return "help";
  const { region, json } = values;
  const from = stackOrFile(values.stack, positionals);
  const [problem] = problemsOfRegion(region);
  if (problem !== undefined) throw new UsageError(problem);
  return { ...from, region, json };
}
