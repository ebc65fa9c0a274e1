import * as pulumi from "@pulumi/pulumi";
import type { Child } from "./child";
import type { Findings } from "../findings/findings";
import { type LiveVisit, visitSource } from "./liveSource";
import type { Migration } from "../together/migration";
import { orUnknown } from "../known";
import type { SourceReport } from "../report/reportedSource";
import { taggedSource } from "../report/sourceTags";
import { snapshotSource } from "./sourceSnapshot";
import { isDryPreparation, sourceId, sourceKind, takesSnapshot, waitsForHelper } from "../sourceKind";

/** A source that can be copied. */
export interface ReadySource {
  /** What the source volume is made of. */
  snapshotId: pulumi.Output<string>;
  /** What must have succeeded before anything of the source can be copied. */
  dependsOn: pulumi.Resource[];
  /** What must have succeeded before anything else is made. */
  visited: pulumi.Resource[];
  report: pulumi.Output<SourceReport>;
}

/**
 * Step 1: a live source is inspected and prepared where that is asked for, and a snapshot is taken of what has none. Of an
 * image or a snapshot there is nothing to be done. `helper`: who is waited for before a source is stopped.
 */
export function readySource(
  migration: Migration,
  found: pulumi.Output<Findings>,
  helper: Promise<pulumi.Output<string>>,
): ReadySource {
  const { source } = migration.args;
  const visit = source.connection && visitSource(migration, found, source.connection);
  const visited = visit ? [visit.last] : [];
  if (!takesSnapshot(source)) {
    const snapshotId = found.apply((findings) => findings.source.snapshotId ?? "");
    return { snapshotId, dependsOn: [], visited: [], report: reportOf(migration, found) };
  }
  if (isDryPreparation(migration.args)) {
    const none = found.apply(() => "");
    return { snapshotId: none, dependsOn: visited, visited, report: reportOf(migration, found, visit) };
  }
  const snapshot = snapshotSource(migration, found, visited, helper);
  return {
    snapshotId: snapshot.id,
    dependsOn: [...visited, snapshot],
    visited: waitsForHelper(migration.args) ? visited : [...visited, snapshot],
    report: reportOf(migration, found, visit, snapshot),
  };
}

/** By the snapshot's own tags once there is one: what becomes of the source afterwards does not change what was found. */
function reportOf(
  { args }: Migration,
  found: pulumi.Output<Findings>,
  visit?: LiveVisit,
  snapshot?: Child<"source-snapshot">,
): pulumi.Output<SourceReport> {
  const taken = snapshot && {
    volumeId: orUnknown(snapshot.volumeId),
    snapshotId: snapshot.id,
    tags: orUnknown(snapshot.tags),
  };
  return pulumi
    .all([sourceId(args.source), found, taken, visit?.inspection, visit?.preparation])
    .apply(([id, { source }, made, inspection, preparation]): SourceReport => {
      const { consistency, otherVolumes } = made ? taggedSource(made.tags ?? {}) : source;
      return {
        kind: sourceKind(args.source),
        id,
        volumeId: made?.volumeId ?? source.volumeId,
        snapshotId: made?.snapshotId ?? source.snapshotId,
        ...{ consistency, otherVolumes, inspection, preparation },
      };
    });
}
