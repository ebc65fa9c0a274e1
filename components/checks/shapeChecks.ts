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

/** A key that an object of this shape has not. */
export function unknownKey(path: string, key: string, shape: ObjectShape): Problem {
  const keys = Object.keys(shape);
  const meant = nearest(key, keys);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  return {
    path: path ? `${path}.${key}` : key,
    reason: UNKNOWN,
    fix: `${question}The keys here are ${keys.join(", ")}.`,
  };
}

/** Something else than an object of this shape. */
export function noObject(path: string, shape: ObjectShape, value: unknown): Problem {
  const fix = `Its keys are ${Object.keys(shape).join(", ")}.`;
  return { path, reason: `must be an object, got ${shown(value)}`, fix };
}

/**
 * Arguments of another kind than the schema says, as far as they are known: what is written in JavaScript, or comes of JSON, is
 * checked by no compiler. Numbers and words are left to those who judge them.
 */
export function checkKinds(args: unknown): Problem[] {
  if (!isRecord(args)) return [noObject("args", ARGUMENTS, args)];
  return kindsBelow("", ARGUMENTS, args);
}

function kindsBelow(prefix: string, shape: ObjectShape, value: Entry): Problem[] {
  return Object.entries(shape).flatMap(([key, inner]) => kindOf(`${prefix}${key}`, inner, value[key]));
}

function kindOf(path: string, shape: Shape, value: unknown): Problem[] {
  if (!isKnown(value)) return [];
  if (typeof shape === "object") {
    return isRecord(value) ? kindsBelow(`${path}.`, shape, value) : [noObject(path, shape, value)];
  }
  const wanted = {
    strings: Array.isArray(value) || "a list of strings",
    map: isRecord(value) || "an object of strings",
    string: typeof value === "string" || "a string",
    number: true,
    boolean: true,
  }[shape];
  if (wanted === true) return [];
  return [{ path, reason: `must be ${wanted}, got ${shown(value)}`, fix: `Give it as ${wanted}.` }];
}

/** Arguments that nobody knows: misspelt, they would go unnoticed. One that is undefined is as good as none. */
export function checkKeys(args: object): Problem[] {
  return keysBelow("", ARGUMENTS, args as Entry);
}

function keysBelow(path: string, shape: ObjectShape, value: Entry): Problem[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined) return [];
    if (!Object.hasOwn(shape, key)) return [unknownKey(path, key, shape)];
    const below = shape[key];
    const isObject = typeof below === "object" && isKnown(inner);
    return isObject ? keysBelow(path ? `${path}.${key}` : key, below, inner as Entry) : [];
  });
}
