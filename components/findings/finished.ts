import type { ResolvedArgs } from "./findings";
import { type FoundHelper, ROOT_SIZE_GB } from "./helper";
import { lookUpSnapshot } from "../lookups/lookups";
import type { Migration } from "../together/migration";
import type { Problem } from "../checks/problems";
import type { PublishedImage } from "../published/publishedImage";
import { takesSnapshot } from "../sourceKind";
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

/** Has it said which look-ups have no answer, or no good one, and why that does not matter, e.g. `ami-… is published`. */
export function tellUnneeded({ candidate }: Migration, problems: Problem[], why: string): void {
  for (const { path, reason } of problems) {
    const text = `${path}: ${reason}. ${why} and does not need it; a new conversion would.`;
    candidate.notes.push({ level: "info", text });
  }
}

/**
 * The source of a published image, by what the image tells, and its source's snapshot where that is still there. Of a volume
 * or an instance the graph has that snapshot, and nothing of it is made again.
 */
export async function publishedSource(
  { facts, sourceSnapshotId = NOT_FOUND }: PublishedImage,
  args: ResolvedArgs,
  { parent }: Migration,
): Promise<FoundSource> {
  const snapshot = await lookUpSnapshot("source", sourceSnapshotId, parent);
  return {
    ...(takesSnapshot(args.source) ? { volumeId: NOT_FOUND } : { snapshotId: sourceSnapshotId }),
    sizeGb: snapshot.value?.volumeSize ?? 0,
    architecture: facts.architecture,
    rootDeviceName: facts.rootDeviceName,
    otherVolumes: [],
    notes: [],
  };
}

/** The helper of a conversion that needs none any more. */
export function publishedHelper({ helper: { instanceType = NOT_FOUND } }: ResolvedArgs): FoundHelper {
  return {
    imageId: NOT_FOUND,
    instanceType,
    vpcId: NOT_FOUND,
    availabilityZone: NOT_FOUND,
    nestedVirtualization: false,
    rootSizeGb: ROOT_SIZE_GB,
  };
}
