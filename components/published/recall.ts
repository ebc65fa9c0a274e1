import * as pulumi from "@pulumi/pulumi";
import { lookUpSnapshot } from "../lookups/lookups";
import { type Migration, skipsRehearsal } from "../migration";
import { problemsError } from "../checks/problems";
import { lookUpPublished, type PublishedImage } from "./publishedImage";
import type { Publishable } from "../steps/publishable";
import { whyNotRecalled } from "./refusals";
import { hvmRootDeviceName } from "../lookups/source";

/**
 * What was published by a migration whose workbench is gone. Rejects where the newest image of this migration is not of
 * this very key, or there is none: with the workbench went everything that could make one.
 */
export function recallPublished(migration: Migration): pulumi.Output<Publishable> {
  const { name, formerNames, keyDigest, inputs } = migration;
  return pulumi.all([formerNames, keyDigest, pulumi.all(inputs)]).apply(async ([names, digest, present]) => {
    const { image, problems } = await lookUpPublished(migration, names);
    if (problems.length > 0) throw problemsError(name, problems);
    if (image?.conversion === digest) return describe(migration, image);
    throw problemsError(name, [await whyNotRecalled(migration, digest, present, image)]);
  });
}

async function describe({ name, args, parent }: Migration, image: PublishedImage): Promise<Publishable> {
  const { imageId, facts, sourceSnapshotId, filesystemUuid, unproven, startedAgain } = image;
  if (unproven && !skipsRehearsal(args)) await pulumi.log.warn(staysUnproven(imageId), parent);
  const snapshot = await lookUpSnapshot("workbench", facts.rootSnapshotId, parent);
  if (!snapshot.value) throw problemsError(name, snapshot.problems);
  return {
    volumeId: snapshot.value.volumeId,
    imageName: facts.name,
    architecture: facts.architecture,
    rootDeviceName: hvmRootDeviceName(facts.rootDeviceName),
    sizeGb: snapshot.value.volumeSize,
    sriovNetSupport: facts.sriovNetSupport,
    filesystemUuid,
    sourceSnapshotId,
    unproven,
    startedAgain,
  };
}

function staysUnproven(imageId: string): string {
  return (
    `rehearsal.skip was taken back, but ${imageId} was published without a rehearsal, and stays tagged so. ` +
    "Set workbench to stopped and a new revision for an image that has booted."
  );
}
