/** IAM's policy documents, read and held against their grammar. Pure. */
import { findNodeAtLocation, type Node, parseTree, type ParseError, printParseErrorCode } from "jsonc-parser";

export interface Statement {
  sid?: string;
  effect: "Allow" | "Deny";
  /** With IAM's wildcards. Exactly one of the two. */
  actions?: string[];
  notActions?: string[];
  /** ARNs with wildcards. Exactly one of the two. */
  resources?: string[];
  notResources?: string[];
  conditions: Condition[];
}

/** One key of one operator: `StringEquals` `aws:ResourceTag/x` [values]. */
export interface Condition {
  operator: string;
  key: string;
  values: string[];
}

export interface Policy {
  /** Where it was read, for errors and refusals: a file's name. */
  name: string;
  statements: Statement[];
}

/**
 * Operators that are evaluated, without `IfExists`. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS = [
  ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
  ...["StringLike", "StringNotLike", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Bool", "Null"],
  ...["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"],
  ...["NumericGreaterThan", "NumericGreaterThanEquals"],
];
const QUALIFIERS = /^(ForAllValues|ForAnyValue):/;

/** A document that is no policy. The message says where, by file and line. */
export class PolicyError extends Error {}

/** Reads one document. Throws `PolicyError` for the first thing in it that IAM would refuse, or that is not evaluated here. */
export function readPolicy(text: string, name: string): Policy {
  const at = (offset: number) => `${name}, line ${text.slice(0, offset).split("\n").length}`;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors);
  if (errors.length > 0 || !root) {
    const [{ error, offset } = { error: undefined, offset: 0 }] = errors;
    const found = error === undefined ? "it is empty" : words(printParseErrorCode(error));
    throw new PolicyError(`${at(offset)}: this is no JSON: ${found}. Mend it, and give it again.`);
  }
  const reader = new Reader(at);
  return { name, statements: reader.statements(root) };
}

/** `InvalidSymbol` becomes `invalid symbol`. */
function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

const TOP = ["Version", "Id", "Statement"];
const ELEMENTS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
const ACTION = /^(\*|[\w-]+:[\w*?]+)$/;

/** Refuses a value, at its own place. */
type Check = (value: string, at: Node) => void;

class Reader {
  constructor(private readonly at: (offset: number) => string) {}

  statements(root: Node): Statement[] {
    if (root.type !== "object")
      this.refuse(root, "a policy is an object", "{ … } with Version and Statement");
    this.elements(root, TOP, "a policy");
    const version = findNodeAtLocation(root, ["Version"]);
    // Without it IAM takes the language of 2008, in which variables are no variables.
    if (version?.value !== "2012-10-17")
      this.refuse(version ?? root, `Version is ${show(version?.value)}`, '"2012-10-17"');
    const statement = findNodeAtLocation(root, ["Statement"]);
    if (!statement) return this.refuse(root, "it has no Statement", "a list of statements");
    const all = statement.type === "array" ? (statement.children ?? []) : [statement];
    if (all.length === 0) this.refuse(statement, "Statement is empty", "at least one statement");
    return all.map((each) => this.statement(each));
  }

  /** Each is known, and there once: of two with the same name a reader would see one, and IAM refuses both. */
  private elements(node: Node, known: string[], what: string): void {
    const seen = new Set<string>();
    for (const { children: [key] = [] } of node.children ?? []) {
      const name = String(key.value);
      if (!known.includes(name)) this.refuse(key, `${what} has no ${name}`, known.join(", "));
      if (seen.has(name)) this.refuse(key, `${what} has ${name} twice`, "each element once");
      seen.add(name);
    }
  }

