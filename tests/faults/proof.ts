/** No image without proof: which volumes a stack's steps have proven, and of which volumes images were made. */
import { strict as assert } from "node:assert";
import { REHEARSAL_SKIPPED, TAG } from "../../components/tags";
import type { StepReport } from "../../converter/types";
import type { ImageRecord } from "../../local/cloud/images";
import { nameOf, type StackState } from "./stackState";
import type { Environment } from "./environment";

/** What a step's report proves of a volume: that it boots, or, since scenarios may skip the rehearsal, that it was verified. */
export interface Proof {
  step: "rehearse" | "verify";
  volumeId: string;
}

/** All that the reports in a state prove. */
export function proofsIn(state: StackState): Proof[] {
  return state.resources().flatMap((resource): Proof[] => {
    const { stdout } = resource.outputs ?? {};
    if (typeof stdout !== "string" || !/-(rehearse|verify)$/.test(nameOf(resource))) return [];
    const { step, rehearsal, checks, destination } = JSON.parse(stdout) as StepReport;
    const { volumeId } = destination ?? {};
    if (volumeId === undefined) return [];
    if (step === "rehearse") return rehearsal?.booted === true ? [{ step, volumeId }] : [];
    const isVerified = step === "verify" && (checks ?? []).every(({ ok }) => ok);
    return isVerified ? [{ step, volumeId }] : [];
  });
}

/** Every image of ours is of a volume that was seen booting; one that says it skipped that, of a volume that was verified. */
export async function checkImages(environment: Environment): Promise<void> {
  for (const image of await migrated(environment)) {
    const snapshot = await environment.cloud.snapshots.describe(snapshotOf(image));
    assert.equal(snapshot.state, "completed", `${image.imageId}: its snapshot is ${snapshot.state}`);
    const needed = image.tags[TAG.rehearsal] === REHEARSAL_SKIPPED ? "verify" : "rehearse";
    assert.ok(
      environment.proofs.some(({ step, volumeId }) => step === needed && volumeId === snapshot.volumeId),
      `${image.imageId} is of ${snapshot.volumeId}, of which no ${needed} has proven anything`,
    );
  }
}

async function migrated(environment: Environment): Promise<ImageRecord[]> {
  return (await environment.cloud.images.list()).filter(({ tags }) => TAG.migration in tags);
}

function snapshotOf({ blockDeviceMappings, rootDeviceName }: ImageRecord): string {
  const root = blockDeviceMappings.find(({ deviceName }) => deviceName === rootDeviceName);
  return root?.ebs?.snapshotId ?? "";
}
