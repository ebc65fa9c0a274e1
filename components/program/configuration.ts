import { readFileSync } from "node:fs";
import type { PvToHvmMigrationArgs } from "../args";
import { privateKeyProblem } from "../checks/privateKey";
import { formatProblem, type Problem, type Refused, visibleError } from "../checks/problems";
import { checkShape, isRecord, isUnknownKey, noStrings, type Rules, shown } from "../checks/shapeChecks";
import { checkArgs } from "../checks/validate";
import { Workbench } from "../enums";
import { ENTRY, type ObjectShape, type Shape } from "../configurationShape";

/** Before each setting of this project in a stack's configuration. */
const NAMESPACE = "pv-to-hvm:";

/** The settings that there are; Pulumi.yaml declares the same. */
const MIGRATIONS = `${NAMESPACE}migrations`;
const HELPERS_AT_ONCE = `${NAMESPACE}helpersAtOnce`;

/** Of `helpersAtOnce`; Pulumi.yaml declares the same. A hundred helpers would be 200 vCPUs and $10 an hour. */
const HELPERS_BY_DEFAULT = "4";

/** What a stack asks for. */
export interface StackConfiguration {
  /** The enabled entries, as the component's arguments, in the order of the configuration. */
  migrations: [name: string, args: PvToHvmMigrationArgs][];
  /** Those with which something is wrong by their keys and kinds. */
  refused: Refused[];
  /** By the name of an entry the one that it had before. */
  formerNames: { [name: string]: string };
  /** How many helpers may run at once; undefined for as many as there are migrations. */
  helpersAtOnce?: number;
}

type Entry = { [key: string]: unknown };
type Entries = { [name: string]: Entry };

/**
 * What a stack's settings ask for: `all` is `pulumi.runtime.allConfig()`, every setting as text by its whole name. Private
 * keys named by a file (`privateKeyFile`, relative to the working directory) are read. Each entry with a key that nobody knows, a
 * value of a wrong kind or a file that is missing is given back with its problems, to be told together with what is wrong with
 * the others. Throws one error with every problem where a setting itself is wrong: the engine checks the settings' own kinds,
 * knows nothing of what is inside them, and passes over settings that Pulumi.yaml does not declare (measured, engine 3.259). It says of a setting that some of it is secret, and not what: taken as a secret, all of it would be one, and
 * the graph's shape unknown. So the component itself marks the private keys.
 */
export function readConfiguration(all: { [key: string]: string }): StackConfiguration {
  keys.clear();
  const { [MIGRATIONS]: text, [HELPERS_AT_ONCE]: helpers = HELPERS_BY_DEFAULT } = all;
  const migrations = parseObject(text);
  const refused = isRecord(migrations) ? checkEntries(migrations) : [];
  const settings = [
    ...checkSettings(Object.keys(all)),
    ...checkHelpersAtOnce(helpers),
    ...checkMigrations(migrations),
    ...checkPlaces(migrations, Number(helpers)),
  ];
  if (settings.length > 0) {
    throw configurationError([...settings, ...refused.flatMap(({ problems }) => problems)]);
  }
  const wrong = refused.map(({ name }) => name);
  const right = Object.entries(migrations as Entries).filter(([name]) => !wrong.includes(name));
  return {
    migrations: right
      .filter(([, { enabled }]) => enabled !== false)
      .map(([name, entry]) => [name, readEntry(entry)]),
    refused,
    formerNames: readFormerNames(right),
    helpersAtOnce: Number(helpers) || undefined,
  };
}

function readFormerNames(entries: [name: string, entry: Entry][]): StackConfiguration["formerNames"] {
  const renamed = entries.filter(([, { formerName }]) => formerName !== undefined);
  return Object.fromEntries(renamed.map(([name, { formerName }]) => [name, formerName as string]));
}

function readEntry({ enabled: _, formerName: __, ...entry }: Entry): PvToHvmMigrationArgs {
  return withKeys(ENTRY, entry) as unknown as PvToHvmMigrationArgs;
}

