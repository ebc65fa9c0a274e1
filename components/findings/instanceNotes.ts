import type * as pulumi from "@pulumi/pulumi";
import type { GetInstanceResult } from "@pulumi/aws/ec2/getInstance";
import type { ResolvedArgs } from "./findings";
import { lookUpType } from "../lookups/lookups";
import type { OtherVolume } from "../report/reportedSource";
import type { Note } from "../together/candidate";

/** What is worth saying of an instance before its snapshot is taken. */
export async function notesOn(
  { id, availabilityZone, instanceState, instanceType }: GetInstanceResult,
  args: ResolvedArgs,
  otherVolumes: OtherVolume[],
  parent: pulumi.Resource,
): Promise<Note[]> {
  const notes = otherVolumes.length > 0 ? [noteOnVolumes(id, otherVolumes)] : [];
  if (args.isDryPreparation) return notes;
  return [
    ...notes,
    ...(args.source.stopFirst
      ? [noteOnStop(id), ...(await notesOnType(id, { instanceType, availabilityZone }, parent))]
      : noteOnConsistency(id, instanceState)),
  ];
}

function noteOnVolumes(id: string, volumes: OtherVolume[]): Note {
  const names = volumes.map(
    ({ deviceName, volumeId, sizeGb }) => `${deviceName} ${volumeId} (${sizeGb} GiB)`,
  );
  return {
    level: "info",
    text: `${id} has volumes beside its root volume, which are not migrated: ${names.join(", ")}.`,
  };
}

function noteOnStop(id: string): Note {
  const text =
    `${id} is stopped for its snapshot, and started again when that is complete. Where the snapshot fails it stays ` +
    `stopped: pulumi up goes on from there and starts it. aws ec2 start-instances --instance-ids ${id} does it at once; ` +
    "then set a new revision, which stops it once more.";
  return { level: "info", text };
}

function noteOnConsistency(id: string, state: string): Note[] {
  if (state === "stopped") return [];
  const text =
    `${id} is ${state}: its snapshot is crash-consistent, and holds what a power failure would have left. ` +
    "source.stopFirst stops it for the snapshot.";
  return [{ level: "info", text }];
}

/** What a stop brings with it for an instance of that type. */
async function notesOnType(
  id: string,
  { instanceType, availabilityZone }: Pick<GetInstanceResult, "instanceType" | "availabilityZone">,
  parent: pulumi.Resource,
): Promise<Note[]> {
  const { value: type } = await lookUpType("source.instanceId", instanceType, parent);
  // EC2 does not say of an instance which of its type's instance store volumes it has.
  const store = `${id} is a ${instanceType}, which has instance store volumes (${type?.totalInstanceStorage} GB): what is on them is lost when it stops.`;
  const generation =
    `${id} is a ${instanceType}, a type of a previous generation: once it is stopped, EC2 may have no such machine free to start ` +
    "it on again (InsufficientInstanceCapacity). A capacity reservation that is there before keeps one: " +
    `aws ec2 create-capacity-reservation --instance-type ${instanceType} --instance-platform Linux/UNIX ` +
    `--availability-zone ${availabilityZone} --instance-count 1 (cancel it afterwards: it is billed). Without source.stopFirst ` +
    "nothing is stopped, and the snapshot is crash-consistent.";
  return [
    ...(type?.instanceStorageSupported ? [{ level: "warn", text: store } as const] : []),
    ...(type?.currentGeneration === false ? [{ level: "warn", text: generation } as const] : []),
  ];
}
