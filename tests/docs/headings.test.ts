import assert from "node:assert/strict";
import { anchor } from "../../docs/tools/reference/words";
import { proseOf, read } from "./documents";

describe("docs/arguments.md", () => {
  it("has no two headings with the same anchor, so that a link to one leads nowhere else", () => {
    const headings = [...proseOf(read("docs/arguments.md")).matchAll(/^#+ +(.+)$/gm)].map(([, text]) =>
      anchor(text),
    );
    assert.deepEqual(
      headings.filter((one, index) => headings.indexOf(one) !== index),
      [],
    );
  });
});
