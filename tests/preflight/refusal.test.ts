import assert from "node:assert/strict";
import { explained } from "../../preflight/refusal";

/** As https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html describes it. */
const decoded = (more: object) =>
  JSON.stringify({
    allowed: false,
    context: { action: "ec2:RunInstances", resource: "arn:aws:ec2:us-east-1:123456789012:volume/*" },
    ...more,
  });

describe("a decoded refusal", () => {
  it("names the statement that denies it, and where such rules stand", () => {
    const told = explained(
      decoded({
        explicitDeny: true,
        matchedStatements: { items: [{ statementId: "DenyWithoutCostCenter", effect: "DENY" }] },
      }),
    );
    assert.equal(
      told?.found,
      "the statement DenyWithoutCostCenter of a policy denies ec2:RunInstances on arn:aws:ec2:us-east-1:123456789012:volume/*",
    );
    assert.match(told?.advice ?? "", /aws:defaultTags/);
  });

  it("tells that nothing allows it", () => {
    const told = explained(decoded({ explicitDeny: false, matchedStatements: { items: [] } }));
    assert.match(told?.found ?? "", /^no policy allows ec2:RunInstances on arn/);
    assert.match(told?.advice ?? "", /policies\/up\.json has it for what carries a migration's tags/);
  });

  it("is left aside where it is no such thing", () => {
    assert.equal(explained("neither"), undefined);
    assert.equal(explained("[]"), undefined);
  });
});
