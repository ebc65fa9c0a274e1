/** More than one at once: updates of one stack, migrations of one stack. */
import { strict as assert } from "node:assert";
import type { Row } from "./row";
import { sample, sampleArgs } from "./sample";
import { withoutKernel } from "./sources";
import { named, said, type Stage, wentWell } from "./stage";

export const SEVERAL_ROWS: Row[] = [
  { name: "two updates at once", inQuickPart: true, run: twoUpdates },
  { name: "one migration of several fails", inQuickPart: false, run: oneOfSeveral },
];

/** The second is told of the first, and the first does not notice. */
async function twoUpdates(stage: Stage): Promise<void> {
  const first = stage.start("up", sample());
  await stage.atStep(first, "copy");
  const second = await stage.up(sample({ revision: 2 }));
  stage.saw(second, /currently locked by 1 lock/);
  assert.deepEqual(second.operations, []);
  wentWell(await stage.ended(first));
  const again = await stage.goOn(sample());
  assert.deepEqual(again.operations, []);
}

/**
 * A failure ends the whole update, with the migrations beside it part of the way. `--target` goes on with them without
 * the one that fails, and once that is mended one update ends it all.
 */
async function oneOfSeveral(stage: Stage): Promise<void> {
  const broken = sampleArgs({ source: { imageId: await withoutKernel(stage) } });
  const migrations = { first: sampleArgs(), broken, last: sampleArgs() };
  const run = await stage.up(migrations);
  stage.saw(run, /REFUSED: /);
  assert.match(said(run), /broken-inspect/);

  const targeted = await stage.up(migrations, { target: ["**first**", "**last**"] });
  wentWell(targeted);
  const { first, last } = stage.state.outputs();
  for (const { imageId } of [first, last]) await stage.cloud.images.describe(String(imageId));
  assert.equal(stage.state.named("broken-image"), undefined);

  const went = await stage.goOn({ ...migrations, broken: sampleArgs() });
  assert.deepEqual(
    [...named(went, "create"), ...named(went, "create-replacement")].filter((name) => !/^broken/.test(name)),
    [],
    "the migrations that were finished are left alone",
  );
  await stage.cloud.images.describe(String(stage.state.outputs().broken.imageId));
}