  private statement(node: Node): Statement {
    if (node.type !== "object")
      this.refuse(node, "a statement is an object", "{ … } with Effect, Action and Resource");
    this.elements(node, ELEMENTS, "a statement of a role's policy");
    const effect = findNodeAtLocation(node, ["Effect"]);
    if (effect?.value !== "Allow" && effect?.value !== "Deny") {
      this.refuse(effect ?? node, `Effect is ${show(effect?.value)}`, '"Allow" or "Deny"');
    }
    const [actions, notActions] = this.oneOf(node, "Action", "NotAction", (action, at) => {
      if (!ACTION.test(action))
        this.refuse(at, `${show(action)} is no action`, "service:Action, e.g. ec2:RunInstances");
    });
    const [resources, notResources] = this.oneOf(node, "Resource", "NotResource", (resource, at) => {
      if (resource !== "*" && !resource.startsWith("arn:"))
        this.refuse(at, `${show(resource)} is no ARN`, '"*" or arn:…');
    });
    return {
      sid: findNodeAtLocation(node, ["Sid"])?.value as string | undefined,
      effect: effect?.value as Statement["effect"],
      ...{ actions, notActions, resources, notResources },
      conditions: this.conditions(findNodeAtLocation(node, ["Condition"])),
    };
  }

  private oneOf(node: Node, name: string, negation: string, check: Check): [string[]?, string[]?] {
    const [plain, negated] = [name, negation].map((each) => findNodeAtLocation(node, [each]));
    if ((plain === undefined) === (negated === undefined)) {
      const found = plain ? `has both ${name} and ${negation}` : `has no ${name}`;
      this.refuse(node, `a statement ${found}`, `either ${name} or ${negation}`);
    }
    return [plain && this.texts(plain, name, check), negated && this.texts(negated, negation, check)];
  }

  private texts(node: Node, name: string, check: Check): string[] {
    const all = node.type === "array" ? (node.children ?? []) : [node];
    const values = all.map(({ value }: { value?: unknown }) => value);
    const isFine = values.length > 0 && values.every((value) => typeof value === "string");
    if (!isFine) this.refuse(node, `${name} is ${show(node.value ?? values)}`, "a text, or a list of texts");
    all.forEach((each) => this.plain(each));
    all.forEach((each) => check(String(each.value), each));
    return values as string[];
  }

  private conditions(node: Node | undefined): Condition[] {
    if (node && node.type !== "object")
      this.refuse(node, "Condition is no object", '{ "StringEquals": { "key": "value" } }');
    return (node?.children ?? []).flatMap(({ children: [operator, keys] = [] }) => {
      const name = String(operator.value);
      if (!OPERATORS.includes(name.replace(QUALIFIERS, "").replace(/IfExists$/, ""))) {
        this.refuse(operator, `the operator ${name} is not evaluated here`, OPERATORS.join(", "));
      }
      // One without keys holds always: whoever wrote it meant something else.
      if (keys.type !== "object" || (keys.children ?? []).length === 0)
        this.refuse(operator, `${name} names no key`, '{ "key": "value" }');
      return (keys.children ?? []).map(({ children: [key, value] = [] }) => ({
        ...{ operator: name, key: String(key.value) },
        values: this.scalars(value),
      }));
    });
  }

  private scalars(node: Node): string[] {
    const all = node.type === "array" ? (node.children ?? []) : [node];
    if (all.length === 0 || all.some(({ type }) => !["string", "number", "boolean"].includes(type)))
      this.refuse(
        node,
        "a condition's value is no text",
        "a text, a number, true or false, or a list of them",
      );
    all.forEach((each) => this.plain(each));
    return all.map(({ value }: { value?: unknown }) => String(value));
  }

  /** Taken as it stands, a variable would be a word that nothing is equal to. */
  private plain(node: Node): void {
    if (String(node.value).includes("${"))
      this.refuse(
        node,
        `${show(node.value)} has a variable, which is not evaluated here`,
        "the value itself",
      );
  }

  private refuse(node: Node, found: string, needed: string): never {
    throw new PolicyError(`${this.at(node.offset)}: ${found}. Needed: ${needed}.`);
  }
}

function show(value: unknown): string {
  return value === undefined ? "not there" : JSON.stringify(value);
}
