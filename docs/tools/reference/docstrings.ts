/** Interfaces, enumerations and public fields as the sources declare them, with their docstrings. Parsed, not type-checked. */
import { readFileSync } from "node:fs";
import * as ts from "typescript";

/** What a docstring says, its tags taken apart. */
export interface Doc {
  /** Paragraphs, their lines joined. */
  text: string;
  default?: string;
  /** Fenced blocks, as they stand in the source. */
  examples: string[];
}

export interface Property extends Doc {
  name: string;
  /** As it is written in the source, without `pulumi.Input`. */
  type: string;
  isOptional: boolean;
  /** Neither an `Input` nor an `Output`: the program has to know it. */
  isPlain: boolean;
}

export interface Declared extends Doc {
  name: string;
  properties: Property[];
  /** Of an enumeration: its values, each with what it says of itself. */
  values: { value: string; text: string }[];
}

/** Everything that these files declare, by name. Where two declare the same name, the first one counts. */
export function readDeclarations(files: string[]): Map<string, Declared> {
  const declared = files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
    return source.statements.flatMap(readStatement);
  });
  return new Map(declared.reverse().map((one) => [one.name, one]));
}

function readStatement(node: ts.Statement): Declared[] {
  if (ts.isInterfaceDeclaration(node)) {
    const properties = node.members.filter(ts.isPropertySignature).map(readProperty);
    return [{ name: node.name.text, ...readDoc(node), properties, values: [] }];
  }
  if (ts.isClassDeclaration(node) && node.name) {
    const fields = node.members.filter(ts.isPropertyDeclaration).filter(isPublic);
    return [{ name: node.name.text, ...readDoc(node), properties: fields.map(readProperty), values: [] }];
  }
  return ts.isVariableStatement(node) ? node.declarationList.declarations.flatMap(readEnumeration(node)) : [];
}

function isPublic(field: ts.PropertyDeclaration): boolean {
  return (field.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.PublicKeyword);
}

/** `export const Name = { Member: "value" } as const`, which is how this project writes enumerations. */
function readEnumeration(statement: ts.VariableStatement) {
  return ({ name, initializer }: ts.VariableDeclaration): Declared[] => {
    if (!ts.isIdentifier(name) || !initializer || !ts.isAsExpression(initializer)) return [];
    if (!ts.isObjectLiteralExpression(initializer.expression)) return [];
    const members = initializer.expression.properties.filter(ts.isPropertyAssignment);
    const values = members.flatMap((member) =>
      ts.isStringLiteral(member.initializer)
        ? [{ value: member.initializer.text, text: readDoc(member).text }]
        : [],
    );
    return [{ name: name.text, ...readDoc(statement), properties: [], values }];
  };
}

function readProperty(node: ts.PropertySignature | ts.PropertyDeclaration): Property {
  const written = node.type?.getText() ?? "unknown";
  const type = withoutWrappers(written);
  const isOptional = node.questionToken !== undefined || / \| undefined$/.test(type);
  return {
    name: node.name.getText(),
    // A list of what may be undefined: outputs of others, which may not be there.
    type: type.replace(/^(\w+) \| undefined\[\]$/, "$1[]").replace(/ \| undefined$/, ""),
    isOptional,
    isPlain: !/\b(Input|Output)</.test(written),
    ...readDoc(node),
  };
}

/** `pulumi.Input<pulumi.Input<string>[]>` is a `string[]` to a reader, and `OneSource<SourceArgs>` has the fields of the latter. */
function withoutWrappers(type: string): string {
  const bare = type
    .replace(/\s+/g, " ")
    .replace(/(?:pulumi\.)?(?:Input|Output|OneSource)<((?:[^<>]|<[^<>]*>)*)>/g, "$1");
  return bare === type ? bare : withoutWrappers(bare);
}

function readDoc(node: ts.Node): Doc {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  const tags = doc?.tags ?? [];
  const textOf = (comment: ts.JSDoc["comment"]) => ts.getTextOfJSDocComment(comment)?.trim() ?? "";
  const tagged = (name: string) => tags.filter(({ tagName }) => tagName.text === name);
  return {
    text: joinLines(textOf(doc?.comment)),
    default: tagged("default").map(({ comment }) => joinLines(textOf(comment)))[0],
    examples: tagged("example").map(({ comment }) => textOf(comment)),
  };
}

/** Lines of a paragraph in one; what lies in fences stays as it is. */
function joinLines(text: string): string {
  const blocks = text.split(/(```[\s\S]*?```)/);
  return blocks
    .map((block, index) => (index % 2 === 1 ? block : block.replace(/([^\n])\n(?!\n|- )/g, "$1 ")))
    .join("");
}
