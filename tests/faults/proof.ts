/** No image without proof: which volumes a stack's steps have proven, and of which volumes images were made. */
import { strict as assert } from "node:assert";
import type { StepReport } from "../../converter/types";
import type { ImageRecord } from "../../local/cloud/images";
import { nameOf, type StackState } from "./stackState";
import type { Stage } from "./stage";

/** Volumes that a rehearsal saw booting; and those that were verified, since rows may skip the rehearsal. */
export function provenVolumes(state: StackState): string[] {
  return state.resources().flatMap((resource) => {
    const { stdout } = resource.outputs ?? {};
    if (typeof stdout !== "string" || !/-(rehearse|verify)$/.test(nameOf(resource))) return [];
    const report = JSON.parse(stdout) as StepReport;
    const isProven =
      report.step === "rehearse"
        ? report.rehearsal?.booted === true
        : (report.checks ?? []).every(({ ok }) => ok);
    return isProven && report.destination?.volumeId ? [report.destination.volumeId] : [];
  });
}

/** Every image of ours is of a proven volume, and has its bytes as long as the volume is there to compare. */
export async function checkImages(stage: Stage): Promise<void> {
  for (const image of await migrated(stage)) {
    const snapshot = await stage.cloud.snapshots.describe(snapshotOf(image));
    assert.equal(snapshot.state, "completed", `${image.imageId}: its snapshot is ${snapshot.state}`);
    assert.ok(
      stage.proven.has(snapshot.volumeId),
      `${image.imageId} is of ${snapshot.volumeId}, of which no step has proven anything`,
    );
  }
}

async function migrated(stage: Stage): Promise<ImageRecord[]> {
  return (await stage.cloud.images.list()).filter(({ tags }) => "pv-to-hvm:migration" in tags);
}

function snapshotOf({ blockDeviceMappings, rootDeviceName }: ImageRecord): string {
  const root = blockDeviceMappings.find(({ deviceName }) => deviceName === rootDeviceName);
  return root?.ebs?.snapshotId ?? "";
}
