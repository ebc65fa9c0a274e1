/** What a program writes into the documents is what it would write now. */
import assert from "node:assert/strict";
import { GENERATED } from "../../docs/tools/generated";
import { read, ROOT } from "./documents";

describe("the generated documents", () => {
  for (const { path, make } of GENERATED) {
    it(`have ${path} as \`npm run docs\` makes it now`, async () => {
      assert.equal(read(path), await make(ROOT));
    });
  }
});
