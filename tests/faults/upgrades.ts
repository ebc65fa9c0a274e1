/** The package in another version than the one that began: other defaults, other texts, another converter. */
import { strict as assert } from "node:assert";
import { signal } from "./processes";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import { named, type Environment, wentWell } from "./environment";

export const UPGRADE_SCENARIOS: Scenario[] = [
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
async function afterSuccess(environment: Environment): Promise<void> {
  const later = { package: environment.built.later };
  const preview = await environment.preview(sample(), later);
  wentWell(preview);
  assert.deepEqual(preview.operations, []);
  // The helper is stopped and has no address: whoever dialled it would fail.
  const went = await environment.goOn(sample(), later);
  environment.saw(went, /\d+ unchanged/);
  assert.deepEqual(went.operations, []);
  const refreshed = await environment.goOn(sample(), { ...later, refresh: true });
  assert.deepEqual(
    refreshed.operations.filter((operation) => !operation.startsWith("refresh ")),
    [],
  );
}

/** The converter on the helper stays the one that began; the newer package says how to begin anew with its own. */
async function afterFailure(environment: Environment): Promise<void> {
  const update = environment.start("up", sample());
  const { converter } = await environment.atStep(update, "configure");
  signal(converter.pid, "SIGKILL");
  assert.notEqual((await environment.ended(update)).error, undefined);

  const later = { package: environment.built.later };
  const refused = await environment.up(sample(), later);
  environment.saw(refused, /FAILED: converter: .*Set a new revision/);
  assert.deepEqual(named(refused, "create"), ["sample-configure"], "nothing but the step was tried");
  const went = await environment.goOn(sample({ revision: 2 }), later);
  assert.ok(named(went, "create-replacement").includes("sample-helper"));
}
