/** Each policy with a part less: what was asked at a door must then be refused, else that part is too much. */
import { decide } from "../../local/rights/evaluate";
import { type Policy, readPolicy as understand } from "../../local/rights/policy";
import type { Met } from "../local/rights/witness";
import { many, type Policy as Document, type Statement } from "./policy";
import { filledIn, ROLES, type RoleName } from "./roles";

/** A policy without one part of it. */
interface Less {
  /** `up: ChangeImages: ec2:DeleteSnapshot` */
  what: string;
  name: string;
  document: Document;
  /** Decisions about others are as before. */
  actions: string[];
}

/** Every way in which a policy can have a statement, an action, a kind of thing or a value of a condition less. */
export function lessThan(name: string): Less[] {
  const document = JSON.parse(filledIn(name)) as Document;
  return document.Statement.flatMap((statement, index) => {
    const others = document.Statement.filter((_, each) => each !== index);
    const actions = many(statement.Action);
    const named = (what: string) => `${name}: ${statement.Sid}${what === "" ? "" : `: ${what}`}`;
    const whole = { what: named(""), name, actions, document: { ...document, Statement: others } };
    const parts = narrowed(statement).map(([what, less]) => ({
      ...{ what: named(what), name, actions },
      document: { ...document, Statement: [...others, less] },
    }));
    return [whole, ...parts];
  });
}

function narrowed(statement: Statement): [what: string, less: Statement][] {
  const { Action, Resource, Condition = {} } = statement;
  return [
    ...without(many(Action)).map(([what, rest]): [string, Statement] => [
      what,
      { ...statement, Action: rest },
    ]),
    ...without(many(Resource)).map(([what, rest]): [string, Statement] => [
      what,
      { ...statement, Resource: rest },
    ]),
    ...Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, values]) =>
        without(many(values)).map(([what, rest]): [string, Statement] => [
          `${key} ${what}`,
          { ...statement, Condition: { ...Condition, [operator]: { ...keys, [key]: rest } } },
        ]),
      ),
    ),
  ];
}

/** Each of a list with those that are left without it; of one alone there is no less. */
function without(all: string[]): [one: string, rest: string[]][] {
  return all.length < 2 ? [] : all.map((one) => [one, all.filter((each) => each !== one)]);
}

/** IAM knows no policy without a statement: where the last one is taken away, there is no policy any more. */
function policyIn({ name, document }: Less): Policy {
  if (document.Statement.length === 0) return { name, statements: [] };
  return understand(JSON.stringify(document), name);
}

/** What was asked and is refused, with the policies of who asked; `less` in place of the policy of that name. */
export function refusedOf(met: Met[], less?: Less): string[] {
  const read = new Map<string, Policy>();
  const policyOf = (name: string) => {
    const policy =
      read.get(name) ?? (less?.name === name ? policyIn(less) : understand(filledIn(name), name));
    read.set(name, policy);
    return policy;
  };
  return met.flatMap(({ caller, asked }) => {
    const names: readonly string[] = ROLES[caller as RoleName];
    if (less && !names.includes(less.name)) return [];
    const policies = names.map(policyOf);
    return asked
      .filter(({ action }) => less?.actions.includes(action) ?? true)
      .filter((each) => !decide(policies, each).allowed)
      .map(({ action, arn }) => `${caller}: ${action} on ${arn}`);
  });
}

/** What of a policy nothing that was asked needs. */
export function tooMuchIn(name: string, met: Met[]): string[] {
  return lessThan(name)
    .filter((less) => refusedOf(met, less).length === 0)
    .map(({ what }) => what);
}

/** The actions of a policy that were asked for, and those of them that were not missed if no statement had them. */
export function notMissedIn(name: string, met: Met[]): { actions: string[]; notMissed: string[] } {
  const document = JSON.parse(filledIn(name)) as Document;
  const asked = new Set(met.flatMap((each) => each.asked.map(({ action }) => action)));
  const actions = [...new Set(document.Statement.flatMap(({ Action }) => many(Action)))].filter((action) =>
    asked.has(action),
  );
  const notMissed = actions.filter((action) => {
    const less = { what: action, name, actions: [action], document: withoutAction(document, action) };
    return refusedOf(met, less).length === 0;
  });
  return { actions, notMissed };
}

function withoutAction(document: Document, action: string): Document {
  const Statement = document.Statement.map((statement) => ({
    ...statement,
    Action: many(statement.Action).filter((each) => each !== action),
  }));
  return { ...document, Statement: Statement.filter(({ Action }) => Action.length > 0) };
}

/** What was asked and allowed: only of that it can be seen what it needed. */
export function allowedOf(met: Met[]): Met[] {
  return met.filter((each) => refusedOf([each]).length === 0);
}

/** The same requests by the same callers count once. */
export function distinct(met: Met[]): Met[] {
  return [...new Map(met.map((each) => [JSON.stringify(each), each])).values()];
}
