import type { PvToHvmMigrationArgs } from "../args";
import { Until, Workbench } from "../enums";
import { changedInputs, type PresentInput } from "./keyChanges";
import { reaches, skipsRehearsal } from "../asked";
import { type Migration, stackTag } from "../together/migration";
import type { Problem } from "../checks/problems";
import { lookUpMoved, lookUpTwin, type Publication, type PublishedImage } from "./publishedImage";
import { hasEntries, thisProgram } from "../lookups/run";
import { TAG } from "../tags";

/** What must not be asked for where this migration has published an image already. */
export function checkPublished(
  args: PvToHvmMigrationArgs,
  digest: string,
  { image, problems }: Publication,
): Problem[] {
  if (!reaches(args, Until.Publish)) {
    return image ? [goesBack(args, image)] : problems.map((problem) => ({ ...problem, path: "until" }));
  }
  if (!image) return [];
  return [
    ...(takesBackSkip(args, digest, image) ? [skipTakenBack(image)] : []),
    ...(args.protect && image.conversion !== digest ? [replacesProtected(image)] : []),
  ];
}

/** The engine would say so of each child, and name neither the image nor the way. */
function replacesProtected({ imageId }: PublishedImage): Problem {
  return {
    path: "protect",
    reason: `is set, and a new conversion would replace ${imageId}`,
    fix: "Take protect back in an update of its own, which changes nothing else, and then convert anew; or take the change back.",
  };
}

function goesBack({ until }: PvToHvmMigrationArgs, { imageId }: PublishedImage): Problem {
  return {
    path: "until",
    reason: `is ${until}, but ${imageId} of this migration is published, and going back would delete it`,
    fix:
      "Set until to publish. To look at a change first, add a second migration, by another name, with until: inspect; " +
      "to give the image up, remove the migration from the program.",
  };
}

/** On a helper that is kept running the rehearsal can be made up for: the destination is as it was published. */
function takesBackSkip(args: PvToHvmMigrationArgs, digest: string, image: PublishedImage): boolean {
  const canRehearse = args.workbench === Workbench.Running;
  return image.unproven && image.conversion === digest && !skipsRehearsal(args) && !canRehearse;
}

function skipTakenBack({ imageId }: PublishedImage): Problem {
  return {
    path: "rehearsal.skip",
    reason: `was taken back, but ${imageId} was published without a rehearsal, and its helper rests`,
    fix: "Set a new revision, which rehearses before it publishes; or set rehearsal.skip again, which leaves all as it is.",
  };
}

/**
 * Whether a migration that has published nothing under its name has done so under another: renamed without an alias, it
 * would be made anew, and everything of the old name deleted. Two migrations of one source are in order where the program
 * has both; where that cannot be told, it is said and not refused.
 */
export async function checkRenamed(migration: Migration, digest: string): Promise<Problem[]> {
  const twin = await lookUpTwin(migration, digest);
  if (!twin || twin.migration === migration.name) return [];
  const isThere = thisProgram().has(twin.migration);
  if (isThere === true) return [];
  const problem = renamed(twin);
  if (isThere === false) return [problem];
  migration.candidate.notes.push({ level: "warn", text: `${problem.reason}. ${problem.fix}` });
  return [];
}

/** The engine looks an alias up only for a name that it does not know yet: a refused update leaves the new one unknown. */
function renamed({ imageId, migration: former }: PublishedImage): Problem {
  const how = hasEntries()
    ? `put the old name back, or give the entry formerName: ${former}, so that nothing is made anew or deleted`
    : `give it the option aliases: [{ name: "${former}" }], so that nothing is made anew or deleted, and ` +
      `image.name: "${former}", so that the image keeps its name`;
  return {
    path: "name",
    reason: `${imageId} of this same conversion was published in this stack by a migration named ${former}, which the program no longer has`,
    fix: `If this is that one, renamed, ${how}. If it is another one, set a revision of its own.`,
  };
}

/** Why there is nothing to keep for a migration whose workbench is removed. */
export async function whyNotRecalled(
  migration: Migration,
  digest: string,
  inputs: PresentInput[],
  image: PublishedImage | undefined,
): Promise<Problem> {
  if (image) return changed(image, inputs);
  const twin = await lookUpTwin(migration, digest);
  if (twin && !thisProgram().has(twin.migration)) return renamed(twin);
  const moved = await lookUpMoved(migration, digest);
  return moved ? movedHere(moved) : nothingPublished(digest);
}

function changed(image: PublishedImage, inputs: PresentInput[]): Problem {
  const changes = changedInputs(image, inputs).join("; ");
  return {
    path: "workbench",
    reason: `is removed, and with it what could convert anew: ${changes}`,
    fix: `Set workbench to stopped, which converts anew and keeps ${image.imageId} until the new image has been proven; or take the change back.`,
  };
}

function movedHere({ imageId, stack, facts }: PublishedImage): Problem {
  const tag = `Key=${TAG.stack},Value=${stackTag()}`;
  return {
    path: "workbench",
    reason: `is removed, and ${imageId} of this conversion carries the tag of another stack, ${stack}`,
    fix:
      "If the migration was moved here, move its resources with pulumi state move, and tag what they stand for: " +
      `aws ec2 create-tags --resources ${imageId} ${facts.rootSnapshotId} --tags ${tag}. ` +
      "If it was not, set workbench to stopped until an update has succeeded.",
  };
}

function nothingPublished(digest: string): Problem {
  return {
    path: "workbench",
    reason: `is removed, but this migration has published no image of this conversion (${digest}) that could be kept`,
    fix:
      "Set workbench to stopped until an update has succeeded. An image that was made otherwise cannot be brought in: " +
      "nothing says that it has booted.",
  };
}
