/**
 * What inference leaves out of a schema and the docstrings have: what types are, and what optional inputs are without being
 * given. Pure.
 */
import type { Docstrings, TypeDocstrings } from "./docstrings";
import type { PackageSchema, Properties, Property, ResourceSpec, TypeSpec } from "./schemaTypes";

/** The interface of the component's own arguments: no type of the schema, but where its inputs are declared. */
const ARGUMENTS = "PvToHvmMigrationArgs";

/** The page that an SDK opens with. */
const README =
  "Migrates paravirtual (PV) EC2 images to HVM, and publishes none that has not booted. The package that this SDK was made " +
  "of has its documents: docs/embedding.md for programs, docs/arguments.md for every argument.";

/** What a program in each language calls the package. Whatever is not said here is Pulumi's default. */
const LANGUAGES: PackageSchema["language"] = {
  // One name for the folder, the package and the last word of the path. Local SDKs are all below example.com.
  go: { importBasePath: "example.com/pulumi-pv-to-hvm/sdk/go/pvtohvm", rootPackageName: "pvtohvm" },
  nodejs: { readme: README },
  python: { packageName: "pulumi_pv_to_hvm", pyproject: { enabled: true }, readme: README },
};

/** The schema with every description whole, every number of an input a whole one, and names as the languages use them. */
export function completeSchema(inferred: PackageSchema, docstrings: Docstrings): PackageSchema {
  const completed: PackageSchema = {
    ...inferred,
    language: mapValues(inferred.language, (settings, name) => ({ ...settings, ...LANGUAGES[name] })),
    resources: mapValues(inferred.resources, (resource) => completeResource(resource, docstrings)),
    types: mapValues(inferred.types, (type, token) => {
      const name = token.split(":").pop() ?? "";
      return completeType(type, docstrings[name] ?? { fields: {} }, name.endsWith("Args"));
    }),
  };
  return withoutSuffixes(completed);
}

function completeResource(resource: ResourceSpec, docstrings: Docstrings): ResourceSpec {
  return { ...resource, inputProperties: completeInputs(resource.inputProperties, docstrings[ARGUMENTS]) };
}

function completeType(type: TypeSpec, documented: TypeDocstrings, isInput: boolean): TypeSpec {
  const described = { ...type, description: documented.type?.text };
  if (!type.properties || !isInput) return described;
  return { ...described, properties: completeInputs(type.properties, documented) };
}

/**
 * Defaults in words, and not as the schema's own `default`: the SDKs would fill that in, and a conversion's key has to know
 * what was not given from what was given as the default. And whole numbers, since inference knows TypeScript's one type of
 * number, but sizes, ports, seconds and revisions have no fractions.
 */
function completeInputs(properties: Properties, documented: TypeDocstrings | undefined): Properties {
  return mapValues(properties, (property, name): Property => {
    const byDefault = documented?.fields[name]?.default;
    const description = [property.description, byDefault && `Default: ${byDefault}.`]
      .filter(Boolean)
      .join("\n\n");
    return { ...property, type: property.type === "number" ? "integer" : property.type, description };
  });
}

/** The SDKs call an input's type by its name and `Args`: `HelperArgs` would become `HelperArgsArgs`. */
function withoutSuffixes(schema: PackageSchema): PackageSchema {
  const names = Object.keys(schema.types).filter((token) => token.endsWith("Args"));
  return names.reduce((changed, token) => {
    const text = JSON.stringify(changed).replaceAll(`${token}"`, `${token.replace(/Args$/, "")}"`);
    return JSON.parse(text) as PackageSchema;
  }, schema);
}

function mapValues<T, U>(
  values: { [key: string]: T },
  change: (value: T, key: string) => U,
): { [key: string]: U } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
