import type * as pulumi from "@pulumi/pulumi";
import { checkDestinationSize, checkSourceImage } from "../checks/checks";
import type { ResolvedArgs } from "./findings";
import { type Answer, lookUpSnapshot, lookUpSourceImage } from "./lookups";

/** The snapshot that the source volume is made of, whatever the source was named by. */
export interface FoundSource {
  snapshotId: string;
  /** Size of the volume that it was taken of. */
  sizeGb: number;
  /** EC2's word for the image's architecture; absent for a snapshot that came without. */
  architecture?: string;
  /** The old image's name for its root device, which users' launch templates override by. */
  rootDeviceName?: string;
  /** For descriptions: the id that the user gave. */
  givenAs: string;
}

/** The root device names that EC2 boots HVM images from by convention. */
const HVM_ROOT_DEVICES = ["/dev/sda1", "/dev/xvda"];

/** The new image's root device name: the old one's where HVM images use it too, else `/dev/sda1`. */
export function hvmRootDeviceName(old: string | undefined): string {
  return old !== undefined && HVM_ROOT_DEVICES.includes(old) ? old : HVM_ROOT_DEVICES[0];
}

/** Finds the snapshot behind the source, and judges it. A volume or a live instance would be a third way in here. */
export function findSource(args: ResolvedArgs, parent: pulumi.Resource): Promise<Answer<FoundSource>> {
  const { imageId, snapshotId = "", architecture } = args.source;
  if (imageId !== undefined) return fromImage(imageId, args, parent);
  return fromSnapshot("source.snapshotId", { snapshotId, architecture, givenAs: snapshotId }, args, parent);
}

async function fromImage(
  id: string,
  args: ResolvedArgs,
  parent: pulumi.Resource,
): Promise<Answer<FoundSource>> {
  const path = "source.imageId";
  const image = await lookUpSourceImage(path, id, parent);
  if (!image.value) return image;
  const problems = checkSourceImage(image.value);
  const { architecture, rootDeviceName, rootSnapshotId: snapshotId } = image.value;
  if (!snapshotId && problems.length === 0) {
    const fix = "Look at its block device mapping, and give the root snapshot as snapshotId.";
    problems.push({ path, reason: `no snapshot is mapped to its root device ${rootDeviceName}`, fix });
  }
  if (!snapshotId) return { problems };
  const found = await fromSnapshot(
    path,
    { snapshotId, architecture, rootDeviceName, givenAs: id },
    args,
    parent,
  );
  return problems.length > 0 ? { problems: [...problems, ...found.problems] } : found;
}

async function fromSnapshot(
  path: string,
  source: Omit<FoundSource, "sizeGb">,
  args: ResolvedArgs,
  parent: pulumi.Resource,
): Promise<Answer<FoundSource>> {
  const snapshot = await lookUpSnapshot(path, source.snapshotId, parent);
  if (!snapshot.value) return snapshot;
  const sizeGb = snapshot.value.volumeSize;
  const problems = checkDestinationSize(args.destination.sizeGb, sizeGb);
  return problems.length > 0 ? { problems } : { value: { ...source, sizeGb }, problems: [] };
}
