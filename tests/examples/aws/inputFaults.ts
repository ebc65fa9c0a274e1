/** Holds values against the types of a package schema. */
import { UNKNOWN } from "../../../local/providers/provider";
import type { TypeSpec } from "./propertyTypes";
import type { ObjectSpec, PackageSpec } from "./schema";

/** What is wrong with an object, a line for each: `instanceRefresh.strategy: required, and not given`. Empty: nothing. */
export function faultsOf(
  values: Record<string, unknown>,
  { properties, required }: ObjectSpec,
  schema: Pick<PackageSpec, "types">,
  path = "",
): string[] {
  const missing = required.filter((name) => values[name] === undefined);
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return [
    ...missing.map((name) => `${path}${name}: required, and not given`),
    ...given.flatMap(([name, value]) =>
      name in properties
        ? faultsOfValue(value, properties[name], schema, `${path}${name}`)
        : [`${path}${name}: there is no such property, only ${Object.keys(properties).sort().join(", ")}`],
    ),
  ];
}

function faultsOfValue(
  value: unknown,
  type: TypeSpec,
  schema: Pick<PackageSpec, "types">,
  path: string,
): string[] {
  if (value === UNKNOWN) return [];
  if (type.$ref) return faultsOfNested(value, type.$ref, schema, path);
  if (type.items) {
    if (!Array.isArray(value)) return [`${path}: must be a list, got ${JSON.stringify(value)}`];
    return value.flatMap((each, index) => faultsOfValue(each, type.items!, schema, `${path}[${index}]`));
  }
  if (type.additionalProperties) {
    if (!isObject(value)) return [`${path}: must be an object, got ${JSON.stringify(value)}`];
    return Object.entries(value).flatMap(([name, each]) =>
      faultsOfValue(each, type.additionalProperties!, schema, `${path}.${name}`),
    );
  }
  return isOf(value, type) ? [] : [`${path}: must be of type ${type.type}, got ${JSON.stringify(value)}`];
}

/** An object, or an enumeration: `#/types/pv-to-hvm:index:Until`. */
function faultsOfNested(
  value: unknown,
  reference: string,
  { types }: Pick<PackageSpec, "types">,
  path: string,
): string[] {
  const spec = types[reference.replace("#/types/", "")];
  if (spec.enum) {
    const values = spec.enum.map((each) => each.value);
    return values.includes(value as string)
      ? []
      : [`${path}: must be one of ${values.join(", ")}, got ${String(value)}`];
  }
  if (!isObject(value)) return [`${path}: must be an object, got ${JSON.stringify(value)}`];
  return faultsOf(
    value,
    { properties: spec.properties ?? {}, required: spec.required ?? [] },
    { types },
    `${path}.`,
  );
}

function isOf(value: unknown, { type }: TypeSpec): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
