import assert from "node:assert/strict";
import { deniedIn, policyWith } from "../../components/denied";
import { actionsOf, POLICIES } from "../policies/policy";

const EC2 =
  "creating EBS Volume: operation error EC2: CreateVolume, https response error StatusCode: 403, RequestID: 1, api error " +
  "UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:iam::1:user/u is not authorized to " +
  "perform: ec2:CreateVolume on resource: arn:aws:ec2:us-east-1:1:volume/* because no identity-based policy allows the " +
  "ec2:CreateVolume action. Encoded authorization failure message: abc";

describe("a refusal for want of a right", () => {
  const CASES: [what: string, message: string, denied: ReturnType<typeof deniedIn>][] = [
    ["as EC2 says it", EC2, { action: "ec2:CreateVolume", resource: "arn:aws:ec2:us-east-1:1:volume/*" }],
    [
      "of a look-up, which is about no thing",
      "User: u is not authorized to perform: ec2:DescribeTags because no identity-based policy allows it",
      { action: "ec2:DescribeTags", resource: undefined },
    ],
    [
      "in EC2's older words",
      "operation error EC2: RunInstances, api error UnauthorizedOperation: You are not authorized to perform this operation.",
      { action: "ec2:RunInstances", resource: undefined },
    ],
    ["that is none", "operation error EC2: RunInstances, api error Unsupported: not here", undefined],
  ];
  for (const [what, message, denied] of CASES)
    it(`is understood: ${what}`, () => assert.deepEqual(deniedIn(message), denied));
});

describe("the policy that is named for a refusal", () => {
  /** Those that a migration's caller is given. `sweep`, `inspect` and `discover` name their own; up-narrow replaces up. */
  const files = POLICIES.filter((name) => !/^(trust-|sweep|inspect-|discover|up-narrow)/.test(name));
  for (const name of files) {
    it(`is policies/${name}.json, of each action that it has`, () => {
      const others = actionsOf(name).filter(
        (action) => !policyWith(action).includes(`policies/${name}.json`),
      );
      assert.deepEqual(others, []);
    });
  }

  it("is one that has the action", () => {
    for (const action of actionsOf(...files)) {
      const named = [...policyWith(action).matchAll(/policies\/([\w-]+)\.json/g)].map(([, name]) => name);
      assert.ok(named.length > 0, action);
      for (const name of named) assert.ok(actionsOf(name).includes(action), `${name}: ${action}`);
    }
  });
});
