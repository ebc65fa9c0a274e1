import { ARGUMENTS, type ObjectShape, type Shape } from "../configurationShape";
import { isKnown } from "../known";
import { nearest } from "./nearest";
import type { Problem } from "./problems";

type Entry = { [key: string]: unknown };

/** Characters of a wrong value that an error repeats. */
const LONGEST_SHOWN = 80;

export function isRecord(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as an error may show it: what went where a key belongs, or a key where it does not, is nobody's to read. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (/PRIVATE KEY|privateKey/.test(text)) return "something with a private key in it";
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)} …` : text;
}

const UNKNOWN = "is not known";

/** Whether that is what is wrong. */
export function isUnknownKey({ reason }: Problem): boolean {
  return reason === UNKNOWN;
}

/** A key, the last of a path, that an object of this shape has not. */
function unknownKey(path: string, key: string, shape: ObjectShape): Problem {
  const keys = Object.keys(shape);
  const meant = nearest(key, keys);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  return { path, reason: UNKNOWN, fix: `${question}The keys here are ${keys.join(", ")}.` };
}

/** Something else than an object of this shape. */
function noObject(path: string, shape: ObjectShape, value: unknown): Problem {
  const keys = `Its keys are ${Object.keys(shape).join(", ")}.`;
  const fix = Array.isArray(value)
    ? `It is no list: in YAML write its keys without a dash before them. ${keys}`
    : keys;
  return { path, reason: `must be an object, got ${shown(value)}`, fix };
}

/**
 * What to do about something that is no list of strings, with how it is written. What is given as a single text is most often the
 * one thing that the list shall hold.
 */
export function noStrings(path: string, value: unknown): Problem {
  const key = path.slice(path.lastIndexOf(".") + 1);
  const items = (Array.isArray(value) ? value : [value]).map((item) =>
    ["string", "number", "boolean"].includes(typeof item) ? JSON.stringify(String(item)) : '"…"',
  );
  const list = `[${items.slice(0, MOST_ITEMS).join(", ")}${items.length > MOST_ITEMS ? ", …" : ""}]`;
  const example = `${key}: ${/PRIVATE KEY/.test(list) ? '["…"]' : list}`;
  return { path, reason: `must be a list of strings, got ${shown(value)}`, fix: `Write it as ${example}.` };
}

/** Items of a list that an example repeats. */
const MOST_ITEMS = 3;

/** What a look at values of a shape goes by. */
export interface Rules {
  /** Whether a value can be judged by now. */
  isJudged(value: unknown): boolean;
  /** What is wrong with a value that is to be no object. */
  kind(path: string, wanted: Exclude<Shape, object>, value: unknown): Problem[];
  /** What is wrong with an object besides its keys. */
  object?(path: string, value: Entry): Problem[];
}

/**
 * Values of another kind than a shape says, and keys that it does not have: misspelt, they would go unnoticed. One that is
 * undefined is as good as none.
 */
export function checkShape(path: string, shape: ObjectShape, value: unknown, rules: Rules): Problem[] {
  if (!isRecord(value)) return [noObject(path, shape, value)];
  return [...(rules.object?.(path, value) ?? []), ...checkFields(`${path}.`, shape, value, rules)];
}

function checkFields(prefix: string, shape: ObjectShape, value: Entry, rules: Rules): Problem[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`;
    if (inner === undefined) return [];
    if (!Object.hasOwn(shape, key)) return [unknownKey(path, key, shape)];
    if (!rules.isJudged(inner)) return [];
    const { [key]: wanted } = shape;
    return typeof wanted === "object"
      ? checkShape(path, wanted, inner, rules)
      : rules.kind(path, wanted, inner);
  });
}

/** The component's arguments: what is written in JavaScript, or comes of JSON, is checked by no compiler. */
export function checkArguments(args: unknown): Problem[] {
  if (!isRecord(args)) return [noObject("args", ARGUMENTS, args)];
  return checkFields("", ARGUMENTS, args, { isJudged: isKnown, kind: checkKind });
}

/** Numbers and words are left to those who judge them. */
function checkKind(path: string, kind: Exclude<Shape, object>, value: unknown): Problem[] {
  if (kind === "strings") return Array.isArray(value) ? [] : [noStrings(path, value)];
  const wanted = {
    map: isRecord(value) || "an object of strings",
    string: typeof value === "string" || "a string",
    number: true,
    boolean: true,
  }[kind];
  if (wanted === true) return [];
  return [{ path, reason: `must be ${wanted}, got ${shown(value)}`, fix: `Give it as ${wanted}.` }];
}
