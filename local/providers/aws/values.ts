/** Reading properties: plain values of the expected type, absent ones undefined, anything else an error by name. */
import type { Filter } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Tags } from "./tagging";

export function text(from: Properties, name: string): string | undefined {
  return valueOf<string>(from, name, "a string", (value) => typeof value === "string");
}

/** A property that `check` has found to be there. */
export function requiredText(from: Properties, name: string): string {
  const value = text(from, name);
  if (value === undefined) throw new Error(`${name}: is required. Set it.`);
  return value;
}

export function number(from: Properties, name: string): number | undefined {
  return valueOf<number>(from, name, "a number", (value) => typeof value === "number");
}

export function flag(from: Properties, name: string): boolean | undefined {
  return valueOf<boolean>(from, name, "true or false", (value) => typeof value === "boolean");
}

/** Default: none. */
export function texts(from: Properties, name: string): string[] | undefined {
  return valueOf<string[]>(from, name, "a list of strings", isListOf("string"));
}

/** Default: none. */
export function objects(from: Properties, name: string): Properties[] {
  return valueOf<Properties[]>(from, name, "a list of objects", isListOf("object")) ?? [];
}

export function object(from: Properties, name: string): Properties | undefined {
  return valueOf<Properties>(
    from,
    name,
    "an object",
    (value) => typeof value === "object" && !Array.isArray(value),
  );
}

/** Default: none. */
export function tagsIn(from: Properties, name = "tags"): Tags {
  return (object(from, name) ?? {}) as Tags;
}

/** The `filters` of a function, as EC2 has them. */
export function filtersIn(from: Properties): Filter[] {
  return objects(from, "filters").map((filter) => ({
    Name: requiredText(filter, "name"),
    Values: texts(filter, "values") ?? [],
  }));
}

/** A function's tags, as filters: each of them must be there, with its value. */
export function tagFiltersIn(from: Properties, name = "tags"): Filter[] {
  return Object.entries(tagsIn(from, name)).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
}

/** Those of them that have a value, as filters under EC2's names; none at all where nothing is asked for. */
export function filtersOf(
  named: Record<string, string | undefined>,
  more: Filter[] = [],
): Filter[] | undefined {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  const filters = [...given.map(([Name, value]) => ({ Name, Values: [value as string] })), ...more];
  return filters.length > 0 ? filters : undefined;
}

/** The same without some of its properties. */
export function without(from: Properties, names: string[]): Properties {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}

function valueOf<T>(
  from: Properties,
  name: string,
  expected: string,
  fits: (value: unknown) => boolean,
): T | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (fits(value)) return value as T;
  throw new Error(`${name}: must be ${expected}, got ${JSON.stringify(value)}.`);
}

function isListOf(type: "string" | "object") {
  return (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === type);
}
