/** Understands what `pulumi stack output --json` printed, or says what it is instead. Pure. */
import type { BootProof } from "../components/steps/bootProof";
import type { ConversionPlan, ConversionReport } from "../components/report/reported";
import type { SourceReport } from "../components/report/reportedSource";
import { visibleValue } from "../components/visible";
import { RefusedError } from "../converter/errors";
import { isRecord } from "../cli/preview/preview";

/** The stack's outputs: one of these a migration. */
export type Migrations = Record<string, Results>;

/** What a migration gave, as far as it came. A program of the user's own may export less of it. */
export interface Results {
  imageId?: string;
  snapshotId?: string;
  instanceId?: string;
  address?: string;
  report?: ConversionReport;
  plan?: Partial<ConversionPlan>;
  sourceReport?: SourceReport;
  bootProof?: BootProof;
}

const HOW = "Give it what `pulumi stack output --json` prints, or name a stack with --stack.";

/** What the engine prints for an output that is secret. */
const SECRET = "[secret]";

/** By which an output is known for a migration's. */
const KEYS: (keyof Results)[] = ["report", "plan", "sourceReport", "imageId", "snapshotId", "bootProof"];

/** `from`: the file's or the stack's name, for errors. Throws `RefusedError` where there is no migration in it. */
export function readOutputs(text: string, from: string): Migrations {
  const outputs = visibleValue(parsed(text, from));
  const other = whatElse(outputs);
  if (other) return refuse(from, other.found, other.advice);
  const entries = Object.entries(outputs as Values);
  if (entries.length === 0) {
    return refuse(
      from,
      "has no outputs.",
      "Run `pulumi up` first: outputs are there once an update has ended well.",
    );
  }
  const secret = secretIn(entries);
  if (secret.length > 0) return refuse(from, notShown(secret), SHOW_SECRETS);
  const migrations = entries.flatMap(([name, value]) => migrationIn(name, value));
  if (migrations.length > 0) return Object.fromEntries(migrations);
  const none = noMigration(entries);
  return refuse(from, none.found, none.advice);
}

type Values = Record<string, unknown>;

function parsed(text: string, from: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") return refuse(from, "is empty.", `Look at what pulumi said on standard error. ${HOW}`);
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    const [first] = trimmed.split("\n");
    const isJson = /^[{[]/.test(trimmed);
    const found = isJson
      ? `is no whole JSON: ${(error as Error).message}.`
      : `is no JSON: it begins with ${JSON.stringify(first.slice(0, 60))}.`;
    return refuse(from, found, HOW);
  }
}

function whatElse(outputs: unknown): { found: string; advice: string } | undefined {
  if (!isRecord(outputs)) {
    const kind = Array.isArray(outputs) ? "a list" : outputs === null ? "null" : `a ${typeof outputs}`;
    return { found: `is JSON, but ${kind} and no object.`, advice: HOW };
  }
  if ("deployment" in outputs) {
    return { found: "is an exported state of a stack, and not its outputs.", advice: HOW };
  }
  if ("steps" in outputs && "changeSummary" in outputs) {
    return { found: "is a preview.", advice: "`pv-to-hvm preview-report` reads previews." };
  }
  return undefined;
}

/** A migration's outputs below a name, as the stack program has them; or its `report` alone. */
function migrationIn(name: string, value: unknown): [string, Results][] {
  if (!isRecord(value)) return [];
  if (isReport(value)) return [[name, { report: value }]];
  if (!KEYS.some((key) => key in value) && Object.keys(value).length > 0) return [];
  // A migration that was made, and has come to nothing yet, is an object without anything in it.
  const { report, ...rest } = value as Results;
  return [[name, { ...rest, ...(isReport(report) ? { report } : {}) }]];
}

function isReport(value: unknown): value is ConversionReport {
  return (
    isRecord(value) && ["edits", "verdicts", "warnings", "steps"].every((key) => Array.isArray(value[key]))
  );
}

const SHOW_SECRETS = "Send it `pulumi stack output --json --show-secrets` by a pipe.";

function notShown(names: string[]): string {
  return `has secret outputs, which are not shown: ${names.join(", ")}.`;
}

/** What of a migration is a secret, as `secretReports` makes it: without it there is nothing to tell of the migration. */
function secretIn(entries: [string, unknown][]): string[] {
  return entries.flatMap(([name, value]) =>
    isRecord(value) ? KEYS.filter((key) => value[key] === SECRET).map((key) => `${name}.${key}`) : [],
  );
}

function noMigration(entries: [string, unknown][]): { found: string; advice: string } {
  const secret = entries.filter(([, value]) => value === SECRET).map(([name]) => name);
  if (secret.length > 0) return { found: notShown(secret), advice: SHOW_SECRETS };
  const names = entries.map(([name]) => name);
  const shown = names.slice(0, 5).join(", ") + (names.length > 5 ? " …" : "");
  const advice =
    "Name a stack of this project; in a program of your own, export `report` and `plan` of each migration: " +
    "`export const web = { report: migration.report, plan: migration.plan };`.";
  return { found: `has no migration among its outputs (${shown}).`, advice };
}

function refuse(subject: string, found: string, advice: string): never {
  throw new RefusedError([{ subject, found, advice }]);
}
