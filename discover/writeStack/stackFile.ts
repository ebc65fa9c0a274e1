/**
 * A stack's file with entries added. Pure. What stands there stays as it is, byte by byte: the lines of the new entries are put behind the
 * last entry, and nothing is printed anew. The outcome is read again and held against what was there before it is given.
 */
import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  type Pair,
  parseAllDocuments,
  stringify,
  type YAMLMap,
} from "yaml";
import { UsageError } from "../../converter/errors";
import type { Existing, StackEntry } from "./entries";

const MIGRATIONS = "pv-to-hvm:migrations";

/** Of a helper: nobody can know them. The first is no subnet of anybody's, the second an address that stands in documents alone. */
const HELPER = [
  "helper:",
  "  subnetId: subnet-0123456789abcdef0 # put your own subnet here",
  "  allowedCidrs: [203.0.113.7/32] # put your own address here",
];

/** What a stack's file holds, as far as entries are added to it. */
export interface StackFile {
  text: string;
  existing: Existing;
  /** Its `aws:region`. */
  region?: string;
}

type Values = { [key: string]: unknown };

/**
 * Reads a file. `name`: of the file, for messages. A file that is not there is an empty one.
 * @throws UsageError if entries cannot be added to it
 */
export function readStackFile(name: string, text: string): StackFile {
  const { config = {} } = valuesOf(name, text);
  const migrations = (config as Values)[MIGRATIONS] ?? {};
  const entries = Object.entries(migrations as Values);
  const sources = entries.flatMap(([, entry]) => sourcesOf(entry));
  const region = (config as Values)["aws:region"];
  return {
    text,
    existing: { names: entries.map(([entry]) => entry), sources },
    region: typeof region === "string" ? region : undefined,
  };
}

function sourcesOf(entry: unknown): string[] {
  const source = isObject(entry) ? entry.source : undefined;
  const ids = isObject(source) ? [source.imageId, source.snapshotId] : [];
  return ids.filter((id): id is string => typeof id === "string");
}

/** The values of the file. @throws UsageError */
function valuesOf(name: string, text: string): Values {
  const values = plainOf(name, documentOf(name, text)) ?? {};
  if (!isObject(values)) throw refusal(name, "holds no keys and values");
  const { config = {} } = values;
  if (config !== null && !isObject(config)) throw refusal(name, "has a config that holds no settings");
  const migrations = (config ?? {})[MIGRATIONS] ?? {};
  if (!isObject(migrations)) throw refusal(name, `has a ${MIGRATIONS} that holds no entries`);
  if ("secure" in migrations)
    throw refusal(
      name,
      `has a ${MIGRATIONS} that is encrypted as a whole. Only private keys should be secrets`,
    );
  return { ...values, config: config ?? {} };
}

/** @throws UsageError for aliases that lead nowhere, or to too much */
function plainOf(name: string, document: Document.Parsed): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw refusal(name, `is no YAML (${(error as Error).message})`);
  }
}

function documentOf(name: string, text: string): Document.Parsed {
  const all = parseAllDocuments(text, { merge: true });
  if (!Array.isArray(all) || all.length === 0) return parseAllDocuments("{}")[0] as Document.Parsed;
  if (all.length > 1) throw refusal(name, "holds several YAML documents");
  const [document] = all as Document.Parsed[];
  const [error] = document.errors;
  if (error !== undefined)
    throw refusal(name, `is no YAML (${error.message.split("\n")[0].replace(/:$/, "")})`);
  return document;
}

function refusal(name: string, found: string): UsageError {
  return new UsageError(
    `--write-stack: ${name} ${found}. Mend that file, or name another stack. Nothing was written to it.`,
  );
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The file with these entries behind those that it has. Without entries it is the same.
 * @throws UsageError if they cannot be added without a change to what is there
 */
export function withEntries(name: string, text: string, region: string, entries: StackEntry[]): string {
  if (entries.length === 0) return text;
  const before = valuesOf(name, text);
  for (const isTight of [true, false]) {
    const after = added(name, text, region, entries, isTight);
    if (keepsAll(name, before, after, entries)) return after;
  }
  throw refusal(
    name,
    `is written in a way that entries cannot be added to by lines (its ${MIGRATIONS} in braces?)`,
  );
}

/** Whether the outcome says what was said before, and has the new entries besides. */
function keepsAll(name: string, before: Values, after: string, entries: StackEntry[]): boolean {
  try {
    const { config, ...rest } = valuesOf(name, after);
    const { config: configBefore, ...restBefore } = before;
    const { [MIGRATIONS]: migrations, ...settings } = config as Values;
    const { [MIGRATIONS]: migrationsBefore, ...settingsBefore } = configBefore as Values;
    const names = entries.map((entry) => entry.name);
    const all = Object.entries((migrations ?? {}) as Values);
    const old = all.filter(([entry]) => !names.includes(entry));
    const region = Object.hasOwn(settingsBefore, "aws:region") ? {} : without(settings, settingsBefore);
    return (
      all.length === old.length + names.length &&
      isDeepStrictEqual(Object.fromEntries(old), migrationsBefore ?? {}) &&
      isDeepStrictEqual(settings, { ...settingsBefore, ...region }) &&
      isDeepStrictEqual(rest, restBefore)
    );
  } catch {
    return false;
  }
}

/** The region that was added to settings without any migration. */
function without(settings: Values, before: Values): Values {
  const added = Object.entries(settings).filter(([key]) => !Object.hasOwn(before, key));
  return Object.fromEntries(added.filter(([key]) => key === "aws:region"));
}

/** @param isTight before blank lines and comments that stand further left; else behind them. */
function added(name: string, text: string, region: string, entries: StackEntry[], isTight: boolean): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const document = documentOf(name, text);
  const { at, end, lines } = placeIn(document, text, region, entries, isTight);
  const head = text.slice(0, at);
  const gap = head === "" || head.endsWith("\n") ? "" : newline;
  return head + gap + lines.map((line) => line + newline).join("") + text.slice(end);
}

