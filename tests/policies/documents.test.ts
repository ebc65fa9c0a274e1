/** What docs/rights.md says of the policies, against the policies. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { actionsOf, many, POLICIES, readPolicy } from "./policy";

const RIGHTS = readFileSync(join(__dirname, "..", "..", "docs", "rights.md"), "utf8");
const STATEMENTS = POLICIES.flatMap((name) => readPolicy(name).Statement);

/** What stands in backquotes, outside blocks of code. */
const quoted = [...RIGHTS.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);

describe("docs/rights.md", () => {
  for (const name of POLICIES) {
    it(`says what ${name}.json is for`, () => {
      assert.ok(RIGHTS.includes(`(../policies/${name}.json)`));
    });
  }

  it("names statements that there are", () => {
    const sids = STATEMENTS.map(({ Sid }) => Sid);
    const named = quoted.filter((text) => /^([A-Z][a-z]+){2,}$/.test(text) && !text.startsWith("Create"));
    assert.ok(named.length >= 3, `only ${named}`);
    assert.deepEqual(
      named.filter((name) => !sids.includes(name)),
      [],
    );
  });

  it("names EC2 actions that some policy allows", () => {
    const named = quoted.filter((text) => /^ec2:[A-Z]\w+(Instances|Attribute|Volume|Image|Tags)$/.test(text));
    assert.ok(named.length >= 3, `only ${named}`);
    assert.deepEqual(
      named.filter((action) => !actionsOf(...POLICIES).includes(action)),
      [],
    );
  });

  it("has the only placeholders that there are: account, key, region, network, stack, owner and repository with their ids", () => {
    const texts = STATEMENTS.flatMap(({ Resource, Principal, Condition }) => [
      ...many(Resource),
      JSON.stringify([Principal, Condition]),
    ]);
    const placeholders = texts.join(" ").match(/\b[A-Z]{3,}(-[A-Z]+)*\b/g) ?? [];
    assert.deepEqual([...new Set(placeholders)].sort(), [
      "ACCOUNT-ID",
      "KEY-ID",
      "OWNER",
      "OWNER-ID",
      "PROJECT",
      "REGION",
      "REPOSITORY",
      "REPOSITORY-ID",
      "STACK",
      "SUBNET-ID",
      "VPC-ID",
    ]);
  });
});
