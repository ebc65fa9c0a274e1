/** Whom the roles for GitHub Actions trust: the jobs they are for, whatever form GitHub gives their names. */
import assert from "node:assert/strict";
import { conditionHolds, type Policy, policyText } from "./policy";

/** A trust policy as somebody has filled it in. */
function filledIn(name: string): Policy {
  const text = policyText(name)
    .replaceAll("ACCOUNT-ID", "123456789012")
    .replaceAll("OWNER-ID", "1001")
    .replaceAll("REPOSITORY-ID", "2002")
    .replaceAll("OWNER", "acme")
    .replaceAll("REPOSITORY", "images");
  return JSON.parse(text) as Policy;
}

/** Whether the role lets a job in whose token is for this subject and audience. */
function trusts(name: string, sub: string, aud = "sts.amazonaws.com"): boolean {
  const issuer = "token.actions.githubusercontent.com";
  const context = { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud };
  return filledIn(name).Statement.some((statement) => conditionHolds(statement, context));
}

const ROLES: [name: string, job: string, others: string[]][] = [
  [
    "trust-github-preview",
    "environment:preview",
    ["pull_request", "environment:prod", "ref:refs/heads/main"],
  ],
  [
    "trust-github-up",
    "environment:prod",
    ["pull_request", "environment:preview", "environment:dev", "ref:refs/heads/main"],
  ],
];

for (const [name, job, others] of ROLES) {
  describe(`the role with ${name}`, () => {
    it("compares whole words: there is no operator in which a wildcard would count", () => {
      const operators = filledIn(name).Statement.flatMap(({ Condition = {} }) => Object.keys(Condition));
      assert.deepEqual(operators, ["StringEquals"]);
    });

    // Owner and repository with their ids: https://docs.github.com/en/actions/reference/security/oidc
    for (const repository of ["acme/images", "acme@1001/images@2002"]) {
      it(`trusts ${job} of ${repository}`, () =>
        assert.equal(trusts(name, `repo:${repository}:${job}`), true));

      for (const other of others) {
        it(`does not trust ${other} of ${repository}`, () =>
          assert.equal(trusts(name, `repo:${repository}:${other}`), false));
      }

      it(`does not trust a token of ${repository} that is for somebody else`, () =>
        assert.equal(trusts(name, `repo:${repository}:${job}`, "https://github.com/acme"), false));
    }

    // Whoever takes a name that has become free has another id.
    for (const repository of [
      "acme@1/images@2002",
      "acme@1001/images@2",
      "acme@1001/other@3/images@2002",
      "evil/images",
      "acme/images-2",
    ]) {
      it(`does not trust ${repository}`, () =>
        assert.equal(trusts(name, `repo:${repository}:${job}`), false));
    }
  });
}
