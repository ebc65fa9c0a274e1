import * as pulumi from "@pulumi/pulumi";
import type { StepReport } from "../../converter/types";
import { enaOf, unusualEna } from "./ena";
import type { Findings } from "../findings/findings";
import { digest } from "../key";
import { orUnknown } from "../known";
import { skipsRehearsal } from "../asked";
import type { Migration } from "../together/migration";
import {
  conversionPlan,
  conversionReport,
  hasEnhancedNetworking,
  metadataTokens,
  provenVolume,
  verifiedVolume,
} from "../report/report";
import { hvmRootDeviceName, type Publishable } from "../published/publishable";
import { NAME_SUFFIX_LENGTH } from "../checks/validate";
import type { Volumes } from "./volumes";

/** A publishable image, and what has to be done before. */
export interface Ready {
  made: pulumi.Output<Publishable>;
  /** The helper at rest: nothing writes to the volume any more. */
  dependsOn: pulumi.Output<pulumi.Resource[]>;
}

/** What the proven destination becomes. Unknown until the last step has run. */
export function publishable(
  migration: Migration,
  found: pulumi.Output<Findings>,
  { source: sourceVolume, destination }: Volumes,
  stepReports: pulumi.Output<StepReport[]>,
): pulumi.Output<Publishable> {
  const { args } = migration;
  const provingVolume = skipsRehearsal(args) ? verifiedVolume : provenVolume;
  const imageName = nameFor(migration, destination.id);
  return pulumi
    .all([
      stepReports,
      destination.id,
      destination.size,
      found.source,
      imageName,
      isUnproven(migration, found),
      orUnknown(sourceVolume.snapshotId),
      isStartedAgain(migration, found),
    ])
    .apply(([reports, destinationId, sizeGb, source, name, unproven, sourceSnapshotId, startedAgain]) => ({
      volumeId: provingVolume(reports[reports.length - 1], destinationId),
      imageName: name,
      architecture: source.architecture ?? conversionReport(reports).architecture,
      rootDeviceName: hvmRootDeviceName(source.rootDeviceName),
      sizeGb,
      sriovNetSupport: hasEnhancedNetworking(reports) ? "simple" : "",
      filesystemUuid: conversionPlan(reports).filesystemUuid,
      sourceSnapshotId,
      unproven,
      startedAgain,
      metadataTokens: metadataTokens(reports),
    }));
}

/** What `image.name` asks for; the migration's name where it asks for nothing. */
export function namePrefix({ name, args }: Migration): pulumi.Output<string> {
  return pulumi.output(args.image?.name ?? name);
}

/** The prefix, a hyphen, and eight characters that no other conversion has: a replacement never needs the old name. */
export function registeredName(prefix: string, key: string[], destinationId: string): string {
  return `${prefix}-${digest([...key, destinationId]).slice(0, NAME_SUFFIX_LENGTH - 1)}`;
}

function nameFor(migration: Migration, destinationId: pulumi.Output<string>): pulumi.Output<string> {
  const { args, key } = migration;
  return pulumi
    .all([namePrefix(migration), pulumi.all(key), enaOf(args), destinationId])
    .apply(([prefix, strings, ena, id]) => registeredName(prefix, [...strings, ...unusualEna(ena)], id));
}

/** An image that was published with a rehearsal has been proven, whatever is asked for since. */
function isUnproven({ args, keyDigest }: Migration, found: pulumi.Output<Findings>): pulumi.Output<boolean> {
  return pulumi.all([found.published, keyDigest]).apply(([published, conversion]) => {
    const before = published?.conversion === conversion ? published : undefined;
    return skipsRehearsal(args) && (before?.unproven ?? true);
  });
}

/** Of a published image its own tag tells, whatever has become of the helper since. */
function isStartedAgain({ keyDigest }: Migration, found: pulumi.Output<Findings>): pulumi.Output<boolean> {
  return pulumi
    .all([found.published, keyDigest, found.startsAgain])
    .apply(([published, conversion, startsAgain]) =>
      published?.conversion === conversion ? published.startedAgain : startsAgain,
    );
}
