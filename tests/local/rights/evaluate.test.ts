/** IAM's decisions: a simulator that nobody here wrote decides the same. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Asked, decide } from "../../../local/rights/evaluate";
import { withKnownKeys } from "../../../local/rights/knownKeys";
import { readPolicy } from "../../../local/rights/policy";
import { POLICIES, policyText } from "../../policies/policy";
import { ACCOUNT, simulate } from "./simulator";

const ec2Arn = (kind: string, id: string) =>
  `arn:aws:ec2:us-east-1:${["image", "snapshot"].includes(kind) ? "" : ACCOUNT}:${kind}/${id}`;

/** Actions with a kind that each touches. */
const TOUCHED: [action: string, kind: string][] = [
  ["ec2:RunInstances", "instance"],
  ["ec2:RunInstances", "volume"],
  ["ec2:RunInstances", "subnet"],
  ["ec2:CreateVolume", "volume"],
  ["ec2:CreateVolume", "snapshot"],
  ["ec2:DeleteVolume", "volume"],
  ["ec2:CreateTags", "volume"],
  ["ec2:CreateTags", "image"],
  ["ec2:TerminateInstances", "instance"],
  ["ec2:DeregisterImage", "image"],
];

const VALUES = [
  ...["source", "root", "image", "yes"],
  "pv-to-hvm/prod",
  "pv-to-hvm/dev",
  "CreateVolume",
  "t3.micro",
  "required",
  "true",
  "false",
  "us-east-1",
];
const KEYS = [
  ...[
    "aws:ResourceTag/pv-to-hvm:stack",
    "aws:RequestTag/pv-to-hvm:stack",
    "aws:ResourceTag/pv-to-hvm:role",
    "aws:RequestTag/pv-to-hvm:role",
    "ec2:ResourceTag/owner",
    "ec2:CreateAction",
  ],
  ...["ec2:InstanceType", "ec2:MetadataHttpTokens", "aws:RequestedRegion", "ec2:Region"],
];

const asked: fc.Arbitrary<Asked> = fc
  .tuple(
    fc.constantFrom(...TOUCHED),
    fc.constantFrom("x-1", "x-2", "*"),
    fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)),
  )
  .map(([[action, kind], id, context]) => ({ action, arn: ec2Arn(kind, id === "*" ? "x-3" : id), context }));

const wild = fc.constantFrom("*", "pv-to-hvm/*", "t?.micro", "pv-to-hvm/prod", "re*ed", "us-*-1");
const value = fc.oneof(fc.constantFrom(...VALUES), wild);
const OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringLike",
  "StringNotLike",
  "StringEqualsIgnoreCase",
];
const condition = fc.oneof(
  fc.tuple(
    fc.constantFrom(...OPERATORS.flatMap((name) => [name, `${name}IfExists`])),
    fc.dictionary(fc.constantFrom(...KEYS), fc.array(value, { minLength: 1, maxLength: 2 }), {
      minKeys: 1,
      maxKeys: 2,
    }),
  ),
  fc.tuple(
    fc.constant("Null"),
    fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(["true"], ["false"]), { minKeys: 1, maxKeys: 1 }),
  ),
);
const action = fc.constantFrom(
  "*",
  "ec2:*",
  "ec2:Create*",
  "ec2:runinstances",
  ...TOUCHED.map(([name]) => name),
);
const resource = fc.constantFrom(
  ...[
    "*",
    "arn:aws:ec2:*:*:volume/*",
    "arn:aws:ec2:*:*:instance/x-?",
    "arn:aws:ec2:*::image/*",
    "arn:aws:ec2:us-east-1:*:volume/x-*",
  ],
  ...["arn:aws:ec2:*::snapshot/*"],
);
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 2 });
const statement = fc
  .record({
    Effect: fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
    actions: some(action),
    resources: some(resource),
    not: fc.constantFrom("", "", "", "Action", "Resource"),
    Condition: fc.array(condition, { maxLength: 2 }).map((all) => Object.fromEntries(all)),
  })
  .map(({ Effect, actions, resources, not, Condition }) => ({
    ...{ Effect, Condition },
    [not === "Action" ? "NotAction" : "Action"]: actions,
    [not === "Resource" ? "NotResource" : "Resource"]: resources,
  }));
const policy = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement) => ({ Version: "2012-10-17", Statement }));

function ours(policies: object[], request: Asked): string {
  const read = policies.map((each, index) => readPolicy(JSON.stringify(each), String(index)));
  const decision = decide(read, request);
  if (decision.allowed) return "allowed";
  return decision.denied ? "denied" : "nothing allows it";
}

describe("what IAM decides", function () {
  this.timeout(60_000);

  it("is what iam-simulate decides, of policies and requests at random", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(policy, { minLength: 1, maxLength: 2 }), asked, async (policies, any) => {
        const request = await withKnownKeys(any);
        assert.equal(ours(policies, request), await simulate(policies, request));
      }),
      { numRuns: 150, seed: 20260101 },
    );
  });

  it("is what iam-simulate decides, of each policy that is shipped", async () => {
    const shipped = POLICIES.filter((name) => !name.startsWith("trust-")).map(
      (name) => JSON.parse(policyText(name)) as object,
    );
    await fc.assert(
      fc.asyncProperty(asked, async (any) => {
        const request = await withKnownKeys(any);
        for (const each of shipped) assert.equal(ours([each], request), await simulate([each], request));
      }),
      { numRuns: 15, seed: 20260101 },
    );
  });
});
