import type * as pulumi from "@pulumi/pulumi";
import { checkDestinationSize, checkSourceImage } from "../checks/checks";
import { checkSnapshotState } from "../checks/snapshotChecks";
import { OtherVolumes } from "../enums";
import type { ResolvedArgs } from "./findings";
import { checkOtherMappings, noteOnMappings, rootMapping } from "./imageMappings";
import { fromInstance } from "./instanceSource";
import { type Answer, lookUpSnapshot, lookUpSourceImage } from "../lookups/lookups";
import type { OtherVolume } from "../report/reportedSource";
import type { Note } from "../together/candidate";
import { fromVolume } from "./volumeSource";

/** What the source volume is made of, whatever the source was named by. */
export interface FoundSource {
  /** Its snapshot. Absent of a volume or an instance: it is yet to be taken, or is what the graph knows. */
  snapshotId?: string;
  /** The volume that a snapshot is taken of. Absent of an image or a snapshot. */
  volumeId?: string;
  /** Size in GiB of the volume that it was, or is to be, taken of. */
  sizeGb: number;
  /** EC2's word for the architecture; absent where the source came without. */
  architecture?: string;
  /** The old name of the root device, which users' launch templates override by. */
  rootDeviceName?: string;
  /** Of a volume or an instance: whether anything could write while the snapshot was taken, see `CONSISTENCY`. */
  consistency?: string;
  /** The instance's other volumes. */
  otherVolumes: OtherVolume[];
  /** Where a volume lies. */
  availabilityZone?: string;
  /** The instance is gone: nothing of it can be stopped or started. */
  isGone?: boolean;
  /** Nothing is to be stopped for its snapshot: that is taken, or no more than what was published is known of it. */
  staysUp?: boolean;
  /** What is worth saying before its snapshot is taken. */
  notes: Note[];
}

/** Finds what the source volume is made of, and judges it. */
export function findSource(args: ResolvedArgs, parent: pulumi.Resource): Promise<Answer<FoundSource>> {
  const { imageId, snapshotId = "", volumeId, instanceId, architecture } = args.source;
  // An empty id is as good as none: configurations fill in one of several.
  if (imageId) return fromImage(imageId, args, parent);
  if (volumeId) return fromVolume(volumeId, args, parent);
  if (instanceId) return fromInstance(instanceId, args, parent);
  return fromSnapshot("source.snapshotId", { snapshotId, architecture }, args, parent);
}

async function fromImage(
  id: string,
  args: ResolvedArgs,
  parent: pulumi.Resource,
): Promise<Answer<FoundSource>> {
  const path = "source.imageId";
  const image = await lookUpSourceImage(path, id, parent);
  if (!image.value) return image;
  const isIgnored = args.source.otherVolumes === OtherVolumes.Ignore;
  const problems = [...checkSourceImage(image.value), ...checkOtherMappings(image.value, isIgnored)];
  const { architecture, rootDeviceName } = image.value;
  const snapshotId = rootMapping(image.value)?.snapshotId;
  if (!snapshotId && problems.length === 0) {
    const fix = "Look at its block device mapping, and give the root snapshot as snapshotId.";
    problems.push({ path, reason: `no snapshot is mapped to its root device ${rootDeviceName}`, fix });
  }
  if (!snapshotId) return { problems };
  const found = await fromSnapshot(path, { snapshotId, architecture, rootDeviceName }, args, parent);
  if (problems.length > 0) return { problems: [...problems, ...found.problems] };
  return found.value
    ? { value: { ...found.value, notes: noteOnMappings(image.value) }, problems: [] }
    : found;
}

async function fromSnapshot(
  path: string,
  source: Pick<FoundSource, "architecture" | "rootDeviceName"> & { snapshotId: string },
  args: ResolvedArgs,
  parent: pulumi.Resource,
): Promise<Answer<FoundSource>> {
  const snapshot = await lookUpSnapshot(path, source.snapshotId, parent);
  if (!snapshot.value) return snapshot;
  const sizeGb = snapshot.value.volumeSize;
  const { state, storageTier } = snapshot.value;
  const problems = [
    ...checkSnapshotState(path, { id: source.snapshotId, state, storageTier }),
    ...checkDestinationSize(args.destination.sizeGb, sizeGb),
  ];
  if (problems.length > 0) return { problems };
  return { value: { ...source, sizeGb, otherVolumes: [], notes: [] }, problems: [] };
}
