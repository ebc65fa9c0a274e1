/** What the documents quote of a run is what a run said. */
import assert from "node:assert/strict";
import { RECORDING } from "../../docs/tools/generated";
import { LANES } from "../../docs/tools/graph/lanes";
import { parseRecording } from "../../docs/tools/terminal/recording";
import { ARGS, register } from "../components/mockEngine";
import { all, blocksOf, read } from "./documents";

const PAGE = read("docs/first-migration.md");
const run = parseRecording(read(RECORDING)).map(({ text }) => text);
const said = (text: string) => run.some((line) => line.includes(text));

describe("docs/first-migration.md", () => {
  const blocks = blocksOf(PAGE).filter(({ language }) => language === "");

  it("counts what the dry run makes", async () => {
    const { registered } = await register({ ...ARGS, until: "inspect" });
    // The stack itself is one more.
    assert.match(PAGE, new RegExp(`\\+ ${registered.length + 1} to create`));
  });

  it("counts what the rehearsal adds", async () => {
    const before = (await register({ ...ARGS, until: "inspect" })).registered.length;
    const after = (await register({ ...ARGS, until: "rehearse" })).registered.length;
    assert.match(PAGE, new RegExp(`: ${after - before} more resources`));
  });

  it("quotes the steps' last lines from the recorded run", () => {
    const lines = blocks.flatMap(({ text }) => all(/^[a-z-]* *((?:NOCHANGE|CHANGED): .*)$/gm, text));
    assert.equal(lines.length, 7);
    assert.deepEqual(
      lines.filter((line) => !said(line)),
      [],
    );
  });

  it("quotes plan, verdicts and boot proof from it", () => {
    const [outputs] = blocks.filter(({ text }) => text.includes('"plan": {'));
    const values = all(/: \[?"([^"…]*)(?:…)?"/g, outputs.text);
    const [proof] = blocks.filter(({ text }) => text.startsWith("virtualization"));
    const lines = proof.text.trimEnd().split("\n");
    assert.ok(values.length >= 5 && lines.length === 3);
    assert.deepEqual(
      [...values, ...lines].filter((value) => !said(value.trim())),
      [],
    );
  });
});

describe("the front page", () => {
  it("says in how many steps", () => {
    assert.equal(LANES.length, 7);
    assert.match(read("README.md"), /in seven steps/);
  });

  it("counts the known ways to go wrong", () => {
    const [, ways] = /(\d+) known ways to go wrong/.exec(read("README.md")) ?? [];
    const rows =
      read("docs/guests.md")
        .split("## What goes wrong in the field")[1]
        .match(/^\| (?!-)/gm) ?? [];
    // The table's head is a row as well.
    assert.equal(Number(ways), rows.length - 1);
  });
});
