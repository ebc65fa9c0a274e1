/** What becomes of a migration, where no recording has it. */
import assert from "node:assert/strict";
import { storiesOf } from "../../previewReport/story";
import {
  lineOf,
  type MadeMigration,
  type MadeStep,
  migrationUrn,
  previewOf,
  reportFor,
  stepsOf,
  whole,
} from "./made";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

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

  const LIVE: [role: string, stateOf: (key: string[]) => Record<string, unknown>][] = [
    ...["source-snapshot", "source-stop", "source-start"].map((role): (typeof LIVE)[number] => [
      role,
      (replacementTrigger) => ({ replacementTrigger }),
    ]),
    // Without an id behind it: what they run on is the user's own machine.
    ...["source-program", "source-inspection", "source-preparation"].map((role): (typeof LIVE)[number] => [
      role,
      (triggers) => ({ inputs: { triggers } }),
    ]),
  ];
  for (const [role, stateOf] of LIVE) {
    it(`comes from a live source's ${role} as well`, () => {
      const [before, after] = ["revision=1", "revision=2"].map((last) =>
        stateOf(["source.prepare=true", last]),
      );
      const migration = {
        "": "update",
        helper: "replace",
        [role]: { op: "replace", old: before, new: after },
      };
      assert.match(lineOf(migration), /because revision 1 → 2$/);
    });
  }

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

describe("a helper that was stopped after an inspection", () => {
  const until = (before: string, after: string): MadeStep => ({
    ...{ op: "update", old: { inputs: { until: before } }, new: { inputs: { until: after } } },
  });
  const running: MadeStep = { op: "create", new: { inputs: { state: "running" } } };
  const stopped: MadeStep = { op: "create", new: { inputs: { state: "stopped" } } };
  const raised = whole("create", 9, {
    ...{
      "": until("inspect", "publish"),
      source: "same",
      destination: "same",
      helper: "same",
      inspect: "same",
    },
    ...{ "helper-start": running, "helper-stop": stopped, "stop-after-inspect": "delete" },
  });

  it("is started for the further steps and stopped after them, and nothing is taken back", () => {
    const report = reportFor({ web: raised });
    assert.match(lineOf(raised), /^goes on at partition, because until inspect → publish$/);
    assert.match(report, /helper helper-old started and stopped/);
    assert.match(report, /The helper helper-old, which is there, is started, and goes on\./);
    assert.match(report, /The helper is stopped\./);
    assert.doesNotMatch(report, /taken back/);
  });

  it("costs its volumes while it waits", () => {
    const inspected: MadeMigration = { ...whole("create", 9), "stop-after-inspect": stopped };
    for (const role of [...WRITING, "workbench", "snapshot", "image"]) delete inspected[role];
    assert.match(reportFor({ web: inspected }), /the stopped helper's three volumes/);
  });
});

const WRITING = ["partition", "copy", "configure", "install-grub", "verify", "rehearse"];

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
    [
      "helper and volumes, where a dry run ends with the source's inspection",
      {
        ...{
          "": { op: "update", old: { inputs: { until: "rehearse" } }, new: { inputs: { until: "inspect" } } },
        },
        ...{ "source-inspection": "same", source: "delete", destination: "delete", helper: "delete" },
      },
      /^taken back: source, destination, helper$/,
    ],
    [
      "a source's connection that is given later",
      { ...finished, "source-program": "create", "source-inspection": "create" },
      /^source-program, source-inspection made$/,
    ],
    ["what a later version makes", { ...finished, "new-thing": "create" }, /^new-thing made$/],
    ["what a later version replaces", { ...finished, "new-thing": "replace" }, /^new-thing made again$/],
    [
      "an open port",
      { ...finished, access: { op: "update", changed: ["ingress[0].cidrBlocks[0]"] } },
      /^access changed in place: ingress\[0\]\.cidrBlocks\[0\]$/,
    ],
    [
      "a machine whose type somebody else has changed",
      { ...finished, instance: { op: "update", changed: ["instanceType"] } },
      /^instance changed in place: instanceType$/,
    ],
    [
      "an update that the preview tells nothing more of",
      { ...finished, snapshot: "update" },
      /^snapshot changed in place \(the preview does not say what\)$/,
    ],
    [
      "tags that only the inputs tell of",
      {
        ...finished,
        image: {
          op: "update",
          old: { inputs: { tags: { owner: "a" } } },
          new: { inputs: { tags: { owner: "b" } } },
        },
      },
      /^only tags change$/,
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
  const untilInspect = {
    ...{ op: "update", old: { inputs: { until: "publish" } }, new: { inputs: { until: "inspect" } } },
  };
  it("that is made anew is an inspection", () => {
    const { destination, helper } = whole("replace", 8);
    assert.match(
      lineOf({ "": "update", destination, helper, inspect: "replace" }),
      /^inspected anew, because destination/,
    );
    assert.match(lineOf(dry("replace")), /^converted anew/);
  });

  const visit = (before: string, after: string) => ({
    op: "replace",
    old: { inputs: { triggers: ["source.prepare=true", before] } },
    new: { inputs: { triggers: ["source.prepare=true", after] } },
  });
  it("that visits a source again is an inspection, and not where an earlier run goes on", () => {
    const again = visit("guest.families=xen", "guest.families=nitro");
    const migration = { "": "update", "source-program": again, "source-inspection": again };
    assert.match(lineOf(migration), /^inspected anew, because guest\.families xen → nitro$/);
    const takenBack = { ...migration, helper: "delete", image: "delete", "": untilInspect };
    assert.match(lineOf(takenBack), /^inspected anew, because guest\.families xen → nitro; its image/);
  });

  it("that visits a source goes on where the program was put anew already", () => {
    const migration = { "": "same", "source-program": "same", "source-inspection": visit("a=1", "a=2") };
    assert.match(lineOf(migration), /^goes on at source-inspection,/);
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
    assert.doesNotMatch(reportFor({}, { steps }), /Besides the migrations/);
  });

  it("does not hide what an earlier run has replaced, and what goes now", () => {
    const left = stepsOf("web", { image: { op: "delete-replaced", old: { id: "image-older" } } });
    const steps = [...stepsOf("web", whole("same", 8)), ...left];
    assert.match(reportFor({}, { steps }), /Besides the migrations: 1 to delete-replaced \(web-image\)\./);
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
  it("is cut between two characters", () => {
    const diagnostics = [{ severity: "info", message: `a${"😀".repeat(1000)}`, urn: migrationUrn("web") }];
    assert.doesNotMatch(reportFor({ web: whole("create", 8) }, { diagnostics }), /[\uD800-\uDFFF]/u);
  });

  it("is told with it", () => {
    const diagnostics = [{ severity: "info", message: "mind the gap", urn: migrationUrn("web") }];
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
