/** What people do in EC2's console to things that a stack holds. */
import { strict as assert } from "node:assert";
import { performConsoleAction } from "../../local/commands/consoleActions";
import type { Scenario } from "./scenario";
import { sample, WRITING } from "./sample";
import { lineOf, named, type Environment } from "./environment";

export const BY_HAND_SCENARIOS: Scenario[] = [
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
async function destinationWhileRunning(environment: Environment): Promise<void> {
  await environment.prepared(sample({ workbench: "running", until: "rehearse" }));
  await deleteVolume(environment, "sample-destination");
  const refreshed = await environment.refresh(running);
  assert.equal(refreshed.error, undefined);
  environment.saw(refreshed, /sample-destination.*delete/);
  const went = await environment.goOn(running);
  assertConvertedAnew(named(went, "create-replacement").concat(named(went, "create")));
}

/** The new disk is blank, and the helper cannot be reached: nothing is published of it, and the old image stays. */
async function destinationWhileStopped(environment: Environment): Promise<void> {
  const { imageId } = environment.state.outputs().sample;
  await deleteVolume(environment, "sample-destination");
  await environment.refresh(sample());
  const failed = await environment.up(sample());
  assert.notEqual(failed.error, undefined);
  environment.saw(failed, /the helper i-\w+ is stopped/);
  await environment.cloud.images.describe(String(imageId));
  const went = await environment.goOn(running);
  assertConvertedAnew(named(went, "create-replacement").concat(named(went, "create")));
}

function assertConvertedAnew(made: string[]): void {
  const missing = WRITING.filter((step) => !made.includes(`sample-${step}`));
  assert.deepEqual(missing, [], "each step ran on the new disk");
}

async function detached(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  await byHand(environment, "detach", "sample-destination");
  const failed = await environment.up(sample());
  environment.saw(failed, /(REFUSED|FAILED): .*vol-/);
  lineOf(failed, /pulumi up --refresh/);
  const went = await environment.goOn(sample(), { refresh: true });
  const made = named(went, "create").concat(named(went, "create-replacement"));
  assert.ok(made.includes("sample-destination-attachment"));
  assert.ok(!made.includes("sample-destination") && !made.includes("sample-helper"));
}

/** Of the same snapshot, without anything else: the proof is the snapshot's. */
async function deregistered(environment: Environment): Promise<void> {
  await byHand(environment, "deregister", "sample-image");
  const unaware = await environment.up(sample());
  assert.equal(unaware.error, undefined);
  const went = await environment.goOn(sample(), { refresh: true });
  environment.saw(went, /sample-image.*creat/);
  assert.deepEqual(named(went, "create"), ["sample-image"]);
}

/** What could register it again is gone, and says so; what is left can be had back with a whole conversion. */
async function deregisteredForGood(environment: Environment): Promise<void> {
  const removed = sample({ workbench: "removed" });
  await environment.prepared(removed);
  await byHand(environment, "deregister", "sample-image");
  const failed = await environment.up(removed, { refresh: true });
  assert.notEqual(failed.error, undefined);
  environment.saw(failed, /has published no image of this conversion/);
  lineOf(failed, /Set workbench to stopped/);
  await environment.goOn(sample());
}

/** As long as the disk that was proven is there, it is snapshotted again. */
async function snapshotDeleted(environment: Environment): Promise<void> {
  const snapshotId = idOf(environment, "sample-snapshot");
  await byHand(environment, "deregister", "sample-image");
  await performConsoleAction(environment.cloud, "delete", snapshotId);
  const went = await environment.goOn(sample(), { refresh: true });
  environment.saw(went, /sample-snapshot.*creat/);
  assert.deepEqual(named(went, "create").sort(), ["sample-image", "sample-snapshot"]);
}

/** Nobody misses it. Who refreshes gets another one, which finds everything done; the image stays the same. */
async function helperGoneAfter(environment: Environment): Promise<void> {
  const { imageId } = environment.state.outputs().sample;
  await byHand(environment, "terminate", "sample-helper");
  const again = await environment.up(sample());
  assert.equal(again.error, undefined);
  assert.deepEqual(again.operations, []);
  const told = await environment.preview(sample(), { refresh: true });
  environment.saw(told, /changes\. \d+ unchanged/);
  const attachments = ["sample-destination-attachment", "sample-source-attachment"];
  assert.deepEqual(
    named(told, "create").sort(),
    [...attachments, "sample-helper", "sample-workbench"].sort(),
  );
  assert.deepEqual(named(told, "replace"), ["sample-converter"]);
  await environment.goOn(sample(), { refresh: true });
  assert.equal(environment.state.outputs().sample.imageId, imageId);
}

async function helperGoneBefore(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  await byHand(environment, "terminate", "sample-helper");
  const failed = await environment.up(sample());
  environment.saw(failed, /the helper i-\w+ is gone/);
  lineOf(failed, /pulumi up --refresh/);
  await environment.goOn(sample(), { refresh: true });
}

/** EC2 deletes no volume that is attached. */
async function deleteVolume(environment: Environment, name: string): Promise<void> {
  await byHand(environment, "detach", name);
  await byHand(environment, "delete", name);
}

async function byHand(environment: Environment, deed: string, name: string): Promise<void> {
  await performConsoleAction(environment.cloud, deed, idOf(environment, name));
}

function idOf(environment: Environment, name: string): string {
  const id = environment.state.named(name)?.id;
  if (id === undefined) throw new Error(`${name} is not in the state.`);
  return id;
}
