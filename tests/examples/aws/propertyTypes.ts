/** What a declared type of pulumi-aws's TypeScript SDK means in the words of Pulumi's package schema. */
import ts from "typescript";

/** A type of the package schema (https://www.pulumi.com/docs/iac/extending-pulumi/schema/#type). */
export interface TypeSpec {
  type?: "string" | "integer" | "boolean" | "array" | "object";
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  $ref?: string;
}

/** Refers to a type by its dotted name: `ec2.LaunchTemplateTagSpecification` → `#/types/…`. */
export type Refer = (dottedName: string) => string;

const PRIMITIVES: ReadonlyMap<ts.SyntaxKind, TypeSpec["type"]> = new Map([
  [ts.SyntaxKind.StringKeyword, "string"],
  [ts.SyntaxKind.BooleanKeyword, "boolean"],
  // TypeScript does not tell whole numbers from others. All that the examples give are whole.
  [ts.SyntaxKind.NumberKeyword, "integer"],
] as const);

/** Throws where the declaration is of a form that the SDK has nowhere in what the examples use. */
export function typeSpecOf(node: ts.TypeNode, refer: Refer): TypeSpec {
  const primitive = PRIMITIVES.get(node.kind);
  if (primitive) return { type: primitive };
  if (ts.isArrayTypeNode(node)) return { type: "array", items: typeSpecOf(node.elementType, refer) };
  if (ts.isUnionTypeNode(node)) return typeSpecOf(meantOf(node), refer);
  if (ts.isTypeLiteralNode(node)) return mapOf(node, refer);
  if (ts.isTypeReferenceNode(node)) return referenceOf(node, refer);
  throw new Error(
    `${node.getText()}: a type of a form that is not known here. Teach ${__filename} about it.`,
  );
}

/** Of `X | undefined`, and of `string | enums.ec2.InstanceType`, what every language can give: the first. */
function meantOf({ types }: ts.UnionTypeNode): ts.TypeNode {
  const stated = types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
  return stated.find(({ kind }) => PRIMITIVES.has(kind)) ?? stated[0];
}

/** `{ [key: string]: X }` */
function mapOf(node: ts.TypeLiteralNode, refer: Refer): TypeSpec {
  const [index] = node.members.filter(ts.isIndexSignatureDeclaration);
  return { type: "object", additionalProperties: typeSpecOf(index.type, refer) };
}

/** `pulumi.Input<X>` and `pulumi.Output<X>` are X; `inputs.ec2.X` and `outputs.ec2.X` are types of the package. */
function referenceOf(node: ts.TypeReferenceNode, refer: Refer): TypeSpec {
  const name = node.typeName.getText();
  if (/^pulumi\.(Input|Output)$/.test(name)) return typeSpecOf(node.typeArguments![0], refer);
  const [, dottedName] = /^(?:inputs|outputs)\.(.+)$/.exec(name) ?? [];
  if (dottedName) return { $ref: refer(dottedName) };
  // A resource, or an enumeration of strings: an ARN, a name, an id.
  return { type: "string" };
}
