/** What was typed, understood or refused with everything that is wrong about it. Pure. */
import { problemsOfRegion } from "../cli/aws/region";
import { UsageError } from "../converter/errors";
import { parseOptions } from "../converter/parseOptions";

export const HELP = `pv-to-hvm sweep: what migrations have left in EC2 and no stack holds

  pv-to-hvm sweep [--region REGION] [OPTIONS]

Runs where \`pulumi\` and AWS credentials are. Compares what carries the tags pv-to-hvm:… in one region of the
account with the states of all stacks of the current Pulumi backend. Changes nothing unless --remove is given.

  --remove               remove the left-overs: helpers, their volumes and security groups, snapshots of sources
  --images               images and their snapshots, too: somebody may launch from them
  --gone PROJECT/STACK   this stack has nothing here any more: all that carries its tag may go (may be given again)
  --older-than AGE       leave what is younger alone: 90m, 2h, 3d (default 1h)
  --strict               exit status 1 also for what is not known here, e.g. after \`pulumi stack rm --force\`
  --region REGION        default: AWS_REGION, or the profile's
  --json                 print all that was found and done as JSON, and nothing else, on standard output
  --help

Launched instances and their root volumes are never removed.

Exit status: 0 nothing is left over, 1 something is (without --remove, or not to be removed; with --strict what is
not known here as well), 2 wrong usage, 3 refused before anything was removed, 4 failed on the way.
`;

export interface SweepCommand {
  remove: boolean;
  images: boolean;
  gone: string[];
  olderThanSeconds: number;
  strict: boolean;
  region?: string;
  json: boolean;
}

const FLAGS = {
  remove: { type: "boolean", default: false },
  images: { type: "boolean", default: false },
  gone: { type: "string", multiple: true, default: [] as string[] },
  "older-than": { type: "string", default: "1h" },
  strict: { type: "boolean", default: false },
  region: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h" },
} as const;

/** Understands the arguments behind `sweep`. Throws `UsageError` with one line for each thing wrong. */
export function parseSweep(args: string[]): SweepCommand | "help" {
  const { values } = parseOptions({ args, options: FLAGS }, "`pv-to-hvm sweep --help` tells what there is.");
  if (values.help) return "help";
  const olderThanSeconds = secondsIn(values["older-than"]);
  const problems = [
    ...values.gone
      .filter(isNoStack)
      .map((name) => `--gone: ${name} is no PROJECT/STACK. Name both, as in the tag.`),
    ...(olderThanSeconds === undefined
      ? [`--older-than: must be as 90m, 2h or 3d, got ${values["older-than"]}.`]
      : []),
    ...problemsOfRegion(values.region),
  ];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const { remove, images, gone, strict, region, json } = values;
  return { remove, images, gone, olderThanSeconds: olderThanSeconds ?? 0, strict, region, json };
}

function isNoStack(name: string): boolean {
  return !/^[^/]+\/[^/]+$/.test(name);
}

const SECONDS_IN: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

function secondsIn(age: string): number | undefined {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(age) ?? [];
  return number === undefined ? undefined : Number(number) * SECONDS_IN[unit];
}
