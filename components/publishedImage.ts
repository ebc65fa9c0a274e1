import * as pulumi from "@pulumi/pulumi";
import { hvmRootDeviceName } from "./source";
import type { Publishable } from "./image";
import { lookUpSnapshot, lookUpTaggedImage } from "./lookups";
import { type Migration, TAG } from "./migration";
import { type Problem, problemsError } from "./problems";

/**
 * What was published by a migration whose workbench is gone. Rejects where no image of this account carries the key's
 * digest: with the workbench went everything that could make one.
 */
export function recallPublished(migration: Migration): pulumi.Output<Publishable> {
  const { name, keyDigest, parent } = migration;
  return keyDigest.apply(async (digest) => {
    const tags = { [TAG.migration]: name, [TAG.stack]: pulumi.getStack(), [TAG.conversion]: digest };
    const image = await lookUpTaggedImage("workbench", tags, parent);
    if (!image.value) throw problemsError(name, [notPublished(digest, image.problems)]);
    const { name: imageName, architecture, rootDeviceName, rootSnapshotId, tags: found } = image.value;
    const { sriovNetSupport } = image.value;
    const snapshot = await lookUpSnapshot("workbench", rootSnapshotId, parent);
    if (!snapshot.value) throw problemsError(name, snapshot.problems);
    const { volumeId, volumeSize: sizeGb } = snapshot.value;
    return {
      volumeId,
      imageName,
      architecture,
      rootDeviceName: hvmRootDeviceName(rootDeviceName),
      sizeGb,
      sriovNetSupport,
      filesystemUuid: found?.[TAG.filesystem] ?? "",
    };
  });
}

function notPublished(digest: string, problems: Problem[]): Problem {
  const said = problems.map(({ reason }) => reason).join("; ");
  return {
    path: "workbench",
    reason: `is removed, but this conversion (${digest}) has published no image that could be kept: ${said}`,
    fix: "Set workbench to stopped until an update has succeeded, or take back what was changed since the last one.",
  };
}
