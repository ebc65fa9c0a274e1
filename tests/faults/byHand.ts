/** What people do in EC2's console to things that a stack holds. */
import { strict as assert } from "node:assert";
import { performConsoleAction } from "../../local/commands/consoleActions";
import type { Row } from "./row";
import { sample, WRITING } from "./sample";
import { lineOf, named, type Stage } from "./stage";

export const BY_HAND_ROWS: Row[] = [
  {
    name: "the destination deleted by hand, its helper running",
    inQuickPart: false,
    run: destinationWhileRunning,
  },
  {
    name: "the destination deleted by hand, its helper stopped",
    from: "published",
    inQuickPart: false,
    run: destinationWhileStopped,
  },
  { name: "a volume detached by hand", inQuickPart: false, run: detached },
  { name: "an image deregistered by hand", from: "published", inQuickPart: false, run: deregistered },
  {
    name: "an image deregistered by hand, its workbench removed",
    from: "published",
    inQuickPart: false,
    run: deregisteredForGood,
  },
  { name: "image and snapshot deleted by hand", from: "published", inQuickPart: false, run: snapshotDeleted },
  {
    name: "the helper terminated by hand after success",
    from: "published",
    inQuickPart: false,
    run: helperGoneAfter,
  },
  { name: "the helper terminated by hand before success", inQuickPart: false, run: helperGoneBefore },
];

const running = sample({ workbench: "running" });

/** The helper, which is at hand, converts onto the new disk. */
async function destinationWhileRunning(stage: Stage): Promise<void> {
  await stage.prepared(sample({ workbench: "running", until: "rehearse" }));
  await deleteVolume(stage, "sample-destination");
  const refreshed = await stage.refresh(running);
  assert.equal(refreshed.error, undefined);
  stage.saw(refreshed, /sample-destination.*delete/);
  const went = await stage.goOn(running);
  assertConvertedAnew(named(went, "create-replacement").concat(named(went, "create")));
}

/** The new disk is blank, and the helper cannot be reached: nothing is published of it, and the old image stays. */
async function destinationWhileStopped(stage: Stage): Promise<void> {
  const { imageId } = stage.state.outputs().sample;
  await deleteVolume(stage, "sample-destination");
  await stage.refresh(sample());
  const failed = await stage.up(sample());
  assert.notEqual(failed.error, undefined);
  stage.saw(failed, /the helper i-\w+ is stopped/);
  await stage.cloud.images.describe(String(imageId));
  const went = await stage.goOn(running);
  assertConvertedAnew(named(went, "create-replacement").concat(named(went, "create")));
}

function assertConvertedAnew(made: string[]): void {
  const missing = WRITING.filter((step) => !made.includes(`sample-${step}`));
  assert.deepEqual(missing, [], "each step ran on the new disk");
}

async function detached(stage: Stage): Promise<void> {
  await stage.prepared(sample({ until: "inspect" }));
  await byHand(stage, "detach", "sample-destination");
  const failed = await stage.up(sample());
  stage.saw(failed, /(REFUSED|FAILED): .*vol-/);
  lineOf(failed, /pulumi up --refresh/);
  const went = await stage.goOn(sample(), { refresh: true });
  const made = named(went, "create").concat(named(went, "create-replacement"));
  assert.ok(made.includes("sample-destination-attachment"));
  assert.ok(!made.includes("sample-destination") && !made.includes("sample-helper"));
}

/** Of the same snapshot, without anything else: the proof is the snapshot's. */
async function deregistered(stage: Stage): Promise<void> {
  await byHand(stage, "deregister", "sample-image");
  const unaware = await stage.up(sample());
  assert.equal(unaware.error, undefined);
  const went = await stage.goOn(sample(), { refresh: true });
  stage.saw(went, /sample-image.*creat/);
  assert.deepEqual(named(went, "create"), ["sample-image"]);
}

/** What could register it again is gone, and says so; what is left can be had back with a whole conversion. */
async function deregisteredForGood(stage: Stage): Promise<void> {
  const removed = sample({ workbench: "removed" });
  await stage.prepared(removed);
  await byHand(stage, "deregister", "sample-image");
  const failed = await stage.up(removed, { refresh: true });
  assert.notEqual(failed.error, undefined);
  stage.saw(failed, /has published no image of this conversion/);
  lineOf(failed, /Set workbench to stopped/);
  await stage.goOn(sample());
}

/** As long as the disk that was proven is there, it is snapshotted again. */
async function snapshotDeleted(stage: Stage): Promise<void> {
  const snapshotId = idOf(stage, "sample-snapshot");
  await byHand(stage, "deregister", "sample-image");
  await performConsoleAction(stage.cloud, "delete", snapshotId);
  const went = await stage.goOn(sample(), { refresh: true });
  stage.saw(went, /sample-snapshot.*creat/);
  assert.deepEqual(named(went, "create").sort(), ["sample-image", "sample-snapshot"]);
}

/** Nobody misses it. Who refreshes gets another one, which finds everything done; the image stays the same. */
async function helperGoneAfter(stage: Stage): Promise<void> {
  const { imageId } = stage.state.outputs().sample;
  await byHand(stage, "terminate", "sample-helper");
  const again = await stage.up(sample());
  assert.equal(again.error, undefined);
  assert.deepEqual(again.operations, []);
  const told = await stage.preview(sample(), { refresh: true });
  stage.saw(told, /changes\. \d+ unchanged/);
  const attachments = ["sample-destination-attachment", "sample-source-attachment"];
  assert.deepEqual(
    named(told, "create").sort(),
    [...attachments, "sample-helper", "sample-workbench"].sort(),
  );
  assert.deepEqual(named(told, "replace"), ["sample-converter"]);
  await stage.goOn(sample(), { refresh: true });
  assert.equal(stage.state.outputs().sample.imageId, imageId);
}

async function helperGoneBefore(stage: Stage): Promise<void> {
  await stage.prepared(sample({ until: "inspect" }));
  await byHand(stage, "terminate", "sample-helper");
  const failed = await stage.up(sample());
  stage.saw(failed, /the helper i-\w+ is gone/);
  lineOf(failed, /pulumi up --refresh/);
  await stage.goOn(sample(), { refresh: true });
}

/** EC2 deletes no volume that is attached. */
async function deleteVolume(stage: Stage, name: string): Promise<void> {
  await byHand(stage, "detach", name);
  await byHand(stage, "delete", name);
}

async function byHand(stage: Stage, deed: string, name: string): Promise<void> {
  await performConsoleAction(stage.cloud, deed, idOf(stage, name));
}

function idOf(stage: Stage, name: string): string {
  const id = stage.state.named(name)?.id;
  if (id === undefined) throw new Error(`${name} is not in the state.`);
  return id;
}
