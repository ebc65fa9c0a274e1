/**
 * What an expression of the sources can say: each text that it may be, with `…` for what is known only when it runs. Names
 * are followed to what they stand for: a constant to its value, a call to what it returns, a parameter to what callers give.
 */
import ts from "typescript";
import { nodesOf, type Sources } from "./sources";

/** Stands for what varies. */
export const VARIES = "…";

/** Names that are followed on the way to a text, at most: beyond that it varies. */
const DEEPEST = 8;
/** More texts than these for one part of a longer one are no part of its wording. */
const MOST_COMBINED = 6;

export class Texts {
  private readonly calls = new Map<ts.Symbol, ts.CallExpression[]>();

  constructor(private readonly sources: Sources) {
    for (const file of sources.files) {
      for (const node of nodesOf(file)) if (ts.isCallExpression(node)) this.note(node);
    }
  }

  /** Every text that the expression may be; of a list, of each of its elements. */
  of(node: ts.Expression, depth = 0): string[] {
    if (depth > DEEPEST) return [VARIES];
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return this.template(node, depth);
    if (ts.isArrayLiteralExpression(node)) return this.all(node.elements, depth);
    if (ts.isSpreadElement(node)) return this.of(node.expression, depth);
    if (ts.isConditionalExpression(node)) return this.all([node.whenTrue, node.whenFalse], depth);
    if (ts.isBinaryExpression(node)) return this.binary(node, depth);
    if (ts.isCallExpression(node)) return this.call(node, depth);
    if (ts.isIdentifier(node)) return this.named(this.symbolAt(node), depth);
    if (ts.isPropertyAccessExpression(node)) return this.named(this.symbolAt(node.name), depth);
    if (ts.isElementAccessExpression(node)) return this.entries(node.expression, depth);
    return hasInner(node) ? this.of(node.expression, depth) : [VARIES];
  }

  /** What a property of an object literal may say, written out or in short. */
  ofProperty(property: ts.ObjectLiteralElementLike): string[] {
    if (ts.isPropertyAssignment(property)) return this.of(property.initializer);
    if (!ts.isShorthandPropertyAssignment(property)) return [VARIES];
    return this.named(this.sources.checker.getShorthandAssignmentValueSymbol(property), 0);
  }

  private all(nodes: readonly ts.Expression[], depth: number): string[] {
    return [...new Set(nodes.flatMap((node) => this.of(node, depth)))];
  }

  /** Alternatives that are words of their own make a text each; names and numbers are what varies. */
  private template(node: ts.TemplateExpression, depth: number): string[] {
    return node.templateSpans.reduce(
      (texts, { expression, literal }) => {
        const inside = this.of(expression, depth + 1);
        const wordings = inside.length === 1 || inside.every(hasWords) ? inside : [VARIES];
        return combine(texts, wordings).map((text) => text + literal.text);
      },
      [node.head.text],
    );
  }

  private binary({ left, right, operatorToken }: ts.BinaryExpression, depth: number): string[] {
    const sides = [this.of(left, depth), this.of(right, depth)];
    if (operatorToken.kind !== ts.SyntaxKind.PlusToken) return sides.flat();
    return combine(sides[0], sides[1]);
  }

  private call(node: ts.CallExpression, depth: number): string[] {
    const called = node.expression;
    if (ts.isPropertyAccessExpression(called)) {
      if (["join", "filter", "sort", "trim", "slice"].includes(called.name.text))
        return this.of(called.expression, depth);
      const [given] = node.arguments;
      if (["map", "flatMap"].includes(called.name.text) && given !== undefined && ts.isArrowFunction(given))
        return this.returns(given, depth + 1);
    }
    const target = functionOf(this.symbolAt(called));
    return target ? this.returns(target, depth + 1) : [VARIES];
  }

  private returns(target: ts.SignatureDeclaration, depth: number): string[] {
    const { body } = target as ts.FunctionLikeDeclaration;
    if (body === undefined) return [VARIES];
    if (!ts.isBlock(body)) return this.of(body, depth);
    const returned = ownReturns(body).flatMap(({ expression }) => expression ?? []);
    return returned.length === 0 ? [VARIES] : this.all(returned, depth);
  }

