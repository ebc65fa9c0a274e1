/** The policy documents of policies/, and what they allow: as the local cloud decides it. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { decide, holds } from "../../local/rights/evaluate";
import { readPolicy as understand } from "../../local/rights/policy";

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
  .filter((file) => file.endsWith(".json"))
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
  const policies = names.map((name) => understand(policyText(name), name));
  return decide(policies, { ...asked, context: asked.context ?? {} }).allowed;
}

/** Whether one statement allows an action on a resource. */
export function allows(statement: Statement, asked: Asked): boolean {
  const alone = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  return decide([understand(alone, statement.Sid)], { ...asked, context: asked.context ?? {} }).allowed;
}

/** Whether a statement's condition holds for a request: all of the keys of all of the operators. */
export function conditionHolds({ Condition = {} }: Statement, context: { [key: string]: string }): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds({ operator, key, values: many(wanted) }, context)),
  );
}
