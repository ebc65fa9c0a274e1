/** The package in another version than the one that began: other defaults, other texts, another converter. */
import { strict as assert } from "node:assert";
import { signal } from "./processes";
import type { Row } from "./row";
import { sample } from "./sample";
import { named, type Stage, wentWell } from "./stage";

export const UPGRADE_ROWS: Row[] = [
  {
    name: "a new version of the package after success",
    from: "published",
    inQuickPart: false,
    run: afterSuccess,
  },
  {
    name: "a new version of the package between a failure and the next run",
    inQuickPart: false,
    run: afterFailure,
  },
];

/** A conversion is an event: nothing that a later version decides otherwise touches what is finished. */
async function afterSuccess(stage: Stage): Promise<void> {
  const later = { package: stage.built.later };
  const preview = await stage.preview(sample(), later);
  wentWell(preview);
  assert.deepEqual(preview.operations, []);
  // The helper is stopped and has no address: whoever dialled it would fail.
  const went = await stage.goOn(sample(), later);
  stage.saw(went, /\d+ unchanged/);
  assert.deepEqual(went.operations, []);
  const refreshed = await stage.goOn(sample(), { ...later, refresh: true });
  assert.deepEqual(
    refreshed.operations.filter((operation) => !operation.startsWith("refresh ")),
    [],
  );
}

/** The converter on the helper stays the one that began; the newer package says how to begin anew with its own. */
async function afterFailure(stage: Stage): Promise<void> {
  const update = stage.start("up", sample());
  const { converter } = await stage.atStep(update, "configure");
  signal(converter.pid, "SIGKILL");
  assert.notEqual((await stage.ended(update)).error, undefined);

  const later = { package: stage.built.later };
  const refused = await stage.up(sample(), later);
  stage.saw(refused, /FAILED: converter: .*Set a new revision/);
  assert.deepEqual(named(refused, "create"), ["sample-configure"], "nothing but the step was tried");
  const went = await stage.goOn(sample({ revision: 2 }), later);
  assert.ok(named(went, "create-replacement").includes("sample-helper"));
}
