/** Between the words of EC2's model and the local cloud's. */
import type { Filter as Ec2Filter, Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { Ec2Error } from "../cloud/errors";
import type { Filter, Tags } from "../cloud/tags";

export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function tagsOf(list: Tag[] = []): Tags {
  return Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/**
 * What is to be tagged with the request that makes it, for each kind that the request makes.
 * @throws Ec2Error `InvalidParameterValue` for a kind that it does not make.
 */
export function tagsFor<Kind extends string>(
  specifications: TagSpecification[] | undefined,
  ...kinds: Kind[]
): Record<Kind, Tags> {
  const tags = Object.fromEntries(kinds.map((kind) => [kind, {}])) as Record<Kind, Tags>;
  for (const { ResourceType = "", Tags } of specifications ?? []) {
    if (!(kinds as string[]).includes(ResourceType)) {
      throw new Ec2Error(
        "InvalidParameterValue",
        `'${ResourceType}' is not a valid taggable resource type for this operation. It makes ${kinds.join(" and ")}.`,
      );
    }
    Object.assign(tags[ResourceType as Kind], tagsOf(Tags));
  }
  return tags;
}

/** @throws Ec2Error `InvalidParameterValue` for a filter without a name or without a value. */
export function filtersOf(filters: Ec2Filter[] = []): Filter[] {
  return filters.map(({ Name, Values = [] }) => {
    if (!Name) throw new Ec2Error("InvalidParameterValue", "The filter 'null' is invalid");
    return { name: Name, values: Values };
  });
}

/** A parameter that EC2 wants although its model says otherwise. */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value !== undefined && value !== "") return value;
  throw new Ec2Error("MissingParameter", `The request must contain the parameter ${parameter}`);
}

/** Not even one of these: EC2 wants exactly one, or refuses both. */
export function exactlyOne(given: Record<string, unknown>): void {
  const names = Object.keys(given).filter((name) => given[name] !== undefined);
  if (names.length === 1) return;
  const all = Object.keys(given).join(" or ");
  if (names.length === 0)
    throw new Ec2Error("MissingParameter", `The request must contain the parameter ${all}`);
  throw new Ec2Error(
    "InvalidParameterCombination",
    `The parameters ${names.join(" and ")} cannot be used together. Specify one of them`,
  );
}

export function date(text: string): Date {
  return new Date(text);
}
