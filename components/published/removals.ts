/**
 * What a stack's configuration takes away from what the update before has published, in sentences: a preview has many lines
 * `delete`, and none that says what is lost. A program cannot read its own state; of a stack's outputs the engine tells it.
 */
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";

/** As much of an entry's outputs as matters here. */
export interface Exported {
  imageId?: string;
  snapshotId?: string;
  instanceId?: string;
  protect?: boolean;
  keepImage?: boolean;
}

/** A sentence or two, and how loud. */
export interface Said {
  level: "info" | "warn";
  text: string;
}

/** What an entry exports of this beside the rest: by it the next run knows. Nothing where nothing is asked for. */
export function exportedProtection({ protect, keepImage }: PvToHvmMigrationArgs): Exported {
  return { ...(protect && { protect }), ...(keepImage && { keepImage }) };
}

/** Says what is taken away. Never rejects: an update that cannot be told of is none that must not be. */
export async function tellRemovals(
  entries: [name: string, args: PvToHvmMigrationArgs][],
  formerNames: { [name: string]: string },
): Promise<void> {
  const before = await previousOutputs();
  for (const { level, text } of removals(before, entries, formerNames)) await pulumi.log[level](text);
}

/** The outputs of this stack's last update; none where there was none. */
async function previousOutputs(): Promise<{ [name: string]: Exported }> {
  const wholeName = () => `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  // Old backends know a stack by its short name alone.
  for (const nameOf of [wholeName, pulumi.getStack]) {
    try {
      const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: nameOf() });
      return outputs ?? {};
    } catch (error) {
      await pulumi.log.debug(`the outputs of this stack's last update: ${(error as Error).message}`);
    }
  }
  return {};
}

/** What of the outputs before is taken away by what the entries are now. Pure. */
export function removals(
  before: { [name: string]: Exported | undefined },
  entries: [name: string, args: PvToHvmMigrationArgs][],
  formerNames: { [name: string]: string },
): Said[] {
  const kept = new Set([...entries.map(([name]) => name), ...Object.values(formerNames)]);
  const gone = Object.entries(before).filter(([name, was]) => !kept.has(name) && was?.imageId !== undefined);
  const unprotected = entries.flatMap(([name, { protect }]): Said[] => {
    const was = before[name] ?? before[formerNames[name]];
    return was?.protect && was.imageId !== undefined && !protect ? [protectTakenBack(name, was)] : [];
  });
  return [...gone.map(([name, was]) => removed(name, was as Exported)), ...unprotected];
}

function removed(name: string, was: Exported): Said {
  const gone = `${name} is no longer in the stack's configuration`;
  if (was.protect) {
    const text =
      `${gone}, and had protect: ${things(was)} cannot be deleted, so this update is refused. Put the entry back; to give it ` +
      "up, take protect back in an update of its own first.";
    return { level: "warn", text };
  }
  const { imageId, snapshotId, instanceId } = was;
  if (!was.keepImage) {
    const text =
      `${gone}: ${things(was)} will be deleted. To keep the image, put the entry back with keepImage: true, run pulumi up, and ` +
      "take it out then.";
    return { level: "warn", text };
  }
  const stays = `${gone}: ${things({ imageId, snapshotId })} stay in EC2 (keepImage), and the stack forgets them.`;
  return instanceId === undefined
    ? { level: "info", text: stays }
    : { level: "warn", text: `${stays} ${things({ instanceId })} will be deleted.` };
}

function protectTakenBack(name: string, was: Exported): Said {
  const text =
    `${name}: protect was taken back. After this update ${things(was)} can be deleted: by a new conversion, by taking the entry ` +
    "out, by pulumi destroy.";
  return { level: "warn", text };
}

/** `image ami-…, snapshot snap-… and instance i-…` */
function things({ imageId, snapshotId, instanceId }: Exported): string {
  const named = [
    ...(imageId === undefined ? [] : [`image ${imageId}`]),
    ...(snapshotId === undefined ? [] : [`snapshot ${snapshotId}`]),
    ...(instanceId === undefined ? [] : [`instance ${instanceId}`]),
  ];
  return named.join(", ").replace(/, ([^,]*)$/, " and $1");
}
