/** What was typed behind `inspect`, where the source is a snapshot or an image on EC2. Pure. */
import { problemsOfRegion } from "../cli/aws/region";
import { parseCommandLine } from "../converter/commandLine";
import { UsageError } from "../converter/errors";
import { parseOptions } from "../converter/parseOptions";

export const HELP = `pv-to-hvm inspect: what is in a snapshot, and what a conversion would do to it

  pv-to-hvm inspect SNAPSHOT|IMAGE   snap-… or ami-… (its root's snapshot), read where it is: no volume,
                                     no instance; writes nothing on EC2

  --region REGION    where it is. Default: that of the environment or the profile
  --cache FOLDER     where blocks that were read are kept (default: ~/.cache/pv-to-hvm/snapshots)
  --for, --layout, --grow, --no-rehearsal, --plan, --summary, --json: as with a disk (pv-to-hvm --help)

Needs root, and the rights of policies/inspect-snapshot.json. docs/inspecting-snapshots.md tells more.
Exit status: 0 done, 2 wrong usage, 3 refused, 4 failed on the way.
`;

export interface InspectCommand {
  /** `snap-…` or `ami-…`. */
  source: string;
  /** Default: that of the environment or the profile. */
  region?: string;
  /** Default: in the home of who runs it. */
  cache?: string;
  json: boolean;
  /** For the converter, behind the disk's name. */
  flags: string[];
}

const OPTIONS = {
  region: { type: "string" },
  cache: { type: "string" },
  for: { type: "string" },
  layout: { type: "string" },
  plan: { type: "string" },
  expect: { type: "string" },
  grow: { type: "boolean" },
  "no-rehearsal": { type: "boolean" },
  "no-check": { type: "boolean" },
  summary: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const ID = /^(snap|ami)-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Understands the arguments, `inspect` first. Throws `UsageError` for what is wrong with them. */
export function parseInspect(argv: string[]): InspectCommand | "help" {
  const { values, positionals } = tokenize(argv);
  if (values.help) return "help";
  const [, source, ...more] = positionals;
  const problems = [...problemsOf(source, more), ...problemsOfRegion(values.region)];
  if (values.cache === "") problems.push("--cache: an empty name. Name a folder.");
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const flags = flagsOf(values);
  // Whatever is wrong with the rest is told before anything is asked of EC2.
  parseCommandLine(["inspect", source, ...flags]);
  return { source, region: values.region, cache: values.cache, json: values.json === true, flags };
}

type Values = ReturnType<typeof tokenize>["values"];

function tokenize(args: string[]) {
  return parseOptions(
    { args, options: OPTIONS, allowPositionals: true },
    "`pv-to-hvm inspect --help` and `pv-to-hvm --help` tell what there is.",
  );
}

function problemsOf(source: string, more: string[]): string[] {
  const wrong = ID.test(source)
    ? []
    : [`${source}: is no id of EC2's: behind snap- or ami- are 8 or 17 of 0-9 and a-f. Copy it once more.`];
  if (more.length === 0) return wrong;
  const several = `inspect: ${source} is on EC2, and goes without a second name, got ${more.join(" ")}. Leave it out.`;
  return [...wrong, several];
}

/** What the converter is given: all but what is about EC2. */
function flagsOf({ region: _region, cache: _cache, help: _help, ...values }: Values): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
}
