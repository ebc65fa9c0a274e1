/** Conversions that fail, and what the user then does with the configuration. */
import { strict as assert } from "node:assert";
import { signal } from "./processes";
import type { Scenario } from "./scenario";
import { sample, WRITING } from "./sample";
import { withoutKernel } from "./sources";
import { named, type Environment } from "./environment";
import type { Ended } from "./update";

const HELPER_STEPS = ["inspect", ...WRITING];

export const CONFIGURATION_SCENARIOS: Scenario[] = [
  ...HELPER_STEPS.map((step): Scenario => ({
    name: `back to the old configuration after a failure at ${step}`,
    from: "published",
    inQuickPart: false,
    run: (environment) => goBack(environment, step),
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
async function goBack(environment: Environment, step: string): Promise<void> {
  await goBackAfter(environment, async () => {
    const failed = await failAt(environment, step);
    environment.saw(failed, /137|[Kk]illed/);
    return failed;
  });
}

/** A rehearsal of a second sees no guest boot: the new conversion fails at its last step. */
async function goBackUnproven(environment: Environment): Promise<void> {
  await goBackAfter(environment, async () => {
    const failed = await environment.up(sample({ revision: 2, rehearsal: { timeoutSeconds: 1 } }));
    environment.saw(failed, /FAILED: .*(rehears|boot)/i);
    return failed;
  });
}

async function goBackAfter(environment: Environment, fail: () => Promise<Ended>): Promise<void> {
  const before = environment.state.outputs().sample;
  const failed = await fail();
  assert.deepEqual(named(failed, "create-replacement").filter(isPublished), []);
  assert.equal(environment.state.outputs().sample.imageId, before.imageId);
  await environment.cloud.images.describe(String(before.imageId));

  const back = await environment.goOn(sample());
  const again = named(back, "create-replacement");
  for (const each of WRITING) assert.ok(again.includes(`sample-${each}`), `${each} ran on the new disk`);
  const after = environment.state.outputs().sample;
  assert.notEqual(after.imageId, before.imageId);
  await environment.cloud.images.describe(String(after.imageId));
}

/** A conversion anew whose step dies on the helper. */
async function failAt(environment: Environment, step: string) {
  const update = environment.start("up", sample({ revision: 2 }));
  const { converter } = await environment.atStep(update, step);
  signal(converter.pid, "SIGKILL");
  const failed = await environment.ended(update);
  assert.notEqual(failed.error, undefined, `the update went well although ${step} was killed`);
  return failed;
}

function isPublished(name: string): boolean {
  return ["sample-snapshot", "sample-image", "sample-instance"].includes(name);
}

async function refused(environment: Environment): Promise<void> {
  const imageId = await withoutKernel(environment);
  const run = await environment.up(sample({ source: { imageId } }));
  environment.saw(run, /REFUSED: /);
  assert.equal(environment.state.named("sample-inspect"), undefined);
  assert.equal(environment.state.named("sample-partition"), undefined);
  const mended = await environment.goOn(sample());
  assert.ok(
    named(mended, "create-replacement").includes("sample-source"),
    "the mended source is another disk",
  );
}

/** A rehearsal of a second sees no guest boot. Nothing is published before somebody takes that upon themselves. */
async function failedRehearsal(environment: Environment): Promise<void> {
  const run = await environment.up(sample({ rehearsal: { timeoutSeconds: 1 } }));
  environment.saw(run, /FAILED: .*(rehears|boot)/i);
  const ours = (await environment.cloud.snapshots.list()).filter(({ tags }) => "pv-to-hvm:migration" in tags);
  assert.deepEqual(ours, [], "nothing unproven is snapshotted");
  const went = await environment.goOn(sample());
  assert.deepEqual(
    named(went, "create").filter((name) => !isPublished(name)),
    ["sample-workbench"],
  );
  const image = await environment.cloud.images.describe(String(environment.state.outputs().sample.imageId));
  assert.equal(image.tags["pv-to-hvm:rehearsal"], "skipped");
}
