/** Every message that a user can get, from the sources themselves. */
import { relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../documents";
import { scriptMessages, shellMessages } from "./shell";
import { nodesOf, readSources } from "./sources";
import { hasWords, Texts } from "./texts";

export interface Message {
  /** `converter/freeSpace.ts:57` */
  at: string;
  /** What was found; `…` stands for what varies. */
  text: string;
}

/** Objects that are a message by their properties: the one that says what was found, and the others that it has. */
const RECORDS: [said: string, others: string[]][] = [
  ["found", ["subject", "advice"]],
  ["found", ["advice"]],
  ["reason", ["path", "fix"]],
  ["reason", ["propertyPath"]],
  ["reason", ["fix"]],
  ["meaning", ["by", "advice"]],
  ["why", ["advice"]],
  ["name", ["ok", "seen"]],
  ["error", ["item"]],
  ["message", ["errors"]],
  ["why", ["kind"]],
  ["summary", ["outcome"]],
];

/** Properties by which such an object says how it ended, and the words for an end that is no message. */
const ENDS: { [property: string]: RegExp } = { kind: /^booted$/, outcome: /CHANGE/ };

/**
 * What reaches a user with the words that it is called with. A `RefusedError` is made of records; `absent` is what is dialled
 * where there is no machine to dial (`components/steps/whereabouts.ts`).
 */
const ERRORS = ["FailedError", "UsageError", "visibleError", "absent"];

/**
 * Collects them. Left out is what no user reads as a message: a plain `Error` of the converter is the reason that another
 * message repeats where it varies, a `RangeError` a fault of programming, and a text of paragraphs is the help.
 */
export function collectMessages(): Message[] {
  collected ??= collect();
  return collected;
}

/** Reading the sources takes seconds. */
let collected: Message[] | undefined;

function collect(): Message[] {
  const sources = readSources();
  const texts = new Texts(sources);
  const found = sources.files.flatMap((file) =>
    [...nodesOf(file)].flatMap((node) => saidAt(node, texts).map((text) => ({ at: placeOf(node), text }))),
  );
  const messages = [...found, ...shellMessages()].filter(({ text }) => hasWords(text) && !isHelp(text));
  return [...new Map(messages.map((message) => [message.text, message])).values()];
}

function saidAt(node: ts.Node, texts: Texts): string[] {
  if (ts.isObjectLiteralExpression(node)) return recordSays(node, texts);
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) return errorSays(node, texts);
  if (ts.isBinaryExpression(node) && isNoted(node)) return texts.of(node.right);
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return textSays(node, texts);
  return [];
}

function recordSays(node: ts.ObjectLiteralExpression, texts: Texts): string[] {
  const named = new Map(node.properties.map((property) => [property.name?.getText(), property]));
  const record = RECORDS.find(([said, others]) => [said, ...others].every((name) => named.has(name)));
  const all = (name: string) => {
    const property = named.get(name);
    return property ? texts.ofProperty(property) : [];
  };
  const endsWell = Object.entries(ENDS).some(([name, well]) => all(name).some((text) => well.test(text)));
  if (!record || endsWell) return [];
  // Where it varies altogether, what to do is what it is known by.
  return all(record[0]).flatMap((said) =>
    hasWords(said) ? said : all("fix").map((fix) => `${said}. ${fix}`),
  );
}

function errorSays(node: ts.NewExpression | ts.CallExpression, texts: Texts): string[] {
  const [given] = node.arguments ?? [];
  if (given === undefined) return [];
  const name = node.expression.kind === ts.SyntaxKind.SuperKeyword ? baseOf(node) : node.expression.getText();
  const isPlain = name === "Error" && !placeOf(node).startsWith("converter/");
  return isPlain || ERRORS.includes(name) ? texts.of(given) : [];
}

/** The class that a constructor's class extends. */
function baseOf(node: ts.Node): string {
  const owner = ts.findAncestor(node, ts.isClassDeclaration);
  return owner?.heritageClauses?.[0]?.types[0]?.expression.getText() ?? "";
}

/** `removal.error = "…"`, `this.trouble ??= "…"` */
function isNoted({ left, operatorToken }: ts.BinaryExpression): boolean {
  const isReason = ts.isPropertyAccessExpression(left) && /^(?:error|stuck)$/.test(left.name.text);
  return isReason && /^(?:\?\?)?=$/.test(operatorToken.getText());
}

/** Scripts for other machines are texts of the component's steps; what begins with an outcome is a message as it stands. */
function textSays(node: ts.StringLiteralLike | ts.TemplateExpression, texts: Texts): string[] {
  const all = texts.of(node);
  const isScript = placeOf(node).startsWith("components/steps/");
  return [
    ...(isScript ? all.flatMap(scriptMessages) : []),
    ...all.filter((text) => /^(?:REFUSED|FAILED): ./.test(text)),
  ];
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${relative(ROOT, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function isHelp(text: string): boolean {
  return text.includes("\n\n");
}
