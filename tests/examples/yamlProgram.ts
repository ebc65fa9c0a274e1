/** Holds a program in Pulumi YAML against the schemas of its packages. */
import { UNKNOWN } from "../../local/providers/provider";
import { faultsOf } from "./aws/inputFaults";
import type { TypeSpec } from "./aws/propertyTypes";
import type { PackageSpec } from "./aws/schema";

export interface YamlProgram {
  config: Record<string, { type: string; items?: { type: string } }>;
  resources: Record<string, YamlResource>;
  outputs: Record<string, unknown>;
}

interface YamlResource {
  type: string;
  properties: Record<string, unknown>;
}

/** Of every value of a type, one: what a reference stands for where types are compared. */
const SAMPLES: Record<string, unknown> = {
  string: "text",
  boolean: true,
  object: {},
};

/** Outputs that are no properties. */
const OF_EVERY_RESOURCE: Record<string, TypeSpec> = { id: { type: "string" }, urn: { type: "string" } };

/** What is wrong with the program, a line each: unknown types and properties, wrong values, references to nothing. */
export function faultsOfProgram(program: YamlProgram, packages: PackageSpec[]): string[] {
  const inResources = Object.entries(program.resources).flatMap(([name, { type, properties }]) => {
    const found = specOf(type, packages);
    if (found === "stack reference") return [];
    if (!found) return [`${name}: there is no type ${type}`];
    const { resource, schema } = found;
    const spec = { properties: resource.inputProperties, required: resource.requiredInputs };
    const resolved = resolveAll(properties, program, packages) as Record<string, unknown>;
    return faultsOf(resolved, spec, schema, `${name}.`);
  });
  const references = referencesIn([program.resources, program.outputs]);
  const dangling = references.filter((reference) => typeOf(reference, program, packages) === undefined);
  return [...inResources, ...dangling.map((reference) => `\${${reference}}: there is no such thing`)];
}

/** `aws:ec2:Instance` is `aws:ec2/instance:Instance`; `pv-to-hvm:X` is `pv-to-hvm:index:X`. */
function specOf(type: string, packages: PackageSpec[]) {
  if (type === "pulumi:pulumi:StackReference") return "stack reference";
  const [name, ...rest] = type.split(":");
  const resourceName = rest.pop()!;
  const [module = "index"] = rest;
  const schema = packages.find((each) => each.name === name);
  const token = Object.keys(schema?.resources ?? {}).find((each) => {
    const [, path, last] = each.split(":");
    return path.split("/")[0] === module && last === resourceName;
  });
  return schema && token ? { schema, resource: schema.resources[token] } : undefined;
}

/** What a reference (`migration.imageId`, `subnetId`) is of. Undefined: it leads nowhere. */
function typeOf(reference: string, program: YamlProgram, packages: PackageSpec[]): TypeSpec | undefined {
  const [name, index, property] = /^([\w-]+)(?:\[(\d+)\])?(?:\.(\w+))?/.exec(reference)!.slice(1);
  const declared = program.config?.[name] as TypeSpec | undefined;
  if (declared && !property) return index === undefined ? declared : declared.items;
  const resource = program.resources[name];
  const found = resource && specOf(resource.type, packages);
  if (found === "stack reference") return property === "outputs" ? {} : undefined;
  return found && property ? { ...OF_EVERY_RESOURCE, ...found.resource.properties }[property] : undefined;
}

function resolveAll(value: unknown, program: YamlProgram, packages: PackageSpec[]): unknown {
  if (typeof value === "string") {
    const [, reference] = /^\$\{(.+)\}$/.exec(value) ?? [];
    return reference ? sampleOf(typeOf(reference, program, packages)) : value;
  }
  if (Array.isArray(value)) return value.map((each) => resolveAll(each, program, packages));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, resolveAll(each, program, packages)]);
  return Object.fromEntries(entries);
}

/** Numbers become texts where texts are wanted, as pulumi-aws takes them: they pass as not known yet. */
function sampleOf(type: TypeSpec | undefined): unknown {
  if (type?.items) return [sampleOf(type.items)];
  return SAMPLES[type?.type ?? ""] ?? UNKNOWN;
}

/** All that stands between `${` and `}`, wherever. `$${` is a dollar and a brace. */
function referencesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/(?<!\$)\$\{([^}]+)\}/g)].map(([, reference]) =>
    reference.replaceAll('\\"', '"'),
  );
}