/** Lines, and what of the text they take the place of: nothing, or an empty value. */
interface Piece {
  at: number;
  end: number;
  lines: string[];
}

function placeIn(
  document: Document.Parsed,
  text: string,
  region: string,
  entries: StackEntry[],
  isTight: boolean,
): Piece {
  const root = document.contents;
  const config = isMap(root) ? pairOf(root, "config") : undefined;
  const map = config && blockMapOf(config);
  const migrations = map && pairOf(map, MIGRATIONS);
  const own = migrations && blockMapOf(migrations);
  if (own) return behind(own, text, entryLines(entries), isTight);
  const setting = [`${MIGRATIONS}:`, ...indented(2, entryLines(entries))];
  if (migrations) return inPlaceOf(migrations, text, indented(columnOf(keyStart(migrations), text), setting));
  const regionLine = map && map.has("aws:region") ? [] : [`aws:region: ${region}`];
  if (map) return behind(map, text, [...regionLine, ...setting], isTight);
  const whole = ["config:", ...indented(2, [...regionLine, ...setting])];
  if (config) return inPlaceOf(config, text, whole);
  if (isMap(root) && !root.flow && root.items.length > 0) return behind(root, text, whole, isTight);
  return { at: text.length, end: text.length, lines: text.trim() === "" ? [...HEAD, ...whole] : whole };
}

const HEAD = ["# Written by pv-to-hvm discover. docs/environments.md has every key."];

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** The map of a pair, if it has lines of its own. */
function blockMapOf({ value }: Pair): YAMLMap | undefined {
  return isMap(value) && !value.flow && value.items.length > 0 ? value : undefined;
}

function keyStart({ key }: Pair): number {
  return (isScalar(key) || isAlias(key)) && key.range ? key.range[0] : 0;
}

function columnOf(offset: number, text: string): number {
  return offset - lineStart(offset, text);
}

function lineStart(offset: number, text: string): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** A pair whose value is empty (`{}`, `null`, nothing) is written anew, from the beginning of its line. */
function inPlaceOf(pair: Pair, text: string, lines: string[]): Piece {
  const value = pair.value as { range?: [number, number, number] } | null;
  const from = value?.range?.[1] ?? keyStart(pair);
  const next = text.indexOf("\n", from);
  return { at: lineStart(keyStart(pair), text), end: next < 0 ? text.length : next + 1, lines };
}

/** Behind the last line of a map. */
function behind(map: YAMLMap, text: string, lines: string[], isTight: boolean): Piece {
  const column = columnOf(keyStart(map.items[0] as Pair), text);
  const end = endOf(map, text, column, isTight);
  return { at: end, end, lines: indented(column, lines) };
}

function endOf(map: YAMLMap, text: string, column: number, isTight: boolean): number {
  const last = keyStart(map.items.at(-1) as Pair);
  const starts = lineStarts(text).filter((start) => start > last);
  const isOutside = (start: number) => {
    const line = text.slice(start).split(/\r?\n/, 1)[0];
    return line.trim() !== "" && !line.trim().startsWith("#") && line.search(/\S/) < column;
  };
  const outside = starts.find(isOutside) ?? text.length;
  if (!isTight) return outside;
  const isPart = (start: number) => {
    const line = text.slice(start).split(/\r?\n/, 1)[0];
    return line.trim() !== "" && line.search(/\S/) >= column;
  };
  const part = starts.filter((start) => start < outside && isPart(start)).at(-1) ?? lineStart(last, text);
  const next = text.indexOf("\n", part);
  return next < 0 ? text.length : next + 1;
}

function lineStarts(text: string): number[] {
  return [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
}

function entryLines(entries: StackEntry[]): string[] {
  return entries.flatMap(({ name, imageId, comment, xenAlone }) => [
    ...comment.map((line) => `# ${line}`),
    // Quoted where any version of YAML would read a number or a yes.
    `${stringify(name, { lineWidth: 0, version: "1.1" }).trim()}:`,
    ...indented(2, [
      "enabled: false",
      ...["source:", `  imageId: ${imageId}`],
      ...HELPER,
      ...(xenAlone ? ["guest:", "  families: [xen]"] : []),
      "until: inspect",
    ]),
  ]);
}

function indented(by: number, lines: string[]): string[] {
  return lines.map((line) => " ".repeat(by) + line);
}
