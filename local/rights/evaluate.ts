/**
 * IAM's decision on one request about one resource. Pure. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Condition, Policy, Statement } from "./policy";

/** One resource that a request touches: IAM is asked about each by itself. */
export interface Asked {
  /** `ec2:RunInstances` */
  action: string;
  arn: string;
  /** Keys of the request's context, e.g. `aws:RequestTag/x`; a key with several values is a list. */
  context: Record<string, string | string[]>;
}

export type Decision =
  | { allowed: true }
  /** No statement allows it. */
  | { allowed: false; denied: false }
  /** A statement denies it, whatever the others allow. */
  | { allowed: false; denied: true; policy: string; statement?: string };

/** What policies that are attached together decide. */
export function decide(policies: Policy[], asked: Asked): Decision {
  const all = policies.flatMap(({ name, statements }) =>
    statements.map((statement) => ({ name, statement })),
  );
  const applying = all.filter(({ statement }) => applies(statement, asked));
  const denying = applying.find(({ statement }) => statement.effect === "Deny");
  if (denying) {
    return { allowed: false, denied: true, policy: denying.name, statement: denying.statement.sid };
  }
  return applying.length > 0 ? { allowed: true } : { allowed: false, denied: false };
}

function applies(statement: Statement, { action, arn, context }: Asked): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const isAction = (pattern: string) => matches(pattern, action, true);
  const isResource = (pattern: string) => pattern === "*" || arnLike(arn, pattern);
  return (
    (actions ? actions.some(isAction) : !(notActions ?? []).some(isAction)) &&
    (resources ? resources.some(isResource) : !(notResources ?? []).some(isResource)) &&
    conditions.every((condition) => holds(condition, context))
  );
}

/** IAM's wildcards; every other character stands for itself. */
function matches(pattern: string, text: string, ignoreCase = false): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const expression = `^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`;
  return new RegExp(expression, ignoreCase ? "is" : "s").test(text);
}

type Test = (value: string, wanted: string) => boolean;

const same: Test = (value, wanted) => value === wanted;
const sameIgnoringCase: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();
const like: Test = (value, wanted) => matches(wanted, value);
/** Each of an ARN's six parts by itself: a wildcard does not reach over a colon. */
const arnLike: Test = (value, wanted) => {
  const [parts, patterns] = [value, wanted].map((arn) => splitArn(arn));
  return (
    parts.length === patterns.length && patterns.every((pattern, index) => matches(pattern, parts[index]))
  );
};
const compared =
  (test: (value: number, wanted: number) => boolean): Test =>
  (value, wanted) => {
    const [one, other] = [Number(value), Number(wanted)];
    return !Number.isNaN(one) && !Number.isNaN(other) && test(one, other);
  };

function splitArn(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const TESTS: Record<string, Test> = {
  StringEquals: same,
  StringEqualsIgnoreCase: sameIgnoringCase,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: sameIgnoringCase,
  NumericEquals: compared((value, wanted) => value === wanted),
  NumericLessThan: compared((value, wanted) => value < wanted),
  NumericLessThanEquals: compared((value, wanted) => value <= wanted),
  NumericGreaterThan: compared((value, wanted) => value > wanted),
  NumericGreaterThanEquals: compared((value, wanted) => value >= wanted),
};

/** Whether one key of one operator fits what a request brings. */
export function holds({ operator, key, values }: Condition, context: Asked["context"]): boolean {
  const found = valuesOf(context, key);
  const [, qualifier, base, ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (base === "Null")
    return values.some((wanted) => (wanted.toLowerCase() === "true") === (found === undefined));
  // All of no values are, and any of no values is not.
  if (qualifier !== undefined && (found === undefined || found.length === 0))
    return qualifier === "ForAllValues" || ifExists !== undefined;
  const [name, negated] = base.includes("Not") ? [base.replace("Not", ""), true] : [base, false];
  // A key that is not there is like none, and unlike each.
  if (found === undefined) return negated || ifExists !== undefined;
  const fits = (value: string) => values.some((wanted) => TESTS[name](value, wanted)) !== negated;
  return qualifier === "ForAllValues" ? found.every(fits) : found.some(fits);
}

/** Names of keys have no case, but for what stands behind the slash of a tag's. */
function valuesOf(context: Asked["context"], key: string): string[] | undefined {
  const wanted = key.toLowerCase();
  const name = Object.keys(context).find((each) => each.toLowerCase() === wanted);
  const value = name === undefined ? undefined : context[name];
  return value === undefined ? undefined : [value].flat();
}
