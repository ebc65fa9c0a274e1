/**
 * The part of pulumi-aws's schema that the examples use, read out of its TypeScript SDK: its own schema is in no package
 * of npm's. What the examples' other languages are held against, and what the planned resources check their inputs by.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type TypeSpec, typeSpecOf } from "./propertyTypes";

export interface ObjectSpec {
  properties: Record<string, TypeSpec>;
  required: string[];
}

/** A type that properties refer to: an object, or one of these values. */
export type NamedTypeSpec = Partial<ObjectSpec> & { type: string; enum?: { value: string }[] };

export interface ResourceSpec extends ObjectSpec {
  inputProperties: Record<string, TypeSpec>;
  requiredInputs: string[];
}

export interface PackageSpec {
  name: string;
  version: string;
  resources: Record<string, ResourceSpec>;
  types: Record<string, NamedTypeSpec>;
  [setting: string]: unknown;
}

/** By token. They lie in `ec2/launchTemplate.d.ts` and so on, as the token says. */
const RESOURCES = [
  "aws:autoscaling/group:Group",
  "aws:ec2/instance:Instance",
  "aws:ec2/launchTemplate:LaunchTemplate",
] as const;

/** Of the SDK in this folder (`node_modules/@pulumi/aws`). */
export function awsSchema(sdk: string): PackageSpec {
  const { version } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8")) as { version: string };
  const types = new NestedTypes(parse(join(sdk, "types", "input.d.ts")));
  const resources = RESOURCES.map((token) => [token, readResource(sdk, token, types)] as const);
  return {
    name: "aws",
    version,
    // Where pulumi-aws itself has its Go packages: the programs import them by this path.
    meta: { moduleFormat: "(.*)(?:/[^/]*)" },
    language: {
      go: { importBasePath: `${goModuleOf(version)}/go/aws`, generateResourceContainerTypes: true },
    },
    resources: Object.fromEntries(resources),
    types: types.read(),
  };
}

/** From version 2 on a Go module's path ends in its major version. */
export function goModuleOf(version: string): string {
  return `github.com/pulumi/pulumi-aws/sdk/v${version.split(".")[0]}`;
}

/** The types that resources and types refer to, read when first referred to. */
class NestedTypes {
  private readonly interfaces = new Map<string, ts.InterfaceDeclaration>();
  private readonly known: PackageSpec["types"] = {};
  private readonly pending: string[] = [];

  constructor(file: ts.SourceFile) {
    for (const module of file.statements.filter(ts.isModuleDeclaration))
      for (const statement of (module.body as ts.ModuleBlock).statements)
        if (ts.isInterfaceDeclaration(statement))
          this.interfaces.set(`${module.name.text}.${statement.name.text}`, statement);
  }

  readonly refer = (dottedName: string): string => {
    this.pending.push(dottedName);
    return `#/types/${tokenOf(dottedName)}`;
  };

  read(): PackageSpec["types"] {
    for (let name = this.pending.pop(); name !== undefined; name = this.pending.pop()) {
      const declared = this.interfaces.get(name);
      // An output's type that no input has: the programs name no such type.
      if (tokenOf(name) in this.known) continue;
      this.known[tokenOf(name)] = { type: "object", ...objectOf(declared?.members ?? [], this.refer) };
    }
    return this.known;
  }
}

/** `ec2.LaunchTemplatePlacement` → `aws:ec2/LaunchTemplatePlacement:LaunchTemplatePlacement` */
function tokenOf(dottedName: string): string {
  const [module, name] = dottedName.split(".");
  return `aws:${module}/${name}:${name}`;
}

function readResource(sdk: string, token: string, { refer }: NestedTypes): ResourceSpec {
  const [, path, name] = token.split(":");
  const { statements } = parse(join(sdk, `${path}.d.ts`));
  const resource = statements.filter(ts.isClassDeclaration).find((each) => each.name?.text === name)!;
  const args = statements.filter(ts.isInterfaceDeclaration).find((each) => each.name.text === `${name}Args`)!;
  const inputs = objectOf(args.members, refer);
  const outputs = objectOf(resource.members.filter(ts.isPropertyDeclaration), refer);
  return { inputProperties: inputs.properties, requiredInputs: inputs.required, ...outputs };
}

function objectOf(members: Iterable<ts.Node>, refer: (name: string) => string): ObjectSpec {
  const declared = [...members].filter(
    (member): member is ts.PropertySignature | ts.PropertyDeclaration =>
      ts.isPropertySignature(member) || ts.isPropertyDeclaration(member),
  );
  const properties = declared.map(({ name, type }) => [name.getText(), typeSpecOf(type!, refer)] as const);
  const required = declared.filter(isRequired).map(({ name }) => name.getText());
  return { properties: Object.fromEntries(properties), required };
}

function isRequired({ questionToken, type }: ts.PropertySignature | ts.PropertyDeclaration): boolean {
  return !questionToken && !/\| undefined>?$/.test(type!.getText());
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}
