/** What becomes of a migration, where no recording has it. */
import assert from "node:assert/strict";
import { COMMENT_LIMIT } from "../../previewReport/fit";
import { reportOf } from "../../previewReport/report";
import { storiesOf } from "../../previewReport/story";
import { type MadeMigration, migrationUrn, previewOf, stepsOf, whole } from "./made";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function lineOf(migration: MadeMigration): string {
  const [{ headline }] = storiesOf(previewOf({ web: migration }));
  return headline.replace(/[`*]/g, "");
}

function reportFor(migrations: Record<string, MadeMigration>, more?: Record<string, unknown>): string {
  return reportOf(previewOf(migrations, more), COMMENT_LIMIT).replace(/[`*]/g, "");
}

const keyed = (before: unknown, after: unknown): MadeMigration => ({
  ...whole("replace", 8),
  destination: { op: "replace", old: { replacementTrigger: before }, new: { replacementTrigger: after } },
  // Steps have the key as well, with an id behind it.
  source: { op: "replace", old: { replacementTrigger: before }, new: { replacementTrigger: after } },
});

describe("why a conversion is made anew", () => {
  const CASES: [what: string, before: unknown, after: unknown, line: RegExp][] = [
    [
      "a changed input",
      ["destination.sizeGb=20"],
      ["destination.sizeGb=40"],
      /because destination\.sizeGb 20 → 40$/,
    ],
    ["an added one", [], ["destination.sizeGb=4"], /because destination\.sizeGb was the default, is now 4$/],
    [
      "a removed one",
      ["destination.kmsKeyId=a=b"],
      [],
      /because destination\.kmsKeyId was a=b, is now the default$/,
    ],
    [
      "one with a default that is known",
      [],
      ["destination.layout=gpt"],
      /because destination\.layout mbr → gpt$/,
    ],
    [
      "another kind of source",
      ["source.imageId=ami-1"],
      ["source.instanceId=i-2"],
      /because source\.imageId was ami-1, is now not given; source\.instanceId was not given, is now i-2$/,
    ],
    [
      "an input that is not known yet",
      ["source.imageId=ami-1", "revision=1"],
      [UNKNOWN, "revision=2"],
      /because revision 1 → 2; an input is not known before the update$/,
    ],
    [
      "a whole key that is not known yet",
      ["source.imageId=ami-1"],
      UNKNOWN,
      /because an input is not known before/,
    ],
    [
      "a digest in place of a secret",
      ["destination.kmsKeyId=sha256:0a"],
      ["destination.kmsKeyId=sha256:0b"],
      /sha256:0a → sha256:0b$/,
    ],
    ["nothing that the preview tells", ["revision=1"], ["revision=1"], /the preview does not say why/],
  ];
  for (const [what, before, after, line] of CASES) {
    it(`is told: ${what}`, () => assert.match(lineOf(keyed(before, after)), line));
  }

  it("comes from the steps' triggers where the volumes tell nothing", () => {
    const triggers = (...key: string[]) => ({ inputs: { triggers: [...key, "vol-1"] } });
    const migration = {
      ...whole("replace", 8),
      destination: "replace",
      inspect: { op: "replace", old: triggers("revision=1"), new: triggers("revision=2") },
    };
    assert.match(lineOf(migration), /because revision 1 → 2$/);
  });

  it("is a destination that somebody has deleted", () => {
    const lost = {
      ...whole("replace", 8),
      "": "same",
      helper: "same",
      destination: "create",
      source: "same",
    };
    assert.match(lineOf(lost), /^converted anew, because its destination is gone$/);
  });
});

