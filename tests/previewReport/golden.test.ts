/** Reports of previews that the real engine made (record.ts), as whole files. `UPDATE_GOLDEN=1` writes them anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { COMMENT_LIMIT } from "../../previewReport/fit";
import { readPreview } from "../../cli/preview/readPreview";
import { reportOf } from "../../previewReport/report";
import { storiesOf } from "../../previewReport/story";
import { readRecording, recordings, reportFile } from "./fixtures";

const recorded = (name: string) => readPreview(readRecording(name), name);

/** Of each recording what a migration's line says, without marks; of those left out nothing changes. */
const LINES: [recording: string, lines: Record<string, RegExp>][] = [
  // Nothing is there yet.
  [
    "new",
    {
      web: /^new: converts ami-0+1 to an HVM image$/,
      database: /^new: inspects snap-0+1, and writes nothing$/,
    },
  ],
  ["new-from-volume", { web: /^new: converts vol-\w+ to an HVM image$/ }],
  ["new-from-instance", { web: /^new: converts i-\w+ to an HVM image$/ }],
  ["visit-of-instance", { web: /^new: asks i-\w+ over ssh what it is, and writes nothing$/ }],
  // Of a program that is refused the engine is told no migration: the errors name them.
  ["refused", {}],
  // Begun, and not finished.
  ["until-raised", { web: /^goes on at partition, because until inspect → publish$/ }],
  ["inspected-anew", { web: /^inspected anew, because revision was not given, is now 2$/ }],
  ["steps-taken-back", { web: /^taken back: partition; stop-after-inspect made$/ }],
  ["goes-on-at-copy", { web: /^goes on at copy, where an earlier run ended$/ }],
  ["goes-on-at-image", { web: /^goes on at image, where an earlier run ended$/ }],
  // Finished: what leaves it alone.
  ["nothing", { web: /^nothing changes$/ }],
  ["helper-type", { web: /^nothing changes; what is new .* next conversion/ }],
  ["tags", { web: /^only tags change$/ }],
  ["description", { web: /^only the image's description changes$/ }],
  // What converts anew.
  ["bigger-disk", { web: /^converted anew, because destination\.sizeGb was the default, is now 4$/ }],
  ["revision", { web: /^converted anew, because revision was not given, is now 2$/ }],
  ["other-source", { web: /^converted anew, because source\.imageId ami-0+1 → ami-0+7$/ }],
  ["replacement-goes-on", { web: /^goes on at image, where an earlier run ended$/ }],
  [
    "replacement-taken-back",
    { web: /^converted anew, because destination\.sizeGb was 4, is now the default$/ },
  ],
  // The workbench.
  ["workbench-removed", { web: /^workbench removed: helper and volumes go, the image stays$/ }],
  ["workbench-running", { web: /^helper started$/ }],
  ["workbench-back", { database: /^converted anew, because workbench removed → stopped$/ }],
  ["removed-and-changed", {}],
  // Image and launched machine.
  [
    "renamed-image",
    {
      web: /^image registered anew from the same snapshot, because image\.name was the default, is now www$/,
    },
  ],
  ["launch-added", { web: /^launches a machine \(t3\.micro\)$/ }],
  ["launched-replaced", { web: /^converted anew, because .*; launched machine i-\w+ replaced$/ }],
  [
    "launched-resized",
    { web: /^launched machine i-\w+ changed in place: instanceType t3\.micro → t3\.small$/ },
  ],
  ["launch-removed", { web: /^launched machine i-\w+ deleted$/ }],
  // Taken away.
  ["until-lowered", {}],
  ["disabled", { web: /^deleted, with its image ami-\w+$/ }],
  [
    "all-removed",
    {
      web: /^deleted, with its image ami-\w+ and its launched machine i-\w+$/,
      database: /^deleted, with its image ami-\w+$/,
    },
  ],
  // Two of which one changes.
  ["one-of-two", { web: /^converted anew/, database: /^nothing changes$/ }],
];

describe("the report of a recorded preview", () => {
  for (const name of recordings()) {
    it(`is the golden one: ${name}`, () => {
      const report = reportOf(recorded(name), COMMENT_LIMIT);
      if (process.env.UPDATE_GOLDEN) writeFileSync(reportFile(name), report);
      assert.equal(report, readFileSync(reportFile(name), "utf8"));
    });
  }

  for (const [name, lines] of LINES) {
    it(`says in words what happens: ${name}`, () => {
      const stories = storiesOf(recorded(name));
      const told = stories.map((story) => story.name);
      assert.deepEqual(
        Object.keys(lines).filter((migration) => !told.includes(migration)),
        [],
      );
      for (const story of stories) {
        assert.match(story.headline.replace(/[`*]/g, ""), lines[story.name] ?? /^nothing changes$/);
      }
    });
  }

  it("has a line for every recording with all its resources", () => {
    const complete = recordings().filter((name) => !name.endsWith("-without-sames"));
    assert.deepEqual(LINES.map(([name]) => name).sort(), complete);
  });
});

describe("a preview without --show-sames", () => {
  for (const name of ["bigger-disk", "tags", "one-of-two"]) {
    it(`says the same of what changes: ${name}`, () => {
      const changing = (recording: string) =>
        storiesOf(recorded(recording))
          .filter(({ outcome }) => outcome !== "unchanged")
          .map(({ name: migration, headline }) => [migration, headline]);
      assert.deepEqual(changing(`${name}-without-sames`), changing(name));
    });
  }

  for (const name of ["nothing", "one-of-two"]) {
    it(`names what stays as it is, from the stack's settings: ${name}`, () => {
      const quiet = (recording: string) =>
        /^Nothing changes: .*$/m.exec(reportOf(recorded(recording), COMMENT_LIMIT))?.[0];
      assert.match(quiet(name) ?? "", /`(web|database)`/);
      assert.equal(quiet(`${name}-without-sames`), quiet(name));
    });
  }
});

describe("recordings", () => {
  for (const name of recordings()) {
    it(`hold nothing of the machine that they were made on, and no secret: ${name}`, () => {
      const text = readRecording(name);
      for (const pattern of [
        /PRIVATE KEY/,
        /\/(work|home|root\/(?!pv-to-hvm\.cjs)|tmp)\//,
        /"privateKey\w*": "(?!\[secret\]|[0-9a-f-]{36}")/,
      ]) {
        assert.doesNotMatch(text, pattern);
      }
    });
  }
});
