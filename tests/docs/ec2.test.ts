/** What docs/ec2.md says of EC2 is numbered, answered, and shown by tests that are there. */
import assert from "node:assert/strict";
import { read } from "./documents";
import { missingTests } from "./titles";

describe("docs/ec2.md", function () {
  this.timeout(180_000);
  const rows = read("docs/ec2.md")
    .split("\n")
    .filter((line) => /^\| \d+\. /.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

  it("numbers its rows from the first to the last, and answers each", () => {
    assert.ok(rows.length > 30, String(rows.length));
    rows.forEach(([, what, answer, shownBy], index) => {
      assert.ok(what.startsWith(`${index + 1}. `), what);
      assert.ok(answer.length > 10, what);
      assert.match(shownBy, /^(_documented_$|`tests\/[^`]+`: "[^"]+")/, what);
    });
  });

  it("names tests that are there, by their titles", () => {
    assert.deepEqual(missingTests(rows.map(([, , , shownBy]) => shownBy)), []);
  });
});
