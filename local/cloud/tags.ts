import { Ec2Error } from "./errors";

export type Tags = Record<string, string>;

/** As EC2's `Filter`: a name and values, any of which may match. `*` and `?` are wildcards, `\\*` and `\\?` are not. */
export interface Filter {
  name: string;
  values: string[];
}

/** Whether only AWS itself gives a tag of this name. */
export function isAwsTag(name: string): boolean {
  return name.toLowerCase().startsWith("aws:");
}

/** EC2 keeps 50 tags to a resource, and the prefix `aws:` to itself. */
export function requireValidTags(tags: Tags): void {
  const names = Object.keys(tags);
  if (names.length > 50) {
    throw new Ec2Error("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
  }
  const reserved = names.find(isAwsTag);
  if (reserved) {
    throw new Ec2Error(
      "InvalidParameterValue",
      `Value ( ${reserved} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
    );
  }
}

/**
 * Whether a record passes every filter. `fields` gives a record's value by filter name; `tag:KEY` and `tag-key` are
 * the same for all resources. A filter that is not in `fields` is refused, as EC2 does: it never lets everything pass.
 */
export function passes<T extends { tags: Tags }>(
  record: T,
  filters: Filter[],
  fields: Record<string, (record: T) => string | string[] | undefined>,
): boolean {
  return filters.every(({ name, values }) => {
    const found = valuesOf(record, name, fields);
    return found.some((value) => values.some((pattern) => wildcard(pattern).test(value)));
  });
}

function valuesOf<T extends { tags: Tags }>(
  record: T,
  name: string,
  fields: Record<string, (record: T) => string | string[] | undefined>,
): string[] {
  if (name === "tag-key") return Object.keys(record.tags);
  if (name.startsWith("tag:")) return [record.tags[name.slice(4)]].filter((value) => value !== undefined);
  requireKnownFilter(name, fields);
  const value = fields[name](record);
  return value === undefined ? [] : [value].flat();
}

/** Refuses a filter's name that is not among `fields`; called for every filter before any record is looked at. */
export function requireKnownFilter(name: string, fields: object): void {
  if (name === "tag-key" || name.startsWith("tag:") || Object.hasOwn(fields, name)) return;
  throw new Ec2Error("InvalidParameterValue", `The filter '${name}' is invalid`);
}

/** A backslash takes `*`, `?` and itself literally. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\[*?\\]|[^]/g) ?? [];
  const translated = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return part.slice(-1).replace(/[.*+?^${}()|[\]\\]/, "\\$&");
  });
  return new RegExp(`^${translated.join("")}$`, "s");
}
