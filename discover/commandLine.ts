/** What was typed behind `discover`, understood or refused. Pure. */
import { isRegion } from "../cli/aws/region";
import { UsageError } from "../converter/errors";
import { parseOptions } from "../converter/parseOptions";

export const HELP = `pv-to-hvm discover: which paravirtual images and machines there are, and who uses them

  pv-to-hvm discover [OPTIONS]

Asks EC2 and Auto Scaling, and changes nothing. Prints a table of each paravirtual image that the account owns or uses, and
what has changed since the last time.

Where
  --regions LIST       regions, with commas; or all: those that are switched on in each account.
                       Default: the region of the environment or the profile
  --role-name NAME     takes the role of this name in each account of the organization
  --accounts LIST      with --role-name: in these accounts alone (12 digits each, with commas)

Whether they can be converted
  --inspect            reads the root snapshot of each image where it is, as \`pv-to-hvm inspect\` does. Needs root
  --at-once N          so many snapshots at the same time (default: 2)
  --max-requests N     stops after so many requests for blocks
  --max-cost DOLLARS   stops before the requests for blocks cost more than that

What is printed
  --json               the record of all that was found
  --csv                one line an image, for a spreadsheet
  --html FILE          writes a page that sorts and filters by itself, and prints the table as well
  --write-stack NAME   adds an entry for each image to stacks/Pulumi.NAME.yaml, switched off
  --cache FOLDER       where verdicts and the last record are kept (default: ~/.cache/pv-to-hvm)

Needs the rights of policies/discover.json; with --inspect also those of policies/inspect-snapshot.json.
docs/fleet.md tells more.

Exit status: 0 all was asked, 2 wrong usage, 3 AWS refused something, 4 something failed on the way. With 3 and 4, what was found
is printed all the same, and below it what is missing.
`;

export interface DiscoverCommand {
  /** Names; `all`; or undefined for the region of the environment or the profile. */
  regions?: string[] | "all";
  /** Absent: only the caller's own account is asked. */
  roleName?: string;
  /** Absent, with a role's name: those of the organization. */
  accounts?: string[];
  inspect: boolean;
  atOnce: number;
  maxRequests?: number;
  /** US dollars. */
  maxCost?: number;
  output: "table" | "json" | "csv";
  html?: string;
  /** The stack's name. */
  writeStack?: string;
  cache?: string;
}

const OPTIONS = {
  regions: { type: "string" },
  region: { type: "string" },
  "role-name": { type: "string" },
  accounts: { type: "string" },
  inspect: { type: "boolean", default: false },
  "at-once": { type: "string" },
  "max-requests": { type: "string" },
  "max-cost": { type: "string" },
  json: { type: "boolean", default: false },
  csv: { type: "boolean", default: false },
  html: { type: "string" },
  "write-stack": { type: "string" },
  cache: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const AT_ONCE = { default: 2, most: 16 };

/** Understands the arguments behind `discover`. Throws `UsageError`, with all that is wrong, a line each. */
export function parseDiscover(args: string[]): DiscoverCommand | "help" {
  const { values } = parseOptions(
    { args, options: OPTIONS },
    "`pv-to-hvm discover --help` tells what there is.",
  );
  if (values.help) return "help";
  const problems = [
    ...problemsOfPlaces(values),
    ...problemsOfInspection(values),
    ...problemsOfOutput(values),
  ];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const { inspect, html, cache } = values;
  const regions = listOf(values.regions ?? values.region);
  return {
    ...{ inspect, html, cache },
    regions: regions?.join() === "all" ? "all" : regions,
    roleName: values["role-name"],
    accounts: listOf(values.accounts),
    atOnce: numberOf(values["at-once"]) ?? AT_ONCE.default,
    maxRequests: numberOf(values["max-requests"]),
    maxCost: numberOf(values["max-cost"]),
    writeStack: values["write-stack"],
    output: values.json ? "json" : values.csv ? "csv" : "table",
  };
}

type Values = ReturnType<typeof parseOptions<{ options: typeof OPTIONS }>>["values"];

function problemsOfPlaces(values: Values): string[] {
  const problems: string[] = [];
  if (values.regions !== undefined && values.region !== undefined)
    problems.push("--region: --regions is there as well. Leave one of the two out.");
  const regions = listOf(values.regions ?? values.region) ?? [];
  const wrong = regions.filter((region) => region !== "all" && !isRegion(region));
  wrong.forEach((region) =>
    problems.push(`--regions: "${region}" is no region's name. Name regions like us-east-1, or all.`),
  );
  if (regions.includes("all") && regions.length > 1)
    problems.push("--regions: all stands beside other names. Give all alone, or the names alone.");
  const role = values["role-name"];
  if (role !== undefined && !/^[\w+=,.@/-]{1,64}$/.test(role))
    problems.push(
      `--role-name: "${role}" is no role's name. Give the name alone, without an account or an ARN.`,
    );
  if (values.accounts !== undefined && role === undefined)
    problems.push("--accounts: it goes with --role-name, the role that is taken in each of them. Add it.");
  (listOf(values.accounts) ?? [])
    .filter((account) => !/^\d{12}$/.test(account))
    .forEach((account) =>
      problems.push(`--accounts: "${account}" is no account: it has 12 digits. Copy it once more.`),
    );
  return problems;
}

function problemsOfInspection(values: Values): string[] {
  const problems: string[] = [];
  for (const name of ["at-once", "max-requests", "max-cost"] as const) {
    const value = values[name];
    if (value === undefined) continue;
    if (!values.inspect) problems.push(`--${name}: it goes with --inspect. Add that, or leave it out.`);
    const form = name === "max-cost" ? /^\d+(\.\d+)?$/ : /^[1-9]\d*$/;
    const what = name === "max-cost" ? "dollars, like 5 or 0.50" : "a whole number from 1 on";
    if (!form.test(value)) problems.push(`--${name}: "${value}" must be ${what}.`);
  }
  if (Number(values["at-once"]) > AT_ONCE.most)
    problems.push(
      `--at-once: at most ${AT_ONCE.most}, got ${values["at-once"]}. Each takes memory and a processor.`,
    );
  return problems;
}

/** Pulumi's own rule, and room for an account and a region behind it. */
const STACK = /^[\w.-]{1,60}$/;

function problemsOfOutput(values: Values): string[] {
  const problems: string[] = [];
  if (values.json && values.csv) problems.push("--csv: --json is there as well. Leave one of the two out.");
  if (values.html === "") problems.push("--html: an empty name. Name a file.");
  const stack = values["write-stack"];
  if (stack !== undefined && !STACK.test(stack))
    problems.push(
      `--write-stack: "${stack}" is no stack's name. Use letters, digits, hyphens, underscores and periods.`,
    );
  if (values.cache === "") problems.push("--cache: an empty name. Name a folder.");
  return problems;
}

function listOf(value: string | undefined): string[] | undefined {
  return value === undefined ? undefined : [...new Set(value.split(",").map((each) => each.trim()))];
}

function numberOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
