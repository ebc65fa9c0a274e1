import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import { checkLaunchType } from "../checks/checks";
import type { AskedOfInstance } from "../checks/instanceChecks";
import { Family, type OtherVolumes, Until } from "../enums";
import { checkForeseenKeys, checkForeseenWayOut } from "./foreseen";
import { findHelper, type FoundHelper, noteOnEmulation } from "./helper";
import { isOnlyUnanswered, publishedHelper, tellUnneeded } from "./finished";
import { noteOnEncryption, noteOnHostKeys, noteOnTokens } from "./notes";
import { checkLaunchPlace } from "./launchPlace";
import { type Answer, lookUpType } from "../lookups/lookups";
import { isWorkbenchRemoved, reaches, skipsRehearsal } from "../asked";
import type { Migration } from "../together/migration";
import type { Problem } from "../checks/problems";
import { lookUpPublished, type Publication, type PublishedImage } from "../published/publishedImage";
import { checkPublished, checkRenamed } from "../published/refusals";
import { sourceTags } from "../report/sourceTags";
import { isDryPreparation, takesSnapshot } from "../sourceKind";
import type { FoundSource } from "./source";
import { type Conversion, findSourceOf } from "./sourceSoFar";
import { startsHelperAgain } from "./stoppedHelper";
import { noteOnZone } from "./volumeSource";
import { checkSnapshotTags } from "../checks/tagChecks";
import { checkArgs } from "../checks/validate";
import type { Judgement, Note } from "../together/candidate";

/** What EC2 says of the things that the arguments name. */
export interface Findings {
  source: FoundSource;
  helper: FoundHelper;
  /** The newest image that this migration has published, with this key or another. */
  published?: PublishedImage;
  /** The helper is stopped, and its work is not done; of a finished conversion, whether it was so: see `startsHelperAgain`. */
  startsAgain: boolean;
}

/** Arguments whose judged part has resolved. */
export interface ResolvedArgs {
  source: AskedOfInstance & {
    imageId?: string;
    snapshotId?: string;
    volumeId?: string;
    instanceId?: string;
    architecture?: string;
    otherVolumes?: OtherVolumes;
  };
  /** See `isDryPreparation`: nothing is stopped or copied. */
  isDryPreparation: boolean;
  helper: { subnetId: string; imageId?: string; instanceType?: string };
  destination: { sizeGb?: number; encrypted?: boolean };
  families: Family[];
  ena: boolean;
  launchType?: string;
}

/**
 * Engines that know `replacementTrigger`, without which a changed key would leave the old volumes in place: from the
 * version of the SDK that this package brings. An engine too old to be asked is refused as well.
 */
const ENGINE_VERSIONS = ">=3.248.0";

/**
 * Asks EC2 for everything that the arguments name, and judges the answers together with those arguments that were
 * outputs. Rejects with one error that lists every problem, of all the program's migrations. Each of the migration's first
 * resources takes an input through this output, so that nothing is created before the checks have passed.
 */
export function find(migration: Migration): pulumi.Output<Findings> {
  const { name, args, parent, keyDigest, formerNames, candidate } = migration;
  const inputs = pulumi.all([judged(args), keyDigest, formerNames]);
  return candidate.judge(parent, inputs, async ([known, digest, names]): Promise<Judgement<Findings>> => {
    await pulumi.requirePulumiVersion(ENGINE_VERSIONS);
    const problems = checkArgs(name, withResolved(args, known));
    if (problems.length > 0) return { problems };
    const publication = await lookUpPublished(migration, names);
    return askFor(migration, resolve(known, args), { digest, formerNames: names }, publication);
  });
}

async function askFor(
  migration: Migration,
  args: ResolvedArgs,
  { digest, formerNames }: Conversion,
  publication: Publication,
): Promise<Judgement<Findings>> {
  const { parent, candidate } = migration;
  const published = publication.image;
  const finished = published?.conversion === digest ? published : undefined;
  const [source, foundHelper] = await Promise.all([
    findSourceOf(migration, args, { digest, formerNames, finished }),
    findHelper(args, parent),
  ]);
  const helper = await orKnown(migration, foundHelper, finished, () => publishedHelper(args));
  const problems = [
    ...checkPublished(migration.args, digest, publication),
    ...(published ? [] : await checkRenamed(migration, digest)),
    ...source.problems,
    ...checkSnapshot(migration.args, source.value),
    ...helper.problems,
    ...(await checkLaunch(args, source.value?.architecture, parent)),
    ...(await checkLaunchPlace(migration, { digest, formerNames, finished })),
    ...(await checkForeseenKeys(migration.args)),
    ...(await checkForeseenWayOut(migration.args)),
  ];
  if (!source.value || !helper.value || problems.length > 0) return { problems };
  candidate.notes.push(...source.value.notes, ...noteOnZone(source.value, helper.value.availabilityZone));
  if (!finished) candidate.notes.push(...(await notesOn(migration, args, helper.value)));
  const startsAgain = await startsHelperAgain(migration, { digest, formerNames }, finished);
  return { value: { source: source.value, helper: helper.value, published, startsAgain }, problems };
}

