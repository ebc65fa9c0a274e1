import assert from "node:assert/strict";
import { evaluate } from "./module";

interface Played {
  /** `+name` where a suite begins, `-name` where it ends, in that order. */
  told: string[];
}

/** Suites by what they need, each with the time that it takes; and the preparation's outcome. */
function play(suites: [name: string, needs: string, ms: number][], prepare = "true", abortAt = ""): string[] {
  const { told } = evaluate<Played>(
    ["running/lanes.mjs"],
    `(async () => {
      const told = [], stop = new AbortController();
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const suites = ${JSON.stringify(suites)}.map(([name, needs, ms]) => ({ name, needs, ms }));
      await runLanes(suites, {
        signal: stop.signal,
        prepare: async () => { told.push("+prepare"); await wait(100); told.push("-prepare"); return ${prepare}; },
        run: async ({ name, ms }) => {
          told.push("+" + name);
          if (name === ${JSON.stringify(abortAt)}) stop.abort();
          await wait(ms);
          told.push("-" + name);
        },
      });
      return { told };
    })()`,
  );
  return told;
}

const begun = (told: string[]) => told.filter((each) => each.startsWith("+")).map((each) => each.slice(1));
const isBefore = (told: string[], one: string, other: string) => told.indexOf(one) < told.indexOf(other);

describe("the lanes of a test run", () => {
  it("run each suite once, those that need nothing while the local cloud is prepared", () => {
    const told = play([
      ["lint", "nothing", 10],
      ["disks", "nothing", 10],
      ["boots", "cloud", 10],
      ["cloud", "cloud", 10],
    ]);
    assert.deepEqual(begun(told).sort(), ["boots", "cloud", "disks", "lint", "prepare"]);
    assert.ok(isBefore(told, "-disks", "-prepare"), told.join(" "));
    for (const name of ["+boots", "+cloud"]) assert.ok(isBefore(told, "-prepare", name), told.join(" "));
  });

  it("go on with their own, in the order of the table", () => {
    const told = play([
      ["faults", "cloud", 20],
      ["lint", "nothing", 300],
      ["matrix", "cloud", 20],
    ]);
    assert.deepEqual(begun(told).slice(-2), ["faults", "matrix"]);
    assert.ok(isBefore(told, "+matrix", "-lint"), told.join(" "));
  });

  it("share what is left where one has none of its own any more", () => {
    const told = play([
      ["boots", "cloud", 10],
      ["long", "nothing", 400],
      ["last", "nothing", 10],
    ]);
    assert.ok(isBefore(told, "+last", "-long"), told.join(" "));
    const other = play([
      ["lint", "nothing", 10],
      ["long", "cloud", 400],
      ["matrix", "cloud", 10],
    ]);
    assert.ok(isBefore(other, "+matrix", "-long"), other.join(" "));
  });

  it("are three", () => {
    const told = play(["a", "b", "c", "d"].map((name): [string, string, number] => [name, "nothing", 100]));
    assert.deepEqual(told.slice(0, 3), ["+a", "+b", "+c"]);
    assert.ok(told[3].startsWith("-"), told.join(" "));
  });

  it("prepare nothing where no suite needs it", () => {
    assert.deepEqual(play([["lint", "nothing", 0]]), ["+lint", "-lint"]);
  });

  it("run what needs no local cloud where it could not be prepared", () => {
    const told = play(
      [
        ["lint", "nothing", 0],
        ["boots", "cloud", 0],
        ["cloud", "cloud", 0],
      ],
      "false",
    );
    assert.deepEqual(begun(told).sort(), ["lint", "prepare"]);
  });

  it("begin nothing more once they are interrupted", () => {
    const told = play(
      [
        ["first", "nothing", 200],
        ["second", "nothing", 0],
        ["boots", "cloud", 0],
      ],
      "true",
      "first",
    );
    assert.deepEqual(begun(told).sort(), ["first", "prepare"]);
  });
});
