/** What holds after every fault, whatever the row itself asserts. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { sha256 } from "../end-to-end/harness";
import { leftovers } from "./leftovers";
import { checkImages } from "./proof";
import { type Stage, wentWell } from "./stage";

/** Runs after the row has gone on: the source as it was, no image without proof, and then nothing left by `destroy`. */
export async function checkAfterwards(stage: Stage): Promise<void> {
  const { saw, told, secondsToGoOn } = stage.notes;
  assert.ok(saw !== undefined, "the row did not tell what the user saw");
  assert.ok(told !== undefined || secondsToGoOn !== undefined, "the row did not go on");
  await checkSources(stage);
  await checkImages(stage);
  const destroyed = await stage.destroy();
  wentWell(destroyed);
  await checkNothingLeft(stage);
  await checkSources(stage);
}

/** Snapshots that are sources, and every volume that was made of one. */
async function checkSources(stage: Stage): Promise<void> {
  for (const [snapshotId, hash] of stage.sources) {
    const file = stage.file("snapshots", `${snapshotId}.raw`);
    assert.equal(sha256(file), hash, `${snapshotId} has changed`);
    const volumes = (await stage.cloud.volumes.list()).filter((volume) => volume.snapshotId === snapshotId);
    for (const { volumeId } of volumes) assertSameBytes(file, stage.file("volumes", `${volumeId}.raw`));
  }
}

/** The volume may be larger, as one of a whole number of GiB is. */
function assertSameBytes(snapshot: string, volume: string): void {
  execFileSync("cmp", ["--bytes", String(statSync(snapshot).size), snapshot, volume], { encoding: "utf8" });
}

/** How long the kernel may take to let go of the namespaces and loop devices of a machine that has ended. */
const PATIENCE_MS = 10_000;

async function checkNothingLeft(stage: Stage): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let found = await leftovers(stage);
  while (found.length > 0 && Date.now() < end) found = await leftovers(stage);
  assert.deepEqual(found, [], "destroy left something");
}
