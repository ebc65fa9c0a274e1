/** `--continue-on-error`, which would let the engine delete a proven image for one that was never made or proven. */
import { strict as assert } from "node:assert";
import type { Migrations } from "./request";
import type { Scenario } from "./scenario";
import { launched, sample } from "./sample";
import type { Environment } from "./environment";
import type { Ended } from "./update";

export const CONTINUING_SCENARIOS: Scenario[] = [
  { name: "--continue-on-error with a launch that fails", inQuickPart: false, run: failedLaunch },
  { name: "--continue-on-error with a boot proof that fails", inQuickPart: false, run: failedProof },
];

/** The new generation's instance gets no capacity. */
async function failedLaunch(environment: Environment): Promise<void> {
  const launch = replacing(environment);
  const before = await publishFirst(environment, launch);
  const anew = sample({ launch, revision: 2 });

  const first = environment.start("up", anew, { continueOnError: true });
  // The helper is launched by the same action: it has to be there before capacity runs out.
  await environment.atStep(first, "verify");
  await environment.cloud.faults.add({
    action: "RunInstances",
    code: "InsufficientInstanceCapacity",
    times: 100,
  });
  await keepsOld(environment, await environment.ended(first), before);
  await keepsOld(environment, await environment.up(anew, { continueOnError: true }), before);
  await environment.cloud.faults.clear();
  await endsWell(environment, anew, before);
}

/** The new generation's instance is given ten seconds to answer, in which no guest boots here. */
async function failedProof(environment: Environment): Promise<void> {
  const launch = replacing(environment);
  const before = await publishFirst(environment, launch);
  const { connection } = launched(environment.key());
  const timeouts = { launchSeconds: 10 };
  const anew = sample({ launch: { ...launch, connection }, timeouts, revision: 2 });
  for (let run = 0; run < 2; run++) {
    await keepsOld(environment, await environment.up(anew, { continueOnError: true }), before);
  }
  await endsWell(environment, sample({ launch, revision: 2 }), before);
}

type Outputs = Record<string, unknown>;

/** A launch without a proof, whose instance goes with its image. */
function replacing(environment: Environment) {
  return { ...launched(environment.key()), connection: undefined, onNewImage: "replace" as const };
}

async function publishFirst(
  environment: Environment,
  launch: ReturnType<typeof replacing>,
): Promise<Outputs> {
  await environment.prepared(sample({ launch }));
  return environment.state.outputs().sample;
}

/** Of the old generation nothing may go, on whichever run: the loss was on the second. */
async function keepsOld(environment: Environment, run: Ended, before: Outputs): Promise<void> {
  environment.saw(run, /--continue-on-error, --target/);
  assert.deepEqual(
    run.operations.filter((operation) => operation.startsWith("delete")),
    [],
  );
  await environment.cloud.images.describe(String(before.imageId));
  await environment.cloud.snapshots.describe(String(before.snapshotId));
  const { state } = await environment.cloud.instances.describe(String(before.instanceId));
  assert.equal(state, "running");
  assert.equal(environment.state.outputs().sample.imageId, before.imageId);
}

/** Without the option, and with nothing in its way, the new image takes the place of the old one. */
async function endsWell(environment: Environment, migrations: Migrations, before: Outputs): Promise<void> {
  await environment.goOn(migrations);
  const after = environment.state.outputs().sample;
  assert.notEqual(after.imageId, before.imageId);
  await environment.cloud.images.describe(String(after.imageId));
  const old = (await environment.cloud.images.list()).filter(({ imageId }) => imageId === before.imageId);
  assert.deepEqual(old, [], "the old image is gone");
}