/** What is worth saying of a conversion that is still to be made. */
async function notesOn(
  { args, parent }: Migration,
  { destination }: ResolvedArgs,
  helper: FoundHelper,
): Promise<Note[]> {
  const rehearses = reaches(args, Until.Rehearse) && !skipsRehearsal(args);
  const launches = reaches(args, Until.Publish) && args.launch !== undefined;
  return [
    ...(launches ? noteOnTokens(args.launch!) : []),
    ...noteOnHostKeys(launches ? args : { ...args, launch: undefined }),
    ...(rehearses ? noteOnEmulation(helper) : []),
    ...(destination.encrypted === false ? await noteOnEncryption(parent) : []),
  ];
}

/**
 * What was found; for a finished conversion what is `known` of it, where EC2 does not show it any more: Debian withdraws its
 * images some day.
 */
async function orKnown<T>(
  migration: Migration,
  found: Answer<T>,
  finished: PublishedImage | undefined,
  known: (finished: PublishedImage) => T | Promise<T>,
): Promise<Answer<T>> {
  if (found.value || !finished || !isOnlyUnanswered(found.problems)) return found;
  tellUnneeded(migration, found.problems, `${finished.imageId} is published`);
  return { value: await known(finished), problems: [] };
}

/** What its snapshot is to tell of a source is known only by now. */
function checkSnapshot(args: PvToHvmMigrationArgs, source: FoundSource | undefined): Problem[] {
  const hasSnapshot = takesSnapshot(args.source) && !isDryPreparation(args) && !isWorkbenchRemoved(args);
  return source && hasSnapshot ? checkSnapshotTags(args, sourceTags(source)) : [];
}

async function checkLaunch(
  args: ResolvedArgs,
  architecture: string | undefined,
  parent: pulumi.Resource,
): Promise<Problem[]> {
  if (args.launchType === undefined) return [];
  const type = await lookUpType("launch.instanceType", args.launchType, parent);
  const { ena, families } = args;
  return type.value
    ? checkLaunchType(args.launchType, type.value, { architecture, ena, families })
    : type.problems;
}

// Private keys stay out: one secret in it would make every volume's size a secret. So do ids that only name where the
// new instance goes: an unknown one would put off every other check until the update. Both are judged as far as they
// are foreseen.
function judged({ source, helper, destination, guest, image, launch }: PvToHvmMigrationArgs) {
  const { imageId, snapshotId, volumeId, instanceId, architecture } = source;
  return {
    source: { imageId, snapshotId, volumeId, instanceId, architecture },
    helper: {
      subnetId: helper.subnetId,
      imageId: helper.imageId,
      instanceType: helper.instanceType,
      allowedCidrs: helper.allowedCidrs,
    },
    destination,
    guest,
    image: { name: image?.name, ena: image?.ena, description: image?.description },
    launch: launch && { instanceType: launch.instanceType },
  };
}

type Known = pulumi.Unwrap<ReturnType<typeof judged>>;

function withResolved(args: PvToHvmMigrationArgs, known: Known): PvToHvmMigrationArgs {
  return {
    ...args,
    // Which id is given, an output does not change.
    source: { ...args.source, ...known.source } as PvToHvmMigrationArgs["source"],
    helper: { ...args.helper, ...known.helper },
    destination: known.destination,
    guest: known.guest,
    image: { ...args.image, ...known.image },
    launch: args.launch && { ...args.launch, ...known.launch },
  };
}

function resolve(known: Known, args: PvToHvmMigrationArgs): ResolvedArgs {
  const { stopFirst, connection, otherVolumes } = args.source;
  const families = known.guest?.families ?? [Family.Xen, Family.Nitro];
  return {
    source: {
      ...{ ...known.source, otherVolumes },
      ...{ stopFirst: stopFirst === true, connects: connection !== undefined },
    },
    isDryPreparation: isDryPreparation(args),
    helper: known.helper,
    destination: { sizeGb: known.destination?.sizeGb, encrypted: known.destination?.encrypted },
    families,
    ena: known.image.ena ?? families.includes(Family.Nitro),
    launchType: known.launch?.instanceType,
  };
}