describe("where a migration goes on", () => {
  const finished = whole("same", 8);
  const CASES: [what: string, migration: MadeMigration, line: RegExp][] = [
    [
      "the step that failed",
      { ...finished, configure: "create", verify: "create", image: "create" },
      /^goes on at configure,/,
    ],
    [
      "a replacement that failed half-way",
      { ...finished, verify: "replace", snapshot: "replace", image: "replace" },
      /^goes on at verify,/,
    ],
    [
      "before the helper, at the source's inspection",
      { ...whole("create", 8), "": "same", "source-inspection": "create" },
      /^goes on at source-inspection,/,
    ],
    [
      "at the helper, where keys are there already",
      { ...whole("create", 8), "": "same", "client-key": "same", source: "same", destination: "same" },
      /^goes on at helper,/,
    ],
    [
      "nowhere, where a machine alone is launched",
      { ...finished, instance: "create" },
      /^launches a machine/,
    ],
    [
      "nowhere, where an image of the same snapshot is registered",
      { ...finished, image: "replace" },
      /^image registered anew/,
    ],
  ];
  for (const [what, migration, line] of CASES) {
    it(`is told: ${what}`, () => assert.match(lineOf(migration), line));
  }
});

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
      /i-0c0ffee is stopped/,
      /A snapshot of its root volume/,
      /started again/,
      /A new helper/,
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
      /^## .*\n\n> \[!WARNING\]\n> Running sources are touched:\n>\n> - web, source i-0c0ffee: packages are installed on it; it is stopped for a snapshot, and started again\n/,
    );
  });
});

describe("what is deleted", () => {
  it("is told before everything else", () => {
    const report = reportFor({ web: whole("create", 8), old: whole("delete", 8, { instance: "delete" }) });
    assert.match(
      report,
      /^## Migrations of prod\n\n> \[!CAUTION\]\n> Deleted, and not to be had back:\n>\n> - old: deleted, with its image image-old and its launched machine instance-old/,
    );
  });

  it("is a migration without an image, where it never came to one", () => {
    assert.match(lineOf({ "": "delete", helper: "delete", inspect: "delete" }), /^deleted; it had no image$/);
  });

  it("is found without the component's own step", () => {
    assert.match(
      lineOf({ helper: "delete", image: "delete", snapshot: "delete" }),
      /^deleted, with its image image-old$/,
    );
  });

  it("is not what is kept by retainOnDelete", () => {
    const kept = { op: "delete", old: { retainOnDelete: true } };
    const report = reportFor({ old: { ...whole("delete", 8), image: kept, snapshot: kept } });
    assert.match(report, /Last of all, deleted: the helper, with its volumes \(helper-old\)\./);
    assert.match(
      report,
      /Kept in EC2, but in no stack any more: the image \(image-old\); its snapshot \(snapshot-old\)\./,
    );
  });
});

describe("what is taken back, made or unmade of a finished migration", () => {
  const finished = whole("same", 8);
  const CASES: [what: string, migration: MadeMigration, line: RegExp][] = [
    [
      "records of steps",
      { ...finished, partition: "delete", copy: "delete" },
      /^taken back: partition, copy$/,
    ],
    [
      "the image",
      { ...finished, image: "delete", snapshot: "delete" },
      /^its image image-old deleted; taken back: snapshot$/,
    ],
    [
      "a boot proof that is asked for later",
      { ...finished, instance: "same", "boot-proof": "create" },
      /^boot-proof made$/,
    ],
    ["what a later version makes", { ...finished, "new-thing": "create" }, /^new-thing made$/],
    ["what a later version replaces", { ...finished, "new-thing": "replace" }, /^new-thing made again$/],
    [
      "an open port",
      { ...finished, access: { op: "update", changed: ["ingress[0].cidrBlocks[0]"] } },
      /^access changed in place: ingress\[0\]\.cidrBlocks\[0\]$/,
    ],
  ];
  for (const [what, migration, line] of CASES) {
    it(`is told: ${what}`, () => assert.match(lineOf(migration), line));
  }

  it("is never called nothing, whatever is done to whatever", () => {
    for (const op of ["create", "replace", "update", "delete", "melt"]) {
      for (const role of [
        ...Object.keys(finished),
        "instance",
        "boot-proof",
        "source-snapshot",
        "new-thing",
      ]) {
        if (role === "") continue;
        const changed =
          op === "update"
            ? { op, changed: ["size"], old: { inputs: { size: 1 } }, new: { inputs: { size: 2 } } }
            : op;
        assert.doesNotMatch(lineOf({ ...finished, [role]: changed }), /nothing/, `${op} ${role}`);
      }
    }
  });
});