/** An object's setting is its JSON; whatever else it is stays the text that it is. */
function parseObject(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

function configurationError(problems: Problem[]): Error {
  return visibleError(
    ["The stack's configuration:", ...problems.map((each) => `  ${formatProblem(each)}`)].join("\n"),
  );
}

function checkSettings(names: string[]): Problem[] {
  const known = [MIGRATIONS, HELPERS_AT_ONCE];
  const fix = `The settings of this project are ${known.join(" and ")}.`;
  return names
    .filter((name) => name.startsWith(NAMESPACE) && !known.includes(name))
    .map((path) => ({ path, reason: "is not known", fix }));
}

function checkHelpersAtOnce(text: string): Problem[] {
  if (/^\d+$/.test(text)) return [];
  const reason = `must be a whole number of at least 0, got ${text || "an empty text"}`;
  const fix = `Remove it for ${HELPERS_BY_DEFAULT}, or set 0 for as many helpers as there are migrations.`;
  return [{ path: HELPERS_AT_ONCE, reason, fix }];
}

/** A helper that is kept running gives its place to no other one. */
function checkPlaces(migrations: unknown, helpers: number): Problem[] {
  if (!isRecord(migrations) || !(helpers > 0)) return [];
  const enabled = Object.entries(migrations).filter(([, entry]) => isEnabled(entry));
  const keeping = enabled.filter(([, entry]) => (entry as Entry).workbench === Workbench.Running);
  const needed = keeping.length + (enabled.length > keeping.length ? 1 : 0);
  if (keeping.length === 0 || needed <= helpers) return [];
  const names = keeping.map(([name]) => name).join(", ");
  const reason = `is ${helpers}, but helpers that keep running (workbench: running) take ${keeping.length} places: ${names}`;
  const fix = `Set workbench to stopped for some of them, or helpersAtOnce to at least ${needed} (0: no limit).`;
  return [{ path: HELPERS_AT_ONCE, reason, fix }];
}

function checkMigrations(migrations: unknown): Problem[] {
  const fix = "See stacks/ for worked-out examples.";
  if (migrations === undefined) return [{ path: MIGRATIONS, reason: "is not set", fix }];
  if (!isRecord(migrations)) {
    const reason = `must be an object with a migration a name, got ${shown(migrations)}`;
    return [{ path: "migrations", reason, fix }];
  }
  return [];
}

function checkEntries(entries: Entry): Refused[] {
  return Object.entries(entries)
    .map(([name, entry]) => ({
      name,
      problems: [...checkEntry(name, entry), ...checkFormerName(name, entries)],
    }))
    .filter(({ problems }) => problems.length > 0);
}

/** What one entry takes over, another cannot have. */
function checkFormerName(name: string, entries: Entry): Problem[] {
  const { [name]: entry } = entries;
  const formerName = isRecord(entry) ? entry.formerName : undefined;
  if (typeof formerName !== "string" || !Object.hasOwn(entries, formerName)) return [];
  const reason = `${formerName} is the name of ${formerName === name ? "this entry itself" : "another entry"}`;
  const fix = "Name the entry that this one takes over, which is no longer there; or remove formerName.";
  return [{ path: `migrations.${name}.formerName`, reason, fix }];
}

function isEnabled(entry: unknown): entry is Entry {
  return isRecord(entry) && entry.enabled !== false;
}

function checkEntry(name: string, entry: unknown): Problem[] {
  const path = `migrations.${name}`;
  const problems = checkShape(path, ENTRY, entry, RULES);
  if (!isEnabled(entry)) return problems;
  const all = [...problems, ...checkFiles(path, ENTRY, entry)];
  // A misspelt key keeps nobody from judging the others.
  const isMisspelt = all.length > 0 && all.every(isUnknownKey);
  return isMisspelt ? [...all, ...checkArgs(name, readEntry(entry))] : all;
}

/** Key files, of entries that are switched on alone: those of others may lie with somebody else. */
function checkFiles(path: string, shape: Shape, value: unknown): Problem[] {
  if (typeof shape === "string") {
    return path.endsWith(".privateKeyFile") && typeof value === "string" ? checkFile(path, value) : [];
  }
  if (!isRecord(value)) return [];
  return Object.entries(shape).flatMap(([key, inner]) => checkFiles(`${path}.${key}`, inner, value[key]));
}

/** JSON, all of which is known. */
const RULES: Rules = {
  isJudged: () => true,
  kind(path, kind, value) {
    if (isOfKind(kind, value)) return [];
    if (kind === "strings") return [noStrings(path, value)];
    const wanted = kind === "map" ? "an object of strings" : `a ${kind}`;
    const fix = 'Mind YAML\'s quotes: 1 is a number, "1" a string.';
    return [{ path, reason: `must be ${wanted}, got ${shown(value)}`, fix }];
  },
  object(path, { privateKey, privateKeyFile }) {
    if (privateKey === undefined || privateKeyFile === undefined) return [];
    const reason = "has both privateKey and privateKeyFile";
    return [{ path, reason, fix: "Remove one of the two." }];
  },
};

/** What files of keys held when the configuration was read, by their names. */
const keys = new Map<string, string>();

/**
 * A key's file, read once, however many connections name it: what was judged is what is used, also where the file changes meanwhile
 * or can be read but once (a pipe of a secret manager). Throws where it cannot be read.
 */
function readKey(file: string): string {
  const key = keys.get(file) ?? readFileSync(file, "utf8");
  keys.set(file, key);
  return key;
}

function checkFile(path: string, file: string): Problem[] {
  try {
    const problem = privateKeyProblem(readKey(file));
    return problem ? [{ path, reason: `${file} ${problem.reason}`, fix: problem.fix }] : [];
  } catch (error) {
    const reason = `${file} cannot be read (${(error as Error).message})`;
    const fix =
      "Name a file with the private key, from the project's folder or by its whole path; ~ is not expanded.";
    return [{ path, reason, fix }];
  }
}

function isOfKind(kind: Exclude<Shape, object>, value: unknown): boolean {
  const isString = (each: unknown) => typeof each === "string";
  if (kind === "strings") return Array.isArray(value) && value.every(isString);
  if (kind === "map") return isRecord(value) && Object.values(value).every(isString);
  return typeof value === kind;
}

/** The entry with keys in place of their files, wherever its shape has one: a tag may be called as it likes. */
function withKeys(shape: ObjectShape, entry: Entry): Entry {
  const { privateKeyFile, ...rest } = entry;
  const inner = Object.entries(rest).map(([key, value]) => {
    const below = shape[key];
    return [key, typeof below === "object" ? withKeys(below, value as Entry) : value];
  });
  const read = typeof privateKeyFile === "string" ? { privateKey: readKey(privateKeyFile) } : {};
  return { ...Object.fromEntries(inner), ...read };
}
