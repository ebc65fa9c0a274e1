/** More than one at once: updates of one stack, migrations of one stack. */
import { strict as assert } from "node:assert";
import type { Row } from "./row";
import { sample, sampleArgs } from "./sample";
import { withoutKernel } from "./sources";
import { named, said, type Stage, wentWell } from "./stage";

export const SEVERAL_ROWS: Row[] = [
  { name: "two updates at once", inQuickPart: false, run: twoUpdates },
  { name: "one migration of several fails", inQuickPart: false, run: oneOfSeveral },
  { name: "one migration of several alone, before anything is there", inQuickPart: false, run: oneAlone },
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

/** What was left out has neither keys nor an address nor reports, and nobody must wait for them. */
async function oneAlone(stage: Stage): Promise<void> {
  const migrations = { first: sampleArgs({ until: "inspect" }), last: sampleArgs({ until: "inspect" }) };
  const alone = await stage.up(migrations, { target: ["**first**"] });
  wentWell(alone);
  stage.saw(alone, /first-inspect/);
  assert.ok(named(alone, "create").includes("first-inspect"));
  assert.deepEqual(
    named(alone, "create").filter((name) => /^last/.test(name)),
    [],
  );
  const went = await stage.goOn(migrations);
  assert.ok(named(went, "create").includes("last-inspect"));
}