describe("a dry run", () => {
  const dry = (op: string) => ({ ...whole(op, 8), snapshot: "same" });
  it("that is made anew is an inspection", () => {
    const { destination, helper } = whole("replace", 8);
    assert.match(
      lineOf({ "": "update", destination, helper, inspect: "replace" }),
      /^inspected anew, because destination/,
    );
    assert.match(lineOf(dry("replace")), /^converted anew/);
  });

  it("that only visits a source has no helper", () => {
    const [{ headline, machines }] = storiesOf(
      previewOf({ web: { "": "create", "source-inspection": "create" } }),
    );
    assert.deepEqual(
      [headline, machines],
      ["**new**: asks a source that is not known yet over ssh what it is, and writes nothing", ""],
    );
  });
});

describe("a replacement whose parts are shown", () => {
  it("counts as one", () => {
    const parts = ["create-replacement", "delete-replaced"].flatMap((op) =>
      stepsOf("web", { helper: op, image: op }),
    );
    const steps = [...parts, ...stepsOf("web", whole("replace", 8))];
    const [story, ...others] = storiesOf(previewOf({}, { steps }));
    assert.deepEqual(others, []);
    assert.equal(story.outcome, "converted anew");
    assert.equal(story.machines.replace(/`/g, ""), "helper helper-old replaced");
  });
});

describe("a preview with --refresh", () => {
  it("has steps of both, of which the change is told", () => {
    const refreshed = stepsOf("web", { "": "same", helper: "refresh", image: "refresh" });
    const tagged = stepsOf("web", { helper: "same", image: { op: "update", changed: ["tags.owner"] } });
    const [{ headline }] = storiesOf(previewOf({}, { steps: [...refreshed, ...tagged] }));
    assert.equal(headline, "**only tags** change");
  });

  it("has a deletion of what is gone, and its creation after it", () => {
    const gone = stepsOf("web", { "": "same", helper: "delete" });
    const steps = [...gone, ...stepsOf("web", { helper: "create", inspect: "create" })];
    assert.match(storiesOf(previewOf({}, { steps }))[0].headline, /^\*\*goes on at `helper`\*\*/);
  });
});

describe("a migration inside of another component, of whatever language", () => {
  it("is told like any other", () => {
    const json = JSON.stringify({ steps: stepsOf("web", whole("create", 8)) });
    const nested = json.replaceAll("::pv-to-hvm:index", "::fleet:index:Fleet$pv-to-hvm:index");
    const { steps } = JSON.parse(nested) as { steps: object[] };
    const fleet = { op: "create", urn: "urn:pulumi:prod::project::fleet:index:Fleet::all" };
    const preview = previewOf({}, { steps: [fleet, ...steps] });
    assert.deepEqual(
      storiesOf(preview).map(({ name, outcome }) => [name, outcome]),
      [["web", "new"]],
    );
  });
});

describe("what the preview says of a migration", () => {
  it("is told with it, whatever its severity", () => {
    const diagnostics = [{ severity: "warning", message: "warning: mind the gap", urn: migrationUrn("web") }];
    assert.match(
      reportFor({ web: whole("create", 8) }, { diagnostics }),
      /<details>.*mind the gap.*<\/details>/s,
    );
  });

  it("does not go to one whose name begins alike", () => {
    const diagnostics = [
      { severity: "error", message: "error: web-shop: one problem, nothing was created." },
    ];
    const preview = previewOf({ web: whole("create", 8), "web-shop": { "": "create" } }, { diagnostics });
    assert.deepEqual(
      storiesOf(preview).map(({ name, outcome }) => [name, outcome]),
      [
        ["web-shop", "refused"],
        ["web", "new"],
      ],
    );
  });
});

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
