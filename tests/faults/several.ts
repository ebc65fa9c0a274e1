/** More than one at once: updates of one stack, migrations of one stack. */
import { strict as assert } from "node:assert";
import type { Scenario } from "./scenario";
import { sample, sampleArgs } from "./sample";
import { withoutKernel } from "./sources";
import { named, said, type Environment, wentWell } from "./environment";

export const SEVERAL_SCENARIOS: Scenario[] = [
  { name: "two updates at once", inQuickPart: false, run: twoUpdates },
  { name: "one migration of several fails", inQuickPart: false, run: oneOfSeveral },
  { name: "one migration of several alone, before anything is there", inQuickPart: false, run: oneAlone },
];

/** The second is told of the first, and the first does not notice. */
async function twoUpdates(environment: Environment): Promise<void> {
  const first = environment.start("up", sample());
  await environment.atStep(first, "copy");
  const second = await environment.up(sample({ revision: 2 }));
  environment.saw(second, /currently locked by 1 lock/);
  assert.deepEqual(second.operations, []);
  wentWell(await environment.ended(first));
  const again = await environment.goOn(sample());
  assert.deepEqual(again.operations, []);
}

/**
 * A failure ends the whole update, with the migrations beside it part of the way. `--target` goes on with them without
 * the one that fails, and once that is mended one update ends it all.
 */
async function oneOfSeveral(environment: Environment): Promise<void> {
  const broken = sampleArgs({ source: { imageId: await withoutKernel(environment) } });
  const migrations = { first: sampleArgs(), broken, last: sampleArgs() };
  const run = await environment.up(migrations);
  environment.saw(run, /REFUSED: /);
  assert.match(said(run), /broken-inspect/);

  const targeted = await environment.up(migrations, { target: ["**first**", "**last**"] });
  wentWell(targeted);
  const { first, last } = environment.state.outputs();
  for (const { imageId } of [first, last]) await environment.cloud.images.describe(String(imageId));
  assert.equal(environment.state.named("broken-image"), undefined);

  const went = await environment.goOn({ ...migrations, broken: sampleArgs() });
  assert.deepEqual(
    [...named(went, "create"), ...named(went, "create-replacement")].filter((name) => !/^broken/.test(name)),
    [],
    "the migrations that were finished are left alone",
  );
  await environment.cloud.images.describe(String(environment.state.outputs().broken.imageId));
}

/** What was left out has neither keys nor an address nor reports, and nobody must wait for them. */
async function oneAlone(environment: Environment): Promise<void> {
  const migrations = { first: sampleArgs({ until: "inspect" }), last: sampleArgs({ until: "inspect" }) };
  const alone = await environment.up(migrations, { target: ["**first**"] });
  wentWell(alone);
  environment.saw(alone, /first-inspect/);
  assert.ok(named(alone, "create").includes("first-inspect"));
  assert.deepEqual(
    named(alone, "create").filter((name) => /^last/.test(name)),
    [],
  );
  const went = await environment.goOn(migrations);
  assert.ok(named(went, "create").includes("last-inspect"));
}
