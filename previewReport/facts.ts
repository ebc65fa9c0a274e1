/** What a preview tells of a migration's machines, disks and images. Pure. */
import type { PreviewedMigration } from "../cli/preview/migrations";
import { at, numberOf, type State, textOf, type Values } from "../cli/preview/preview";

export interface Facts {
  /** The image, snapshot, volume or instance that is migrated. */
  source?: string;
  /** GiB of its root disk. */
  sourceGb?: number;
  /** GiB of the new image's root volume. */
  destinationGb?: number;
  /** GiB of the helper's own disk. */
  helperDiskGb?: number;
  /** As it will be; of one that is deleted, as it was. */
  helperType?: string;
  /** Of the helper that is there. */
  helperId?: string;
  /** What is published now. */
  imageId?: string;
  snapshotId?: string;
  /** The launched machine that is there, and the type of what will be. */
  machineId?: string;
  newMachineType?: string;
  /** Seconds that the steps on the helper took when it was converted last. */
  lastSeconds?: number;
}

/** `outputs`: what the stack says of this migration from its last update. */
export function factsOf(migration: PreviewedMigration, outputs: Values = {}): Facts {
  const { component, child } = migration;
  const before = { ...outputs, ...component?.old?.outputs };
  const now = (role: string) => child(role)?.new ?? child(role)?.old;
  const idOf = (role: string, output: string) => child(role)?.old?.id ?? textOf(before[output]);
  const destinationGb = sizeOf(now("destination")) ?? numberOf(at(now("snapshot"), "outputs.volumeSize"));
  return {
    source: sourceOf(component?.new ?? component?.old),
    // A destination that is not asked to be larger has 1 GiB more than its source.
    sourceGb:
      sizeOf(now("source")) ??
      sizeOf(child("source")?.old) ??
      (destinationGb && Math.max(1, destinationGb - 1)),
    destinationGb,
    helperDiskGb: numberOf(at(now("helper"), "inputs.rootBlockDevice.volumeSize")),
    helperType: textOf(at(now("helper"), "inputs.instanceType")),
    helperId: idOf("helper", "helperId"),
    imageId: idOf("image", "imageId"),
    snapshotId: idOf("snapshot", "snapshotId"),
    machineId: idOf("instance", "instanceId"),
    newMachineType: textOf(at(child("instance")?.new, "inputs.instanceType")),
    lastSeconds: secondsOf(before),
  };
}

function sizeOf(state: State | undefined): number | undefined {
  return numberOf(state?.inputs.size) ?? numberOf(state?.outputs.size);
}

function sourceOf(component: State | undefined): string | undefined {
  const { imageId, snapshotId, volumeId, instanceId } = (at(component, "inputs.source") ?? {}) as Values;
  return [imageId, snapshotId, volumeId, instanceId].map(textOf).find((id) => id !== undefined);
}

function secondsOf(outputs: Values): number | undefined {
  const steps = at(outputs, "report.steps");
  if (!Array.isArray(steps)) return undefined;
  return steps.reduce((sum: number, step) => sum + (numberOf(at(step, "seconds")) ?? 0), 0);
}
