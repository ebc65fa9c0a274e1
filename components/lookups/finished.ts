import type { ResolvedArgs } from "./findings";
import type { FoundHelper } from "./helper";
import { lookUpSnapshot } from "./lookups";
import type { Migration } from "../migration";
import type { Problem } from "../checks/problems";
import type { PublishedImage } from "../published/publishedImage";
import type { FoundSource } from "./source";

/**
 * In the place of an id that nobody can look up any more. A finished conversion never uses it, since what it was made of
 * is frozen; whatever had to be made of it all the same is refused by EC2, in words that name it.
 */
const NOT_FOUND = "not-found-see-this-migration's-messages";

/**
 * Whether these are look-ups without an answer, and nothing that was judged. For a conversion whose image is published
 * they are of no consequence: its source may be deregistered, its helper's image withdrawn.
 */
export function isOnlyUnanswered(problems: Problem[]): boolean {
  return problems.every(({ unanswered }) => unanswered !== undefined);
}

/** The source of a published image, by what the image tells, and its source's snapshot where that is still there. */
export async function publishedSource(
  { facts, sourceSnapshotId = NOT_FOUND }: PublishedImage,
  args: ResolvedArgs,
  { parent }: Migration,
): Promise<FoundSource> {
  const snapshot = await lookUpSnapshot("source", sourceSnapshotId, parent);
  return {
    snapshotId: sourceSnapshotId,
    sizeGb: snapshot.value?.volumeSize ?? 0,
    architecture: facts.architecture,
    rootDeviceName: facts.rootDeviceName,
    givenAs: args.source.imageId ?? args.source.snapshotId ?? "",
  };
}

/** The helper of a conversion that needs none any more. */
export function publishedHelper({ helper: { instanceType } }: ResolvedArgs): FoundHelper {
  return {
    imageId: NOT_FOUND,
    instanceType,
    vpcId: NOT_FOUND,
    availabilityZone: NOT_FOUND,
    nestedVirtualization: false,
  };
}
