import type * as pulumi from "@pulumi/pulumi";
import { checkDestinationSize } from "../checks/checks";
import type { ResolvedArgs } from "./findings";
import { lookUpInstance, lookUpUsers } from "../lookups/instances";
import { type Answer, lookUpVolume } from "../lookups/lookups";
import type { Problem } from "../checks/problems";
import { CONSISTENCY } from "../report/sourceTags";
import type { FoundSource } from "./source";
import type { Note } from "../together/candidate";

const PATH = "source.volumeId";

/** Finds a volume, and judges whether anything may write to it. */
export async function fromVolume(
  id: string,
  args: ResolvedArgs,
  parent: pulumi.Resource,
): Promise<Answer<FoundSource>> {
  const [volume, users] = await Promise.all([lookUpVolume(PATH, id, parent), lookUpUsers(PATH, id, parent)]);
  if (!volume.value || !users.value) return { problems: [...volume.problems, ...users.problems] };
  const { size, availabilityZone } = volume.value;
  const problems = [
    ...(users.value.length > 0 ? [await inUse(id, users.value[0], parent)] : []),
    ...checkDestinationSize(args.destination.sizeGb, size),
  ];
  if (problems.length > 0) return { problems };
  const source: FoundSource = {
    volumeId: id,
    sizeGb: size,
    architecture: args.source.architecture,
    consistency: CONSISTENCY.atRest,
    otherVolumes: [],
    availabilityZone,
    notes: [],
  };
  return { value: source, problems: [] };
}

async function inUse(id: string, instanceId: string, parent: pulumi.Resource): Promise<Problem> {
  const { value: instance } = await lookUpInstance(PATH, instanceId, parent);
  const isRoot = instance?.rootBlockDevices.some(({ volumeId }) => volumeId === id);
  const other = isRoot
    ? `Give source.instanceId: ${instanceId} instead, which can be stopped for the snapshot (source.stopFirst)`
    : "Detach it";
  return {
    path: PATH,
    reason: `is attached to ${instanceId}, which is ${instance?.instanceState ?? "not stopped"} and may write to it`,
    fix: `${other}, or stop the instance first.`,
  };
}

/** A snapshot knows no zone, and it is the snapshot that is copied. */
export function noteOnZone({ volumeId, availabilityZone }: FoundSource, helperZone: string): Note[] {
  if (availabilityZone === undefined || availabilityZone === helperZone) return [];
  const text = `${volumeId} lies in ${availabilityZone}, the helper in ${helperZone}: no obstacle, since a snapshot of it is what is copied.`;
  return [{ level: "info", text }];
}
