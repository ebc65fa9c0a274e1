/** What is said of a stack besides its migrations. */
import assert from "node:assert/strict";
import { type MadeMigration, reportFor, stepsOf, whole } from "./made";

describe("a preview that does not name what stays as it is", () => {
  const NOTE = /What stays as it is was not asked for \(--show-sames\)/;
  const outputs = { imageId: "ami-1", helperId: "i-1", instanceId: "i-2" };
  const tagged = { op: "update", changed: ["description"] };
  const CASES: [what: string, migration: MadeMigration, isNoted: boolean][] = [
    ["a machine that stays", { ...whole("replace", 8), "": { op: "update", old: { outputs } } }, true],
    [
      "nothing, where all of it is replaced",
      { ...whole("replace", 8), "": { op: "update", old: { outputs: { imageId: "ami-1" } } } },
      false,
    ],
    ["nothing, where all of it is new", whole("create", 8), false],
    [
      "nothing, where no figure hangs on it",
      { "": { op: "update", old: { outputs } }, image: tagged },
      false,
    ],
  ];
  for (const [what, migration, isNoted] of CASES) {
    it(`says that it leaves out ${what}`, () =>
      assert.equal(NOTE.test(reportFor({ web: migration })), isNoted));
  }
});

describe("what else changes in a stack", () => {
  const bucket = (op: string, name: string) => ({
    op,
    urn: `urn:pulumi:prod::project::aws:s3/bucket:Bucket::${name}`,
  });

  it("is one short line", () => {
    const steps = [
      ...stepsOf("web", whole("same", 8)),
      bucket("create", "logs"),
      bucket("same", "rest"),
      bucket("delete", "old"),
    ];
    assert.match(
      reportFor({}, { steps }),
      /^Besides the migrations: 1 to create \(logs\), 1 to delete \(old\)\.$/m,
    );
  });

  it("is not lost where there is no migration", () => {
    assert.match(
      reportFor({}, { steps: [bucket("update", "logs")] }),
      /No migration changes\.\n\nBesides the migrations: 1 to update \(logs\)\./,
    );
  });

  it("is nothing where nothing is", () => {
    assert.match(
      reportFor({}, { steps: [bucket("same", "logs")] }),
      /Nothing changes\. The preview names no migration\.\n$/,
    );
  });
});

describe("a stack's settings", () => {
  const config = (helpersAtOnce: string) => ({ config: { "pv-to-hvm:helpersAtOnce": helpersAtOnce } });
  const four = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, whole("create", 8)]));
  const minutes = (report: string) => Number(/Roughly (\d+) /.exec(report)?.[1]);

  it("make it longer where few helpers work at once", () => {
    assert.match(reportFor(four, config("1")), /with 1 helpers? at once/);
    assert.ok(minutes(reportFor(four, config("1"))) > 2 * minutes(reportFor(four)));
    assert.equal(minutes(reportFor(four, config("4"))), minutes(reportFor(four)));
  });

  it("count for nothing where they make no sense", () => {
    assert.equal(minutes(reportFor(four, config("none"))), minutes(reportFor(four)));
  });
});
