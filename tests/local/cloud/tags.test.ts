import assert from "node:assert/strict";
import { passes } from "../../../local/cloud/tags";

describe("a filter's value", () => {
  for (const [pattern, value, expected] of [
    ["images/prod", "images/prod", true],
    ["images/prod", "images/production", false],
    ["images/*", "images/prod", true],
    ["images/p?od", "images/prod", true],
    ["images/p?od", "images/pod", false],
    ["a.c", "abc", false],
    ["*", "two\nlines", true],
    ["100\\*", "100*", true],
    ["100\\*", "1000", false],
    ["what\\?", "what?", true],
    ["C:\\\\x", "C:\\x", true],
    ["C:\\x", "C:\\x", true],
    ["[a]", "[a]", true],
    ["", "", true],
    ["", "x", false],
  ] as const) {
    it(`${JSON.stringify(pattern)} ${expected ? "finds" : "passes over"} ${JSON.stringify(value)}`, () => {
      const record = { tags: { "pv-to-hvm:stack": value } };
      assert.equal(passes(record, [{ name: "tag:pv-to-hvm:stack", values: [pattern] }], {}), expected);
    });
  }
});
