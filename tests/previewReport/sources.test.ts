/** What becomes of a source that is the user's own machine. */
import assert from "node:assert/strict";
import { type MadeMigration, reportFor, whole } from "./made";

describe("a source that is an instance", () => {
  const source = { "source-inspection": "create", "source-preparation": "create", "source-stop": "create" };
  const migration: MadeMigration = {
    ...{ ...source, "source-snapshot": "create", "source-start": "create" },
    ...whole("create", 8, { "": { op: "create", new: { inputs: { source: { instanceId: "i-0c0ffee" } } } } }),
  };

  it("is told of in the order in which it happens, and that it is written to", () => {
    const report = reportFor({ web: migration });
    const order = [
      /asked over ssh what it is/,
      /packages are installed on it/,
      /A new helper/,
      /i-0c0ffee is stopped/,
      /A snapshot of its root volume/,
      /started again/,
      /The source volume .*is made of that snapshot/,
    ];
    const numbered = report.slice(report.indexOf("\n1. "));
    const places = order.map((sentence) => numbered.search(sentence));
    assert.ok(
      places.every((place) => place > 0),
      report,
    );
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      places,
    );
    assert.match(report, /source stopped and started, helper made/);
    assert.match(
      report,
      /^## .*\n\n> \[!WARNING\]\n> Source instances are touched:\n>\n> - web, source i-0c0ffee: packages are installed on it; it is stopped for a snapshot, and started again\n/,
    );
  });
});

describe("a source that is stopped for another conversion", () => {
  const replaced = (state: string): MadeMigration => ({
    ...{ "source-stop": { op: "replace", new: { inputs: { state } } }, "source-snapshot": "replace" },
    ...whole("replace", 8),
  });
  it("is told of", () => {
    const report = reportFor({ web: replaced("stopped") });
    assert.match(report, /source stopped and started, helper/);
    assert.match(report, /it is stopped for a snapshot, and started again/);
  });

  it("is not told of where its snapshot is there already", () => {
    const report = reportFor({ web: replaced("running") });
    assert.match(report, /The source is started where it does not run\./);
    assert.doesNotMatch(report, /source stopped|is stopped for a snapshot/);
  });
});

describe("a source that an earlier run has left stopped", () => {
  const of = { inputs: { source: { instanceId: "i-0c0ffee" } } };
  it("is the user's own machine, and told to be started", () => {
    const report = reportFor({
      web: { ...whole("same", 8), "": { op: "same", new: of }, "source-start": "create" },
    });
    assert.match(
      report,
      /> Source instances are touched:\n>\n> - web, source i-0c0ffee: it is started where it does not/,
    );
    assert.match(report, /goes on at source-start, .* \| source started \|/);
    assert.match(report, /is started again\./);
    assert.doesNotMatch(report, /stopped for a snapshot/);
  });

  it("is started once, where what another conversion has left is started as well", () => {
    const running = { op: "replace", new: { inputs: { state: "running" } } };
    const report = reportFor({
      web: { ...whole("replace", 8), "source-stop": running, "source-start": running },
    });
    assert.match(report, /\| source started, helper/);
    assert.equal(report.match(/The source is started/g)?.length, 1);
  });
});
