import { strict as assert } from "node:assert";
import type { Fate, Verdict } from "../../sweep/judge";
import type { Removal } from "../../sweep/remove";
import { formatSweep, jsonOf, outcomeOf } from "../../sweep/report";
import type { SweepResult } from "../../sweep/sweep";
import { id, item, NOW } from "./made";

const verdict = (short: string, fate: Fate, reason: string, change = {}): Verdict => ({
  item: item(short, change),
  fate,
  reason,
});

const VERDICTS: Verdict[] = [
  verdict("i-1", "remove", "no stack holds it", { instanceType: "t3.large" }),
  verdict("vol-1", "remove", "no stack holds it", { sizeGb: 20, role: "helper-root" }),
  verdict("vol-2", "held", "in the state of images/prod: web-source", { sizeGb: 8 }),
  verdict("vol-3", "unknown", "this backend shows no stack images/old", { sizeGb: 4, stack: "images/old" }),
  verdict("sg-1", "wait", "younger than --older-than 3600s"),
  verdict("snap-1", "keep", "goes with --images only", {
    sizeGb: 8,
    createdAt: new Date("2026-11-22T10:30:00Z"),
  }),
];

function result(
  verdicts: Verdict[],
  removals: Removal[] = [],
  exitStatus: SweepResult["exitStatus"] = 1,
): SweepResult {
  return { backend: "file:///state", stackCount: 2, at: NOW, verdicts, removals, exitStatus };
}

const removed = (short: string, error?: string): Removal => ({ item: item(short), error });

describe("what a sweep says", () => {
  it("is a table of each fate, with totals, ages and costs", () => {
    assert.deepEqual(formatSweep(result(VERDICTS)).split("\n"), [
      "Left over (2 resources, 1 instance running, 20 GiB of volumes):",
      "  ID                     ROLE         MIGRATION  STACK        AGE   COST              WHY",
      "  i-00000000000000001    helper       web        images/prod  24 h  t3.large running  no stack holds it",
      "  vol-00000000000000001  helper-root  web        images/prod  24 h  20 GiB            no stack holds it",
      "",
      "Left over, and not removed (1 resource, up to 8 GiB of snapshots):",
      "  ID                      ROLE      MIGRATION  STACK        AGE     COST   WHY",
      "  snap-00000000000000001  snapshot  web        images/prod  90 min  8 GiB  goes with --images only",
      "",
      "Too early to tell (1 resource):",
      "  ID                    ROLE    MIGRATION  STACK        AGE  COST  WHY",
      "  sg-00000000000000001  access  web        images/prod             younger than --older-than 3600s",
      "",
      "Not known here (1 resource, 4 GiB of volumes):",
      "  ID                     ROLE    MIGRATION  STACK       AGE   COST   WHY",
      "  vol-00000000000000003  source  web        images/old  24 h  4 GiB  this backend shows no stack images/old",
      "",
      "1 resource held by the 2 stacks of file:///state.",
      "",
    ]);
  });

  it("has what was removed under its own heading, and what could not be with the reason", () => {
    const text = formatSweep(result(VERDICTS, [removed("i-1"), removed("vol-1", "VolumeInUse: no")], 4));
    assert.deepEqual(text.split("\n").slice(0, 7), [
      "Removed (1 resource):",
      "  ID                   ROLE    MIGRATION  STACK        AGE   COST      WHY",
      "  i-00000000000000001  helper  web        images/prod  24 h  t3.large  no stack holds it",
      "",
      "Left over, and could not be removed (1 resource, 20 GiB of volumes):",
      "  ID                     ROLE         MIGRATION  STACK        AGE   COST    WHY",
      "  vol-00000000000000001  helper-root  web        images/prod  24 h  20 GiB  VolumeInUse: no",
    ]);
    assert.doesNotMatch(text, /^Left over \(/m);
  });

  const AGES: [string, string][] = [
    ["2026-11-22T12:00:30Z", "0 min"],
    ["2026-11-22T10:00:01Z", "119 min"],
    ["2026-11-22T10:00:00Z", "2 h"],
    ["2026-11-20T12:00:01Z", "47 h"],
    ["2026-11-20T12:00:00Z", "2 d"],
  ];
  for (const [createdAt, age] of AGES) {
    it(`calls the age of ${createdAt} ${age}`, () => {
      const old = verdict("vol-1", "remove", "r", { createdAt: new Date(createdAt) });
      assert.match(formatSweep(result([old])), new RegExp(`images/prod  ${age}  `));
    });
  }

  const OUTCOMES: [string, SweepResult, string][] = [
    ["nothing is left over", result([VERDICTS[2]], [], 0), "NOCHANGE: nothing is left over"],
    [
      "something is",
      result(VERDICTS),
      "NOCHANGE: 3 left over, 1 not known here, 1 helper running; --remove removes the first table",
    ],
    [
      "helpers run that nobody here knows",
      result([
        verdict("i-1", "unknown", "r"),
        verdict("i-2", "unknown", "r"),
        verdict("i-3", "unknown", "r", { state: "stopped" }),
        verdict("i-4", "held", "r"),
        verdict("i-5", "unknown", "r", { role: "instance" }),
      ]),
      "NOCHANGE: nothing is left over, 4 not known here, 2 helpers running",
    ],
    ["something is that does not go", result([VERDICTS[5]]), "NOCHANGE: 1 left over"],
    [
      "all was removed",
      result([VERDICTS[0]], [removed("i-1")], 0),
      "CHANGED: 1 removed, nothing is left over",
    ],
    [
      "what may go was removed",
      result(VERDICTS, [removed("i-1"), removed("vol-1")]),
      "CHANGED: 2 removed, 1 left over, 1 not known here",
    ],
    [
      "one could not be removed",
      result(VERDICTS, [removed("i-1", "OperationNotPermitted: no"), removed("vol-1")], 4),
      `FAILED: 1 removed, 1 could not be (${id("i-1")}: OperationNotPermitted: no)`,
    ],
  ];
  for (const [what, made, line] of OUTCOMES) {
    it(`ends in one word and a reason: ${what}`, () => assert.equal(outcomeOf(made), line));
  }

  it("is JSON with everything in it, what is held and what was done too", () => {
    const record = JSON.parse(jsonOf(result(VERDICTS, [removed("i-1", "no"), removed("vol-1")], 4)));
    assert.equal(record.exitStatus, 4);
    assert.equal(record.backend, "file:///state");
    assert.equal(record.resources.length, VERDICTS.length);
    const { fate, sizeGb, role, removed: gone } = record.resources[1];
    assert.deepEqual(
      { fate, sizeGb, role, gone },
      { fate: "remove", sizeGb: 20, role: "helper-root", gone: true },
    );
    assert.deepEqual([record.resources[0].removed, record.resources[0].error], [false, "no"]);
    assert.equal("removed" in record.resources[2], false);
  });
});
