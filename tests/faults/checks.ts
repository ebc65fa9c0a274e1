/** What must hold after every fault, in addition to the scenario's own assertions. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { sha256 } from "../end-to-end/harness";
import { leftovers } from "./leftovers";
import { checkImages } from "./proof";
import { type Environment, wentWell } from "./environment";

/** Runs after the scenario: the source is unchanged, no image is without proof, and `destroy` leaves nothing. */
export async function checkAfterwards(environment: Environment): Promise<void> {
  const { saw, told, secondsToGoOn } = environment.notes;
  assert.ok(saw !== undefined, "the scenario did not tell what the user saw");
  assert.ok(told !== undefined || secondsToGoOn !== undefined, "the scenario did not go on");
  await checkSources(environment);
  await checkImages(environment);
  const destroyed = await environment.destroy();
  wentWell(destroyed);
  await checkNothingLeft(environment);
  await checkSources(environment);
}

/** Snapshots that are sources, and every volume that was made of one. */
async function checkSources(environment: Environment): Promise<void> {
  for (const [snapshotId, hash] of environment.sources) {
    const file = environment.file("snapshots", `${snapshotId}.raw`);
    assert.equal(sha256(file), hash, `${snapshotId} has changed`);
    const volumes = (await environment.cloud.volumes.list()).filter(
      (volume) => volume.snapshotId === snapshotId,
    );
    for (const { volumeId } of volumes) assertSameBytes(file, environment.file("volumes", `${volumeId}.raw`));
  }
}

/** The volume may be larger, as one of a whole number of GiB is. */
function assertSameBytes(snapshot: string, volume: string): void {
  execFileSync("cmp", ["--bytes", String(statSync(snapshot).size), snapshot, volume], { encoding: "utf8" });
}

/** How long the kernel may take to let go of the namespaces and loop devices of a machine that has ended. */
const PATIENCE_MS = 10_000;

async function checkNothingLeft(environment: Environment): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let found = await leftovers(environment);
  while (found.length > 0 && Date.now() < end) found = await leftovers(environment);
  assert.deepEqual(found, [], "destroy left something");
}