  private named(symbol: ts.Symbol | undefined, depth: number): string[] {
    const declaration = symbol?.valueDeclaration;
    if (!symbol || !declaration || depth > DEEPEST) return [VARIES];
    if (ts.isParameter(declaration)) return this.given(declaration, depth);
    if (ts.isPropertyAssignment(declaration)) return this.of(declaration.initializer, depth + 1);
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return [VARIES];
    return [...new Set([...this.of(declaration.initializer, depth + 1), ...this.pushed(symbol, depth + 1)])];
  }

  /** What the callers of its function give for a parameter. */
  private given(parameter: ts.ParameterDeclaration, depth: number): string[] {
    const own = symbolOfFunction(parameter.parent, this.sources.checker);
    const index = parameter.parent.parameters.indexOf(parameter);
    const given = (own ? (this.calls.get(own) ?? []) : []).flatMap((call) => call.arguments[index] ?? []);
    const otherwise = parameter.initializer ? [parameter.initializer] : [];
    return given.length + otherwise.length === 0 ? [VARIES] : this.all([...given, ...otherwise], depth + 1);
  }

  /** What is pushed onto a list, here or where it is handed on. */
  private pushed(symbol: ts.Symbol, depth: number): string[] {
    const declaration = symbol.valueDeclaration as ts.Node;
    const within = declaration.getSourceFile();
    if (depth > DEEPEST) return [];
    const calls = [...nodesOf(within)].filter(ts.isCallExpression);
    return calls.flatMap((call) => {
      if (isPush(call) && this.symbolAt(call.expression.expression) === symbol)
        return this.all(call.arguments, depth);
      const index = call.arguments.findIndex((one) => ts.isIdentifier(one) && this.symbolAt(one) === symbol);
      const parameter = index < 0 ? undefined : functionOf(this.symbolAt(call.expression))?.parameters[index];
      const handedOn = parameter && this.symbolAt(parameter.name);
      return handedOn ? this.pushed(handedOn, depth + 1) : [];
    });
  }

  /** Every value of an object literal that is looked up by a name. */
  private entries(node: ts.Expression, depth: number): string[] {
    const declaration = this.symbolAt(node)?.valueDeclaration;
    const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : node;
    if (!value || !ts.isObjectLiteralExpression(value)) return [VARIES];
    return this.all(
      value.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? property.initializer : [])),
      depth + 1,
    );
  }

  private note(call: ts.CallExpression): void {
    const symbol = this.symbolAt(call.expression);
    if (symbol) this.calls.set(symbol, [...(this.calls.get(symbol) ?? []), call]);
  }

  private symbolAt(node: ts.Node): ts.Symbol | undefined {
    const { checker } = this.sources;
    const symbol = checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }
}

/** Whether at least two words of a text stay the same. */
export function hasWords(text: string): boolean {
  return wordsIn(text) >= 2;
}

/** How many words of a text stay the same. */
export function wordsIn(text: string): number {
  return (text.match(/[\p{L}\d][\p{L}\d'-]*/gu) ?? []).length;
}

function combine(first: string[], second: string[]): string[] {
  const [some, others] = [first, second].map((texts) => (areWording(texts) ? texts : [VARIES]));
  return some.flatMap((one) => others.map((other) => one + other));
}

/** Sentences are wording, one for each program that there is; a list of names is none. */
function areWording(texts: string[]): boolean {
  return texts.length <= MOST_COMBINED || (texts.length <= 2 * MOST_COMBINED && texts.every(isSentence));
}

const isSentence = (text: string) => wordsIn(text) >= 4;

type Wrapping = ts.ParenthesizedExpression | ts.AsExpression | ts.AwaitExpression | ts.NonNullExpression;

function hasInner(node: ts.Node): node is Wrapping {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

function isPush(call: ts.CallExpression): call is ts.CallExpression & {
  expression: ts.PropertyAccessExpression;
} {
  return ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "push";
}

/** The function that a name stands for: declared as one, or a constant that is one. */
function functionOf(symbol: ts.Symbol | undefined): ts.SignatureDeclaration | undefined {
  const declaration = symbol?.valueDeclaration;
  if (!declaration) return undefined;
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration;
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return value && ts.isArrowFunction(value) ? value : undefined;
}

function symbolOfFunction(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const { name } = (ts.isArrowFunction(node) ? node.parent : node) as { name?: ts.Node };
  return name && checker.getSymbolAtLocation(name);
}

/** The returns of a function, without those of functions in it. */
function ownReturns(node: ts.Node): ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isReturnStatement(child)) found.push(child);
    else if (!ts.isFunctionLike(child)) found.push(...ownReturns(child));
  });
  return found;
}
