import * as pulumi from "@pulumi/pulumi";
import { type Child, child } from "./child";
import { beatWhile } from "./heartbeat";
import type { Findings } from "../findings/findings";
import { SOURCE_SNAPSHOT } from "../findings/sourceSoFar";
import { visibleError } from "../checks/problems";
import { isLost, settled } from "../known";
import { after, type Migration, namedTags } from "../together/migration";
import { sourceTags } from "../report/sourceTags";
import { sourceId, waitsForHelper } from "../sourceKind";
import type { Tags } from "../tags";

/**
 * Takes the snapshot that the source volume is made of. With `source.stopFirst` the instance is stopped before, and started
 * when the snapshot is complete: pulumi-aws returns no sooner, though EC2 has the volume's contents from the moment it is
 * asked (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-creating-snapshot.html). Nothing is stopped before `helper` is
 * there: a quota, a zone without capacity, a rule of the account shall not find out while nobody is served.
 */
export function snapshotSource(
  migration: Migration,
  found: pulumi.Output<Findings>,
  before: pulumi.Resource[],
  helper: Promise<pulumi.Output<string>>,
): Child<"source-snapshot"> {
  const { args, parent } = migration;
  const turn = waitsForHelper(args) ? afterHelper(found, helper) : found;
  const stopped = setState(migration, turn, "source-stop", "stopped", before);
  const needed = stopped.apply((states): pulumi.Resource[] => [...before, ...states]);
  const volumeId = found.apply(({ source }) => source.volumeId ?? "");
  const snapshot = child(
    migration,
    SOURCE_SNAPSHOT,
    {
      volumeId,
      description: pulumi.interpolate`Root volume of ${sourceId(args.source)}, as pv-to-hvm converts it`,
      tags: snapshotTags(migration, found),
    },
    { dependsOn: needed as pulumi.Output<pulumi.Resource[]> },
  );
  const what = pulumi.interpolate`the snapshot of ${volumeId}`;
  beatWhile(snapshot, what, parent, needed as pulumi.Output<pulumi.Resource[]>);
  setState(migration, found, "source-start", "running", [snapshot]);
  return snapshot;
}

/**
 * What was found, once the helper is there; at once in a preview. Without a dependency in the engine, which would delete the
 * source volume before the helper that has it attached. Rejects where the helper could not be made and the update goes on all
 * the same (`--continue-on-error`).
 */
function afterHelper(
  found: pulumi.Output<Findings>,
  helper: Promise<pulumi.Output<string>>,
): pulumi.Output<Findings> {
  return found.apply(async (findings) => {
    const id = await helper;
    await settled(id);
    if (!(await isLost(id))) return findings as Findings;
    throw visibleError(
      "There is no helper, so the source is not stopped. Run pulumi up again: it goes on from there.",
    );
  }) as pulumi.Output<Findings>;
}

/**
 * Declares that the instance is stopped, or runs, at this point: where that is asked for. Of an instance that is gone nothing is declared: the engine forgets both when it refreshes, and making
 * them again would fail. Deleting them does nothing. Where one is made again whose snapshot is there, as after going back to
 * an earlier key, nothing is stopped, since nothing would start it: what another conversion has left stopped is started.
 */
function setState(
  migration: Migration,
  found: pulumi.Output<Findings>,
  role: "source-stop" | "source-start",
  state: "stopped" | "running",
  dependsOn: pulumi.Resource[],
): pulumi.Output<pulumi.Resource[]> {
  const { stopFirst, instanceId } = migration.args.source;
  if (!stopFirst || instanceId === undefined) return after(found);
  return found.apply(({ source }): pulumi.Resource[] => {
    if (source.isGone) return [];
    const wanted = source.staysUp ? "running" : state;
    const declared = child(migration, role, { instanceId, state: wanted }, { dependsOn });
    beatWhile(declared, pulumi.interpolate`${instanceId} to be ${wanted}`, migration.parent, dependsOn);
    return [declared];
  }) as pulumi.Output<pulumi.Resource[]>;
}

function snapshotTags(migration: Migration, found: pulumi.Output<Findings>): pulumi.Output<Tags> {
  return pulumi
    .all([namedTags(migration, SOURCE_SNAPSHOT), found])
    .apply(([named, { source }]): Tags => ({ ...named, ...sourceTags(source) }));
}
