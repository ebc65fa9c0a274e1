/** `--continue-on-error`, which would let the engine delete a proven image for one that was never made or proven. */
import { strict as assert } from "node:assert";
import type { Migrations } from "./request";
import type { Row } from "./row";
import { launched, sample } from "./sample";
import type { Stage } from "./stage";
import type { Ended } from "./update";

export const CONTINUING_ROWS: Row[] = [
  { name: "--continue-on-error with a launch that fails", inQuickPart: false, run: failedLaunch },
  { name: "--continue-on-error with a boot proof that fails", inQuickPart: false, run: failedProof },
];

/** The new generation's instance gets no capacity. */
async function failedLaunch(stage: Stage): Promise<void> {
  const launch = replacing(stage);
  const before = await publishFirst(stage, launch);
  const anew = sample({ launch, revision: 2 });

  const first = stage.start("up", anew, { continueOnError: true });
  // The helper is launched by the same action: it has to be there before capacity runs out.
  await stage.atStep(first, "verify");
  await stage.cloud.faults.add({ action: "RunInstances", code: "InsufficientInstanceCapacity", times: 100 });
  await keepsOld(stage, await stage.ended(first), before);
  await keepsOld(stage, await stage.up(anew, { continueOnError: true }), before);
  await stage.cloud.faults.clear();
  await endsWell(stage, anew, before);
}

/** The new generation's instance is given ten seconds to answer, in which no guest boots here. */
async function failedProof(stage: Stage): Promise<void> {
  const launch = replacing(stage);
  const before = await publishFirst(stage, launch);
  const { connection } = launched(stage.key());
  const timeouts = { launchSeconds: 10 };
  const anew = sample({ launch: { ...launch, connection }, timeouts, revision: 2 });
  for (let run = 0; run < 2; run++) {
    await keepsOld(stage, await stage.up(anew, { continueOnError: true }), before);
  }
  await endsWell(stage, sample({ launch, revision: 2 }), before);
}

type Outputs = Record<string, unknown>;

/** A launch without a proof, whose instance goes with its image. */
function replacing(stage: Stage) {
  return { ...launched(stage.key()), connection: undefined, onNewImage: "replace" as const };
}

async function publishFirst(stage: Stage, launch: ReturnType<typeof replacing>): Promise<Outputs> {
  await stage.prepared(sample({ launch }));
  return stage.state.outputs().sample;
}

/** Of the old generation nothing may go, on whichever run: the loss was on the second. */
async function keepsOld(stage: Stage, run: Ended, before: Outputs): Promise<void> {
  stage.saw(run, /--continue-on-error, --target/);
  assert.deepEqual(
    run.operations.filter((operation) => operation.startsWith("delete")),
    [],
  );
  await stage.cloud.images.describe(String(before.imageId));
  await stage.cloud.snapshots.describe(String(before.snapshotId));
  const { state } = await stage.cloud.instances.describe(String(before.instanceId));
  assert.equal(state, "running");
  assert.equal(stage.state.outputs().sample.imageId, before.imageId);
}

/** Without the option, and with nothing in its way, the new image takes the place of the old one. */
async function endsWell(stage: Stage, migrations: Migrations, before: Outputs): Promise<void> {
  await stage.goOn(migrations);
  const after = stage.state.outputs().sample;
  assert.notEqual(after.imageId, before.imageId);
  await stage.cloud.images.describe(String(after.imageId));
  const old = (await stage.cloud.images.list()).filter(({ imageId }) => imageId === before.imageId);
  assert.deepEqual(old, [], "the old image is gone");
}
