import type { GetSnapshotResult } from "@pulumi/aws/ebs/getSnapshot";
import type { ResolvedArgs } from "./findings";
import { publishedSource, tellUnneeded } from "./finished";
import { type Answer, lookUpTaggedSnapshot } from "../lookups/lookups";
import { type Migration, stackTag } from "../together/migration";
import type { Problem } from "../checks/problems";
import type { PublishedImage } from "../published/publishedImage";
import { taggedSource } from "../report/sourceTags";
import type { Role } from "../resources";
import { findSource, type FoundSource } from "./source";
import { takesSnapshot } from "../sourceKind";
import { TAG } from "../tags";

/** The role of the snapshot that is taken of a volume or an instance. */
export const SOURCE_SNAPSHOT = "source-snapshot" satisfies Role;

/** Which conversion a source is looked up for. */
export interface Conversion {
  /** Digest of its key. */
  digest: string;
  /** Names that the migration had before. */
  formerNames: string[];
  /** The image that it has published. */
  finished?: PublishedImage;
}

/**
 * The source as it is now, as far as that still matters. Of a volume or an instance the snapshot counts once this
 * conversion has taken it: from then on instance and volume may run, be stopped, grow or be gone. So may an image or a
 * snapshot be gone or be archived whose conversion is finished: whatever this version finds wrong with it, the version that
 * converted it did not mind.
 */
export async function findSourceOf(
  migration: Migration,
  args: ResolvedArgs,
  conversion: Conversion,
): Promise<Answer<FoundSource>> {
  const { finished } = conversion;
  const live = takesSnapshot(args.source);
  const [found, taken] = await Promise.all([
    findSource(args, migration.parent),
    live ? lookUpTaken(migration, conversion) : undefined,
  ]);
  if (taken) {
    tellUnneeded(migration, found.problems, `${taken.snapshotId} was taken of it`);
    return { value: takenSource(taken, found), problems: [] };
  }
  if (found.value || !finished) return found;
  tellUnneeded(migration, found.problems, `${finished.imageId} is published`);
  const known = await publishedSource(finished, args, migration);
  return { value: { ...known, isGone: isGone(found.problems), staysUp: true }, problems: [] };
}

/** What this conversion has taken of its source. Where EC2 does not answer, it is as if there was nothing. */
async function lookUpTaken(
  { name, parent }: Migration,
  { digest, formerNames }: Conversion,
): Promise<GetSnapshotResult | undefined> {
  const tags = {
    [TAG.migration]: [name, ...formerNames],
    [TAG.stack]: [stackTag()],
    [TAG.conversion]: [digest],
    [TAG.role]: [SOURCE_SNAPSHOT],
  };
  return (await lookUpTaggedSnapshot("source", tags, parent)).value;
}

/** By the snapshot's own tags, since an instance that is gone tells nothing. */
function takenSource(taken: GetSnapshotResult, now: Answer<FoundSource>): FoundSource {
  const { consistency, otherVolumes, architecture, rootDeviceName } = taggedSource(taken.tags ?? {});
  return {
    volumeId: taken.volumeId,
    sizeGb: taken.volumeSize,
    ...{ architecture, rootDeviceName, consistency, otherVolumes },
    isGone: isGone(now.problems),
    staysUp: true,
    notes: [],
  };
}

function isGone(problems: Problem[]): boolean {
  return problems.some(({ unanswered }) => unanswered === "missing");
}
