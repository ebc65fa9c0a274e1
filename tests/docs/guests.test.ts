import assert from "node:assert/strict";
import { read } from "./documents";
import { missingTests } from "./titles";

describe("docs/guests.md", function () {
  this.timeout(180_000);
  const rows = read("docs/guests.md")
    .split("## What goes wrong in the field")[1]
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

  it("answers everything that is known to go wrong", () => {
    assert.equal(rows.length, 63);
    for (const [, what, where, answer, shownBy] of rows) {
      assert.ok(what && where, what);
      assert.match(answer, /^_(Handled|Reported|Refused|Not ours)_: ./, what);
      if (!answer.startsWith("_Not ours_")) assert.match(shownBy, /^`tests\/[^`]+`: "[^"]+"/, what);
    }
  });

  it("names tests that are there, by their titles", () => {
    assert.deepEqual(missingTests(rows.map(([, , , , shownBy]) => shownBy)), []);
  });
});
