import assert from "node:assert/strict";
import { inspect } from "node:util";
import { refusal, visibleError } from "../../../components/checks/problems";

describe("an error that a user is shown", () => {
  const problem = { path: "until", reason: "must be one of inspect, publish", fix: "Choose one of these." };
  const ERRORS: [kind: string, error: Error][] = [
    ["about arguments", refusal([{ name: "web", problems: [problem] }], { others: [], hasBegun: false })],
    ["about what a program said", visibleError("inspect: its record has no plan. Set a new revision.")],
  ];
  for (const [kind, error] of ERRORS) {
    it(`${kind} keeps its words, whatever it passes through`, () => {
      const before = error.message;
      error.message = `error serializing property "imageId": ${before}`;
      assert.equal(error.message, before);
    });

    it(`${kind} has no stack, in whatever way it is printed`, () => {
      assert.equal(error.stack, error.message);
      // As the SDK prints it.
      assert.doesNotMatch(inspect(error, { colors: true }), /^\s+at /m);
    });
  }
});
