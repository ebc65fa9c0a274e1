/** What the workflows ask Pulumi Cloud for, and how they name stacks there. */
import assert from "node:assert/strict";
import { evaluate, stepOf, using } from "./workflow";

describe("in Pulumi Cloud", () => {
  const CASES: [file: string, job: string, step: string, team: string][] = [
    ["preview.yml", "preview", "Preview", "PULUMI_PREVIEW_TEAM"],
    ["up.yml", "up", "Update", "PULUMI_UP_TEAM"],
  ];
  for (const [file, job, name, team] of CASES) {
    it(`${file} asks for the token of the team that ${team} names, or for the organization's`, () => {
      const [{ with: inputs }] = using(file, "pulumi/auth-actions");
      const asked = (vars: Record<string, string>) =>
        [inputs?.["requested-token-type"], inputs?.scope].map((text) => evaluate(text, vars));
      const type = "urn:pulumi:token-type:access_token";
      assert.deepEqual(asked({ [team]: "readers" }), [`${type}:team`, "team:readers"]);
      assert.deepEqual(asked({}), [`${type}:organization`, ""]);
    });

    it(`${file} names the stack with its organization, and without one elsewhere`, () => {
      const { env, run } = stepOf(file, job, name);
      const named = (vars: Record<string, string>) => evaluate(env?.QUALIFIED_STACK, vars, "eu.prod");
      assert.equal(named({ PULUMI_ORGANIZATION: "acme" }), "acme/eu.prod");
      assert.equal(named({}), "eu.prod");
      assert.deepEqual(run?.match(/pulumi (preview|up) --stack \S+/g), [
        `pulumi ${job} --stack "$QUALIFIED_STACK"`,
      ]);
    });
  }
});
