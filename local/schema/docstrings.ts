/** What the sources' docstrings say of types and their fields. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface Docstring {
  /** The text before the first tag. */
  text: string;
  /** What `@default` says. */
  default?: string;
}

export interface TypeDocstrings {
  type?: Docstring;
  fields: { [name: string]: Docstring };
}

/** By a type's name. Of fields of an enum's object, too. */
export type Docstrings = { [type: string]: TypeDocstrings };

/** Of every type that is exported from a file below these folders of the checkout. */
export function readDocstrings(root: string, folders: string[]): Docstrings {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(root, folder, file)),
  );
  return Object.assign(
    {},
    ...files.sort().map((file) => docstringsOf(readFileSync(file, "utf8"))),
  ) as Docstrings;
}

/** Of the interfaces, classes and enums' objects that this source exports. */
function docstringsOf(source: string): Docstrings {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);
  return Object.fromEntries(
    file.statements.flatMap(declared).map(([name, ...rest]) => [name, describe(...rest)]),
  );
}

type Declared = [name: string, node: ts.Node, fields: readonly ts.Node[]];

function declared(statement: ts.Statement): Declared[] {
  if (ts.isInterfaceDeclaration(statement)) return [[statement.name.text, statement, statement.members]];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }): Declared[] => {
    const object = initializer && ts.isAsExpression(initializer) ? initializer.expression : undefined;
    if (!ts.isIdentifier(name) || !object || !ts.isObjectLiteralExpression(object)) return [];
    return [[name.text, statement, object.properties]];
  });
}

function describe(node: ts.Node, members: readonly ts.Node[]): TypeDocstrings {
  const named = members.flatMap((member) => {
    const name = (member as ts.PropertySignature).name;
    const docstring = docstringOf(member);
    return name && docstring ? [[name.getText(), docstring] as const] : [];
  });
  return { type: docstringOf(node), fields: Object.fromEntries(named) };
}

function docstringOf(node: ts.Node): Docstring | undefined {
  const text = ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join("\n");
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default");
  const byDefault = tag && ts.getTextOfJSDocComment(tag.comment);
  return text === "" ? undefined : { text, ...(byDefault !== undefined && { default: byDefault }) };
}
