import { readFileSync } from "node:fs";
import type { PvToHvmMigrationArgs } from "./args";
import { formatProblem, type Problem, visibleError } from "./checks/problems";
import { Workbench } from "./enums";
import { ENTRY, type ObjectShape, type Shape } from "./configurationShape";

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
  /** How many helpers may run at once; undefined for as many as there are migrations. */
  helpersAtOnce?: number;
}

/** Characters of a wrong value that an error repeats. */
const LONGEST_SHOWN = 80;

type Entry = { [key: string]: unknown };
type Entries = { [name: string]: Entry };

/**
 * What a stack's settings ask for: `all` is `pulumi.runtime.allConfig()`, every setting as text by its whole name. Private
 * keys named by a file (`privateKeyFile`, relative to the working directory) are read. Throws one error with every setting
 * and key that nobody knows, every value of a wrong kind and every file that is missing: the engine checks the settings'
 * own kinds, knows nothing of what is inside them, and passes over settings that Pulumi.yaml does not declare (measured,
 * engine 3.259). It says of a setting that some of it is secret, and not what: taken as a secret, all of it would be one, and
 * the graph's shape unknown. So the component itself marks the private keys.
 */
export function readConfiguration(all: { [key: string]: string }): StackConfiguration {
  const { [MIGRATIONS]: text, [HELPERS_AT_ONCE]: helpers = HELPERS_BY_DEFAULT } = all;
  const migrations = parseObject(text);
  const problems = [
    ...checkSettings(Object.keys(all)),
    ...checkHelpersAtOnce(helpers),
    ...checkMigrations(migrations),
    ...checkPlaces(migrations, Number(helpers)),
  ];
  if (problems.length > 0) throw configurationError(problems);
  return { migrations: readMigrations(migrations as Entries), helpersAtOnce: Number(helpers) || undefined };
}

function readMigrations(entries: Entries): StackConfiguration["migrations"] {
  return Object.entries(entries)
    .filter(([, entry]) => entry.enabled !== false)
    .map(([name, { enabled: _, ...entry }]) => [
      name,
      withKeys(ENTRY, entry) as unknown as PvToHvmMigrationArgs,
    ]);
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
  return Object.entries(migrations).flatMap(([name, entry]) => [
    ...check(`migrations.${name}`, ENTRY, entry),
    ...(isEnabled(entry) ? checkFiles(`migrations.${name}`, ENTRY, entry) : []),
  ]);
}

function isEnabled(entry: unknown): boolean {
  return isRecord(entry) && entry.enabled !== false;
}

/** Key files, of entries that are switched on alone: those of others may lie with somebody else. */
function checkFiles(path: string, shape: Shape, value: unknown): Problem[] {
  if (typeof shape === "string") {
    return path.endsWith(".privateKeyFile") && typeof value === "string" ? checkFile(path, value) : [];
  }
  if (!isRecord(value)) return [];
  return Object.entries(shape).flatMap(([key, inner]) => checkFiles(`${path}.${key}`, inner, value[key]));
}

function check(path: string, shape: Shape, value: unknown): Problem[] {
  if (typeof shape === "object") return checkRecord(path, shape, value);
  if (!isOfKind(shape, value)) {
    const wanted =
      shape === "strings" ? "a list of strings" : shape === "map" ? "an object of strings" : `a ${shape}`;
    const fix = 'Mind YAML\'s quotes: 1 is a number, "1" a string.';
    return [{ path, reason: `must be ${wanted}, got ${shown(value)}`, fix }];
  }
  return [];
}

function checkRecord(path: string, shape: ObjectShape, value: unknown): Problem[] {
  if (!isRecord(value)) {
    const fix = `Its keys are ${Object.keys(shape).join(", ")}.`;
    return [{ path, reason: `must be an object, got ${shown(value)}`, fix }];
  }
  if (value.privateKey !== undefined && value.privateKeyFile !== undefined) {
    const reason = "has both privateKey and privateKeyFile";
    return [{ path, reason, fix: "Remove one of the two." }];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = Object.hasOwn(shape, key);
    if (known) return check(`${path}.${key}`, shape[key], inner);
    const fix = `The keys here are ${Object.keys(shape).join(", ")}.`;
    return [{ path: `${path}.${key}`, reason: "is not known", fix }];
  });
}

function checkFile(path: string, file: string): Problem[] {
  try {
    readFileSync(file);
    return [];
  } catch (error) {
    const reason = `${file} cannot be read (${(error as Error).message})`;
    const fix =
      "Name a file with the private key, from the project's folder or by its whole path; ~ is not expanded.";
    return [{ path, reason, fix }];
  }
}

/** A value as an error may show it: what went where a key belongs, or a key where it does not, is nobody's to read. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  if (/PRIVATE KEY|privateKey/.test(text)) return "something with a private key in it";
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)} …` : text;
}

function isOfKind(kind: Exclude<Shape, object>, value: unknown): boolean {
  const isString = (each: unknown) => typeof each === "string";
  if (kind === "strings") return Array.isArray(value) && value.every(isString);
  if (kind === "map") return isRecord(value) && Object.values(value).every(isString);
  return typeof value === kind;
}

function isRecord(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entry with keys in place of their files, wherever its shape has one: a tag may be called as it likes. */
function withKeys(shape: ObjectShape, entry: Entry): Entry {
  const { privateKeyFile, ...rest } = entry;
  const inner = Object.entries(rest).map(([key, value]) => {
    const below = shape[key];
    return [key, typeof below === "object" ? withKeys(below, value as Entry) : value];
  });
  const read = typeof privateKeyFile === "string" ? { privateKey: readFileSync(privateKeyFile, "utf8") } : {};
  return { ...Object.fromEntries(inner), ...read };
}
