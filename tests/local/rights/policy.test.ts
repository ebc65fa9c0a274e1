import assert from "node:assert/strict";
import { PolicyError, readPolicy } from "../../../local/rights/policy";
import { POLICIES, policyText } from "../../policies/policy";

const policy = (statement: string) => `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Fine", "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*" },
    ${statement}
  ]
}`;

const REFUSED: [what: string, text: string, message: RegExp][] = [
  ["nothing", "", /^p\.json, line 1: this is no JSON: /],
  ["text", "hello", /^p\.json, line 1: this is no JSON: invalid symbol\. Mend it, and give it again\.$/],
  [
    "JSON that is cut off",
    '{\n"Version": "2012-10-17",\n"Statement": [',
    /^p\.json, line 3: this is no JSON: close bracket expected/,
  ],
  ["a list", "[]", /line 1: a policy is an object\. Needed: \{ … \} with Version and Statement\.$/],
  [
    "the language of 2008",
    '{ "Version": "2008-10-17", "Statement": [] }',
    /Version is "2008-10-17"\. Needed: "2012-10-17"\.$/,
  ],
  ["no statements", '{ "Version": "2012-10-17" }', /it has no Statement/],
  ["an empty list of them", '{ "Version": "2012-10-17",\n"Statement": [] }', /line 2: Statement is empty\./],
  [
    "an element that policies do not have",
    '{ "Version": "2012-10-17",\n"Statements": [] }',
    /^p\.json, line 2: a policy has no Statements\. Needed: Version, Id, Statement\.$/,
  ],
  [
    "an element that is there twice",
    policy('{ "Effect": "Allow", "Action": "*",\n"Resource": "arn:aws:ec2:*:*:volume/*",\n"Resource": "*" }'),
    /line 7: a statement of a role's policy has Resource twice\./,
  ],
  [
    "an action among others, at its own line",
    policy('{ "Effect": "Allow", "Action": [\n"ec2:RunInstances",\n"StopInstances"], "Resource": "*" }'),
    /line 7: "StopInstances" is no action\. Needed: service:Action, e\.g\. ec2:RunInstances\.$/,
  ],
  [
    "a condition that is a text",
    policy('{ "Effect": "Allow", "Action": "*", "Resource": "*",\n "Condition": "none" }'),
    /line 6: Condition is no object\./,
  ],
  [
    "an operator without keys, which would hold always",
    policy('{ "Effect": "Allow", "Action": "*", "Resource": "*",\n "Condition": { "StringEquals": {} } }'),
    /line 6: StringEquals names no key\./,
  ],
  [
    "a condition without a value",
    policy(
      '{ "Effect": "Allow", "Action": "*", "Resource": "*",\n "Condition": { "StringEquals": { "aws:x":\n[] } } }',
    ),
    /line 7: a condition's value is no text\./,
  ],
  [
    "a variable",
    policy('{ "Effect": "Allow", "Action": "*",\n "Resource": "arn:aws:ec2:*:*:instance/${aws:username}" }'),
    /line 6: "arn:aws:ec2:\*:\*:instance\/\$\{aws:username\}" has a variable, which is not evaluated here\./,
  ],
  ["a statement that is a text", policy('"all"'), /^p\.json, line 5: a statement is an object/],
  [
    "another effect",
    policy('{ "Effect": "allow", "Action": "*", "Resource": "*" }'),
    /line 5: Effect is "allow"\. Needed: "Allow" or "Deny"\./,
  ],
  [
    "an element of another kind of policy",
    policy('{ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" }'),
    /line 5: a statement of a role's policy has no Principal/,
  ],
  [
    "no resource",
    policy('{ "Effect": "Allow", "Action": "*" }'),
    /line 5: a statement has no Resource\. Needed: either Resource or NotResource/,
  ],
  [
    "an action without its service",
    policy('{ "Effect": "Allow", "Action": "RunInstances", "Resource": "*" }'),
    /"RunInstances" is no action/,
  ],
  [
    "a resource that is no ARN",
    policy('{ "Effect": "Allow", "Action": "*", "Resource": "vol-1" }'),
    /"vol-1" is no ARN/,
  ],
  [
    "an operator that is not known",
    policy(
      '{ "Effect": "Allow", "Action": "*", "Resource": "*",\n "Condition": { "StringIs": { "aws:x": "1" } } }',
    ),
    /line 6: the operator StringIs is not evaluated here\. Needed: StringEquals, /,
  ],
];

describe("a policy document", () => {
  for (const name of POLICIES.filter((each) => !each.startsWith("trust-"))) {
    it(`is understood: ${name}.json`, () => {
      const { statements } = readPolicy(policyText(name), name);
      assert.ok(statements.length > 0 && statements.every(({ actions = [] }) => actions.length > 0));
    });
  }

  for (const [what, text, message] of REFUSED) {
    it(`is refused with its line: ${what}`, () => {
      assert.throws(
        () => readPolicy(text, "p.json"),
        (error) => error instanceof PolicyError && message.test(error.message),
      );
    });
  }
});
