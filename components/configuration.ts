import { readFileSync } from "node:fs";
import type { PvToHvmMigrationArgs } from "./args";
import { formatProblem, type Problem, visibleError } from "./checks/problems";

/** What a value of the configuration must be; a record for an object with these keys. */
type Shape = "string" | "number" | "boolean" | "strings" | "map" | { [key: string]: Shape };

const JUMP_HOST: Shape = {
  host: "string",
  port: "number",
  user: "string",
  privateKey: "string",
  privateKeyFile: "string",
  hostKey: "string",
};

const CONNECTION: Shape = { ...JUMP_HOST, usePrivateAddress: "boolean", jumpHost: JUMP_HOST };
delete CONNECTION.host;

/** One entry of `migrations`: the component's arguments, `enabled`, and files in place of private keys. */
const ENTRY: { [key: string]: Shape } = {
  enabled: "boolean",
  source: { imageId: "string", snapshotId: "string", architecture: "string" },
  helper: {
    subnetId: "string",
    allowedCidrs: "strings",
    instanceType: "string",
    imageId: "string",
    usePrivateAddress: "boolean",
    jumpHost: JUMP_HOST,
  },
  destination: {
    sizeGb: "number",
    volumeType: "string",
    encrypted: "boolean",
    kmsKeyId: "string",
    grow: "boolean",
    layout: "string",
  },
  guest: { families: "strings" },
  image: { name: "string", description: "string", tags: "map", ena: "boolean" },
  launch: {
    instanceType: "string",
    subnetId: "string",
    securityGroupIds: "strings",
    keyName: "string",
    onNewImage: "string",
    connection: CONNECTION,
  },
  rehearsal: { timeoutSeconds: "number", skip: "boolean" },
  timeouts: {
    helperSeconds: "number",
    stepSeconds: "number",
    snapshotSeconds: "number",
    imageSeconds: "number",
    launchSeconds: "number",
  },
  until: "string",
  revision: "number",
  workbench: "string",
  tags: "map",
};

type Entry = { [key: string]: unknown };

/**
 * The enabled entries of a stack's `migrations`, as the component's arguments. Private keys named by a file
 * (`privateKeyFile`, relative to the working directory) are read. Throws one error with every key that nobody knows,
 * every value of a wrong kind and every file that is missing.
 */
export function readMigrations(configuration: unknown): [name: string, args: PvToHvmMigrationArgs][] {
  const problems = checkConfiguration(configuration);
  if (problems.length > 0) throw configurationError(problems);
  return Object.entries(configuration as { [name: string]: Entry })
    .filter(([, entry]) => entry.enabled !== false)
    .map(([name, { enabled: _, ...entry }]) => [name, withKeys(entry) as unknown as PvToHvmMigrationArgs]);
}

/**
 * How many helpers may be at work at once, of a stack's `helpersAtOnce`; undefined for as many as there are migrations.
 * Throws where it is no whole number of at least 1.
 */
export function readHelpersAtOnce(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const helpers = Number(text);
  if (Number.isInteger(helpers) && helpers >= 1) return helpers;
  const reason = `must be a whole number of at least 1, got ${text || "an empty text"}`;
  const fix = "Remove it for as many helpers as there are migrations.";
  throw configurationError([{ path: "helpersAtOnce", reason, fix }]);
}

function configurationError(problems: Problem[]): Error {
  return visibleError(
    ["The stack's configuration:", ...problems.map((each) => `  ${formatProblem(each)}`)].join("\n"),
  );
}

function checkConfiguration(configuration: unknown): Problem[] {
  if (!isRecord(configuration)) {
    const reason = `must be an object with a migration a name, got ${JSON.stringify(configuration)}`;
    return [{ path: "migrations", reason, fix: "See stacks/ for worked-out examples." }];
  }
  return Object.entries(configuration).flatMap(([name, entry]) => check(`migrations.${name}`, ENTRY, entry));
}

function check(path: string, shape: Shape, value: unknown): Problem[] {
  if (typeof shape === "object") return checkRecord(path, shape, value);
  if (!isOfKind(shape, value)) {
    const wanted =
      shape === "strings" ? "a list of strings" : shape === "map" ? "an object of strings" : `a ${shape}`;
    const fix = 'Mind YAML\'s quotes: 1 is a number, "1" a string.';
    return [{ path, reason: `must be ${wanted}, got ${JSON.stringify(value)}`, fix }];
  }
  return path.endsWith(".privateKeyFile") ? checkFile(path, value as string) : [];
}

function checkRecord(path: string, shape: { [key: string]: Shape }, value: unknown): Problem[] {
  if (!isRecord(value)) {
    const fix = `Its keys are ${Object.keys(shape).join(", ")}.`;
    return [{ path, reason: `must be an object, got ${JSON.stringify(value)}`, fix }];
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

function isOfKind(kind: Exclude<Shape, object>, value: unknown): boolean {
  const isString = (each: unknown) => typeof each === "string";
  if (kind === "strings") return Array.isArray(value) && value.every(isString);
  if (kind === "map") return isRecord(value) && Object.values(value).every(isString);
  return typeof value === kind;
}

function isRecord(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withKeys(entry: Entry): Entry {
  const { privateKeyFile, ...rest } = entry;
  const inner = Object.entries(rest).map(([key, value]) => [key, isRecord(value) ? withKeys(value) : value]);
  const read = typeof privateKeyFile === "string" ? { privateKey: readFileSync(privateKeyFile, "utf8") } : {};
  return { ...Object.fromEntries(inner), ...read };
}
