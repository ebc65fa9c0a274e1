/** Reading properties: plain values of the expected type, absent ones undefined, anything else an error by name. */
import { isAwsTag, type Filter, type Tags } from "../../cloud/tags";
import type { Properties } from "../provider";

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
    name: requiredText(filter, "name"),
    values: texts(filter, "values") ?? [],
  }));
}

/** A function's tags, as filters: each of them must be there, with its value. */
export function tagFiltersIn(from: Properties, name = "tags"): Filter[] {
  return Object.entries(tagsIn(from, name)).map(([key, value]) => ({ name: `tag:${key}`, values: [value] }));
}

/**
 * What pulumi-aws shows for tags: as given, and with the provider's default tags, of which there are none here. AWS' own
 * (`aws:autoscaling:groupName`) it shows of nothing, be it a resource or looked up (source: terraform-provider-aws,
 * `KeyValueTags.IgnoreAWS`); the filters `tag-key` and `tag:…` find them.
 */
export function tagOutputs(tags: Tags): { tags: Tags; tagsAll: Tags } {
  const shown = without(tags, Object.keys(tags).filter(isAwsTag)) as Tags;
  return { tags: shown, tagsAll: shown };
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
