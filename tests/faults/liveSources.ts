/** Instances as sources, and what becomes of them while they are asked, prepared and snapshotted. */
import { strict as assert } from "node:assert";
import type { PvToHvmMigrationArgs } from "../../components";
import { LIVE_SOURCE_IMAGE_ID, LIVE_SOURCE_SNAPSHOT_ID, SAMPLE_IMAGE_ID } from "../../local/cloud/seed";
import { LiveSource } from "../end-to-end/liveSource";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import { named, type Environment } from "./environment";

export const LIVE_SOURCE_SCENARIOS: Scenario[] = [
  { name: "the source instance terminated before its snapshot", inQuickPart: true, run: terminated },
  {
    name: "the connection to the source cut while it is prepared",
    inQuickPart: false,
    run: cutWhilePreparing,
  },
];

/** EC2 throttles the snapshot long enough for somebody to terminate the instance, whose volume goes with it. */
async function terminated(environment: Environment): Promise<void> {
  const { cloud } = environment;
  const { instanceId } = await cloud.instances.run({ imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium" });
  await cloud.background.settled();
  await cloud.faults.add({ action: "CreateSnapshot", code: "RequestLimitExceeded", times: 10 });
  const source = { source: { instanceId }, until: "inspect" } as const;
  const update = environment.start("up", sample(source));
  await update.begins("create sample-source-snapshot");
  await cloud.instances.terminate(instanceId);
  await cloud.background.settled();
  const failed = await environment.ended(update);
  environment.saw(failed, /InvalidVolume\.NotFound/);
  assert.equal(environment.state.named("sample-helper"), undefined, "a helper was made for nothing");
  environment.told(await environment.up(sample(source)), /is terminated.*snapshotId/);
}

/** What runs on the source is not tied to the connection: it goes on, and the next update finds its work. */
async function cutWhilePreparing(environment: Environment): Promise<void> {
  const source = await LiveSource.launch(environment.local);
  environment.ownImages.push(LIVE_SOURCE_IMAGE_ID, LIVE_SOURCE_SNAPSHOT_ID);
  const connection = { user: "admin", privateKey: environment.key() };
  const prepared: Partial<PvToHvmMigrationArgs> = {
    source: { instanceId: source.instanceId, connection, prepare: true },
  };
  const update = environment.start("up", sample(prepared));
  await source.cutOffInstallation();
  const cut = await environment.ended(update);
  environment.saw(cut, /remote command exited without exit status/);
  assert.ok(!named(cut, "create").includes("sample-source-snapshot"));
  const went = await environment.goOn(sample(prepared));
  assert.equal(named(went, "create")[0], "sample-source-preparation");
  await environment.cloud.instances.terminate(source.instanceId);
  await environment.cloud.background.settled();
}
