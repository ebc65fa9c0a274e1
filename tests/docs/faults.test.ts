import assert from "node:assert/strict";
import { SCENARIOS } from "../faults/scenarios";
import { read } from "./documents";

describe("docs/faults.md", () => {
  it("has a row for every fault that is played, says what is seen and what to do, and has no other", () => {
    const rows = read("docs/faults.md")
      .split("\n")
      .filter((line) => /^\| (?!-|fault )/.test(line) || line.startsWith("| --continue"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const [, name, seen, todo] of rows) assert.ok(seen && todo, name);
    assert.deepEqual(rows.map(([, name]) => name).sort(), SCENARIOS.map(({ name }) => name).sort());
  });
});
