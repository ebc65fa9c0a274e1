import * as pulumi from "@pulumi/pulumi";
import { lookUpSnapshot } from "../lookups/lookups";
import { skipsRehearsal } from "../asked";
import type { Migration } from "../together/migration";
import { lookUpPublished, type PublishedImage } from "./publishedImage";
import type { Judgement } from "../together/candidate";
import { whyNotRecalled } from "./refusals";
import { hvmRootDeviceName, type Publishable } from "./publishable";

/**
 * What was published by a migration whose workbench is gone. Rejects where the newest image of this migration is not of
 * this very key, or there is none: with the workbench went everything that could make one.
 */
export function recallPublished(migration: Migration): pulumi.Output<Publishable> {
  const { parent, formerNames, keyDigest, inputs, candidate } = migration;
  const known = pulumi.all([formerNames, keyDigest, pulumi.all(inputs)]);
  return candidate.judge(parent, known, async ([names, digest, present]): Promise<Judgement<Publishable>> => {
    const { image, problems } = await lookUpPublished(migration, names);
    if (problems.length > 0) return { problems };
    if (image?.conversion === digest) return describe(migration, image);
    return { problems: [await whyNotRecalled(migration, digest, present, image)] };
  });
}

async function describe(
  { args, parent, candidate }: Migration,
  image: PublishedImage,
): Promise<Judgement<Publishable>> {
  const { imageId, facts, sourceSnapshotId, filesystemUuid, unproven, startedAgain, metadataTokens } = image;
  if (unproven && !skipsRehearsal(args)) {
    candidate.notes.push({ level: "warn", text: staysUnproven(imageId) });
  }
  const snapshot = await lookUpSnapshot("workbench", facts.rootSnapshotId, parent);
  if (!snapshot.value) return { problems: snapshot.problems };
  const value = {
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
    metadataTokens,
  };
  return { value, problems: [] };
}

function staysUnproven(imageId: string): string {
  return (
    `rehearsal.skip was taken back, but ${imageId} was published without a rehearsal, and stays tagged so. ` +
    "Set workbench to stopped and a new revision for an image that has booted."
  );
}
