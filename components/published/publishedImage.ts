import type * as pulumi from "@pulumi/pulumi";
import type { GetAmiResult } from "@pulumi/aws/ec2/getAmi";
import { type Answer, lookUpTaggedIds, lookUpTaggedImage, type TagQuery } from "../lookups/lookups";
import { MetadataTokens } from "../enums";
import { type Migration, stackTag } from "../together/migration";
import type { Problem } from "../checks/problems";
import { REHEARSAL_SKIPPED, STARTED_AGAIN, TAG, taggedInputs, type Tags } from "../tags";

/** An image that a migration has published, by what its tags tell. A program cannot read its own state. */
export interface PublishedImage {
  imageId: string;
  /** Name of the migration that published it. */
  migration: string;
  /** Its stack, as `project/stack`. */
  stack: string;
  /** Digest of the key that it was made with. */
  conversion: string;
  /** The inputs of that key; undefined where an earlier version has recorded none. */
  inputs?: Tags;
  /** It was published without a rehearsal. */
  unproven: boolean;
  /** Its helper had been stopped before the end, and was started again: the state has the resources that did it. */
  startedAgain: boolean;
  /** What an instance of it asks of who reads its metadata; `optional` where an earlier version has recorded nothing. */
  metadataTokens: MetadataTokens;
  /** The snapshot that its source disk was made of; undefined where an earlier version has not recorded it. */
  sourceSnapshotId?: string;
  /** UUID of its root filesystem. */
  filesystemUuid: string;
  /** All that EC2 says of it. */
  facts: GetAmiResult;
}

/** The image that was looked for, none, or why nobody knows. */
export interface Publication {
  image?: PublishedImage;
  problems: Problem[];
}

/** What an image's tags tell. */
export function readPublished(facts: GetAmiResult): PublishedImage {
  const { imageId, tags } = facts;
  return {
    imageId,
    migration: tags[TAG.migration] ?? "",
    stack: tags[TAG.stack] ?? "",
    conversion: tags[TAG.conversion] ?? "",
    inputs: taggedInputs(tags),
    unproven: tags[TAG.rehearsal] === REHEARSAL_SKIPPED,
    startedAgain: tags[TAG.helper] === STARTED_AGAIN,
    metadataTokens:
      tags[TAG.metadata] === MetadataTokens.Required ? MetadataTokens.Required : MetadataTokens.Optional,
    sourceSnapshotId: tags[TAG.source],
    filesystemUuid: tags[TAG.filesystem] ?? "",
    facts,
  };
}

/**
 * The newest image that this migration has published in this stack, under its name or one that it had before. Whether the
 * stack has published any at all is asked once for all its migrations.
 */
export async function lookUpPublished(
  { name, parent }: Migration,
  formerNames: string[],
): Promise<Publication> {
  const inStack = await lookUpTaggedIds("workbench", { [TAG.stack]: [stackTag()] }, parent);
  if (!inStack.value?.length) return { problems: inStack.problems };
  return lookUpNewest({ [TAG.migration]: [name, ...formerNames], [TAG.stack]: [stackTag()] }, parent);
}

/** An image of the same key that another migration of this stack has published. */
export async function lookUpTwin(
  { parent }: Migration,
  conversion: string,
): Promise<PublishedImage | undefined> {
  const inStack = await lookUpTaggedIds("workbench", { [TAG.stack]: [stackTag()] }, parent);
  if (!inStack.value?.length) return undefined;
  return (await lookUpNewest({ [TAG.conversion]: [conversion], [TAG.stack]: [stackTag()] }, parent)).image;
}

/** An image of the same key that a migration of this name has published in another stack. */
export async function lookUpMoved(
  { name, parent }: Migration,
  conversion: string,
): Promise<PublishedImage | undefined> {
  return (await lookUpNewest({ [TAG.migration]: [name], [TAG.conversion]: [conversion] }, parent)).image;
}

async function lookUpNewest(tags: TagQuery, parent: pulumi.Resource): Promise<Publication> {
  const found: Answer<GetAmiResult> = await lookUpTaggedImage("workbench", tags, parent);
  if (found.value) return { image: readPublished(found.value), problems: [] };
  return { problems: found.problems.filter(({ unanswered }) => unanswered !== "missing") };
}
