/** Conversions that fail, and what the user then does with the configuration. */
import { strict as assert } from "node:assert";
import { signal } from "./processes";
import type { Row } from "./row";
import { sample, WRITING } from "./sample";
import { withoutKernel } from "./sources";
import { named, type Stage } from "./stage";
import type { Ended } from "./update";

const HELPER_STEPS = ["inspect", ...WRITING];

export const CONFIGURATION_ROWS: Row[] = [
  ...HELPER_STEPS.map((step): Row => ({
    name: `back to the old configuration after a failure at ${step}`,
    from: "published",
    inQuickPart: false,
    run: (stage) => goBack(stage, step),
  })),
  { name: "a guest that is refused, and then mended", inQuickPart: false, run: refused },
  { name: "a rehearsal that fails", inQuickPart: false, run: failedRehearsal },
  {
    name: "back to the old configuration after a rehearsal that failed",
    from: "published",
    inQuickPart: false,
    run: goBackUnproven,
  },
];

/** With the key alone as trigger the steps would look finished, and a blank image would replace the good one. */
async function goBack(stage: Stage, step: string): Promise<void> {
  await goBackAfter(stage, async () => {
    const failed = await failAt(stage, step);
    stage.saw(failed, /137|[Kk]illed/);
    return failed;
  });
}

/** A rehearsal of a second sees no guest boot: the new conversion fails at its last step. */
async function goBackUnproven(stage: Stage): Promise<void> {
  await goBackAfter(stage, async () => {
    const failed = await stage.up(sample({ revision: 2, rehearsal: { timeoutSeconds: 1 } }));
    stage.saw(failed, /FAILED: .*(rehears|boot)/i);
    return failed;
  });
}

async function goBackAfter(stage: Stage, fail: () => Promise<Ended>): Promise<void> {
  const before = stage.state.outputs().sample;
  const failed = await fail();
  assert.deepEqual(named(failed, "create-replacement").filter(isPublished), []);
  assert.equal(stage.state.outputs().sample.imageId, before.imageId);
  await stage.cloud.images.describe(String(before.imageId));

  const back = await stage.goOn(sample());
  const again = named(back, "create-replacement");
  for (const each of WRITING) assert.ok(again.includes(`sample-${each}`), `${each} ran on the new disk`);
  const after = stage.state.outputs().sample;
  assert.notEqual(after.imageId, before.imageId);
  await stage.cloud.images.describe(String(after.imageId));
}

/** A conversion anew whose step dies on the helper. */
async function failAt(stage: Stage, step: string) {
  const update = stage.start("up", sample({ revision: 2 }));
  const { converter } = await stage.atStep(update, step);
  signal(converter.pid, "SIGKILL");
  const failed = await stage.ended(update);
  assert.notEqual(failed.error, undefined, `the update went well although ${step} was killed`);
  return failed;
}

function isPublished(name: string): boolean {
  return ["sample-snapshot", "sample-image", "sample-instance"].includes(name);
}

async function refused(stage: Stage): Promise<void> {
  const imageId = await withoutKernel(stage);
  const run = await stage.up(sample({ source: { imageId } }));
  stage.saw(run, /REFUSED: /);
  assert.equal(stage.state.named("sample-inspect"), undefined);
  assert.equal(stage.state.named("sample-partition"), undefined);
  const mended = await stage.goOn(sample());
  assert.ok(
    named(mended, "create-replacement").includes("sample-source"),
    "the mended source is another disk",
  );
}

/** A rehearsal of a second sees no guest boot. Nothing is published before somebody takes that upon themselves. */
async function failedRehearsal(stage: Stage): Promise<void> {
  const run = await stage.up(sample({ rehearsal: { timeoutSeconds: 1 } }));
  stage.saw(run, /FAILED: .*(rehears|boot)/i);
  const ours = (await stage.cloud.snapshots.list()).filter(({ tags }) => "pv-to-hvm:migration" in tags);
  assert.deepEqual(ours, [], "nothing unproven is snapshotted");
  const went = await stage.goOn(sample());
  assert.deepEqual(
    named(went, "create").filter((name) => !isPublished(name)),
    ["sample-workbench"],
  );
  const image = await stage.cloud.images.describe(String(stage.state.outputs().sample.imageId));
  assert.equal(image.tags["pv-to-hvm:rehearsal"], "skipped");
}
