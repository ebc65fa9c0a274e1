/** Instances as sources, and what becomes of them while they are asked, prepared and snapshotted. */
import { strict as assert } from "node:assert";
import type { PvToHvmMigrationArgs } from "../../components";
import { LIVE_SOURCE_IMAGE_ID, LIVE_SOURCE_SNAPSHOT_ID, SAMPLE_IMAGE_ID } from "../../local/cloud/seed";
import { LiveSource } from "../end-to-end/liveSource";
import type { Row } from "./row";
import { sample } from "./sample";
import { named, type Stage } from "./stage";

export const LIVE_SOURCE_ROWS: Row[] = [
  { name: "the source instance terminated before its snapshot", inQuickPart: true, run: terminated },
  {
    name: "the connection to the source cut while it is prepared",
    inQuickPart: false,
    run: cutWhilePreparing,
  },
];

/** EC2 throttles the snapshot long enough for somebody to terminate the instance, whose volume goes with it. */
async function terminated(stage: Stage): Promise<void> {
  const { cloud } = stage;
  const { instanceId } = await cloud.instances.run({ imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium" });
  await cloud.background.settled();
  await cloud.faults.add({ action: "CreateSnapshot", code: "RequestLimitExceeded", times: 10 });
  const source = { source: { instanceId }, until: "inspect" } as const;
  const update = stage.start("up", sample(source));
  await update.begins("create sample-source-snapshot");
  await cloud.instances.terminate(instanceId);
  await cloud.background.settled();
  const failed = await stage.ended(update);
  stage.saw(failed, /InvalidVolume\.NotFound/);
  assert.equal(stage.state.named("sample-helper"), undefined, "a helper was made for nothing");
  stage.told(await stage.up(sample(source)), /is terminated.*snapshotId/);
}

/** What runs on the source is not tied to the connection: it goes on, and the next update finds its work. */
async function cutWhilePreparing(stage: Stage): Promise<void> {
  const source = await LiveSource.launch(stage.local);
  stage.ownImages.push(LIVE_SOURCE_IMAGE_ID, LIVE_SOURCE_SNAPSHOT_ID);
  const connection = { user: "admin", privateKey: stage.key() };
  const prepared: Partial<PvToHvmMigrationArgs> = {
    source: { instanceId: source.instanceId, connection, prepare: true },
  };
  const update = stage.start("up", sample(prepared));
  await source.cutOffInstallation();
  const cut = await stage.ended(update);
  stage.saw(cut, /remote command exited without exit status/);
  assert.ok(!named(cut, "create").includes("sample-source-snapshot"));
  const went = await stage.goOn(sample(prepared));
  assert.equal(named(went, "create")[0], "sample-source-preparation");
  await stage.cloud.instances.terminate(source.instanceId);
  await stage.cloud.background.settled();
}
