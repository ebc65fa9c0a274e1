import assert from "node:assert/strict";
import { environmentOf } from "../../../local/commands/pulumi";

describe("the environment of Pulumi's command on the local cloud", () => {
  const env = { AWS_ACCESS_KEY_ID: "local", AWS_REGION: "us-east-1" };
  const keyOf = (own: NodeJS.ProcessEnv, callers: string[]) =>
    environmentOf({ env }, own, callers).AWS_ACCESS_KEY_ID;

  it("has an access key that was given policies there, and none of the user's own account", () => {
    assert.equal(keyOf({ AWS_ACCESS_KEY_ID: "ci" }, ["ci"]), "ci");
    assert.equal(keyOf({ AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" }, ["ci"]), "local");
    assert.equal(keyOf({}, ["ci"]), "local");
    assert.equal(env.AWS_ACCESS_KEY_ID, "local");
  });
});
