/** The policy documents of policies/, and what they allow: as much of IAM's evaluation as they use. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

type OneOrMany = string | string[];

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: OneOrMany;
  Resource?: OneOrMany;
  Principal?: { Federated: string };
  Condition?: { [operator: string]: { [key: string]: OneOrMany } };
}

export interface Policy {
  Version: string;
  Statement: Statement[];
}

const FOLDER = join(__dirname, "..", "..", "policies");

/** Names of all policies, without `.json`. */
export const POLICIES = readdirSync(FOLDER)
  .map((file) => basename(file, ".json"))
  .sort();

export function policyText(name: string): string {
  return readFileSync(join(FOLDER, `${name}.json`), "utf8");
}

export function readPolicy(name: string): Policy {
  return JSON.parse(policyText(name)) as Policy;
}

export function many(value: OneOrMany = []): string[] {
  return Array.isArray(value) ? value : [value];
}

/** Every action that a policy allows on anything, sorted, each once. */
export function actionsOf(...names: string[]): string[] {
  const all = names.flatMap((name) => readPolicy(name).Statement.flatMap(({ Action }) => many(Action)));
  return [...new Set(all)].sort();
}

/** One resource of a request: EC2 asks IAM for each that an action touches. */
export interface Asked {
  action: string;
  arn: string;
  /** The keys of the request's context: tags of the resource, tags in the request, and so on. */
  context?: { [key: string]: string };
}

/** Whether policies that are attached together allow an action on a resource. */
export function isAllowed(names: string[], asked: Asked): boolean {
  return names.some((name) => readPolicy(name).Statement.some((statement) => allows(statement, asked)));
}

/** Whether one statement allows an action on a resource. */
export function allows(statement: Statement, { action, arn, context = {} }: Asked): boolean {
  return (
    many(statement.Action).includes(action) &&
    many(statement.Resource).some((pattern) => matches(pattern, arn)) &&
    conditionHolds(statement, context)
  );
}

/** Whether a statement's condition holds for a request: all of the keys of all of the operators. */
export function conditionHolds({ Condition = {} }: Statement, context: { [key: string]: string }): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, many(wanted), context[key])),
  );
}

/** IAM's wildcards; every other character stands for itself. */
function matches(pattern: string, text: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
}

/** A key that is not in the request fails every operator but Null (IAM's user guide, condition operators). */
function holds(operator: string, wanted: string[], value: string | undefined): boolean {
  switch (operator) {
    case "Null":
      return wanted[0] === String(value === undefined);
    case "StringEquals":
    case "Bool":
      return value !== undefined && wanted.includes(value);
    case "StringLike":
      return value !== undefined && wanted.some((pattern) => matches(pattern, value));
    default:
      throw new Error(`${operator}: no policy here had this operator. Teach it to tests/policies/policy.ts.`);
  }
}
