import type * as pulumi from "@pulumi/pulumi";
import type { GetInstanceResult } from "@pulumi/aws/ec2/getInstance";
import { checkDestinationSize } from "../checks/checks";
import { checkSourceInstance, GROUP_TAG, type InstanceFacts, isEnded } from "../checks/instanceChecks";
import { Architecture } from "../enums";
import type { ResolvedArgs } from "./findings";
import { lookUpInstance, passesFilter } from "./instances";
import { type Answer, lookUpType } from "./lookups";
import type { Problem } from "../checks/problems";
import type { OtherVolume } from "../report/reportedSource";
import { CONSISTENCY } from "../report/sourceTags";
import type { FoundSource } from "./source";
import type { Note } from "../together/candidate";

const PATH = "source.instanceId";

/** Finds the root volume of an instance, and judges the instance. */
export async function fromInstance(
  id: string,
  args: ResolvedArgs,
  parent: pulumi.Resource,
): Promise<Answer<FoundSource>> {
  const found = await lookUpInstance(PATH, id, parent);
  if (!found.value) return found;
  // Of one that has ended its filters tell nothing for long.
  const kind = isEnded(found.value.instanceState)
    ? { value: ENDED, problems: [] }
    : await askKind(id, parent);
  if (!kind.value) return { problems: kind.problems };
  const [root] = found.value.rootBlockDevices;
  const problems = [
    ...checkSourceInstance(factsOf(id, found.value, kind.value), args.source),
    ...(root ? checkDestinationSize(args.destination.sizeGb, root.volumeSize) : []),
  ];
  if (problems.length > 0) return { problems };
  const otherVolumes = volumesBeside(found.value);
  const source: FoundSource = {
    volumeId: root.volumeId,
    sizeGb: root.volumeSize,
    architecture: kind.value.isI386 ? Architecture.I386 : Architecture.X86_64,
    rootDeviceName: root.deviceName,
    consistency: consistencyOf(args, found.value.instanceState),
    otherVolumes,
    notes: await notesOn(id, args, found.value, otherVolumes, parent),
  };
  return { value: source, problems: [] };
}

/** What is known of an instance by filters alone. */
interface Kind extends Pick<InstanceFacts, "isParavirtual" | "isEbsBacked" | "licences" | "isAutoScaled"> {
  isI386: boolean;
}

const ENDED: Kind = {
  isParavirtual: true,
  isEbsBacked: true,
  isI386: false,
  isAutoScaled: false,
  licences: [],
};

async function askKind(id: string, parent: pulumi.Resource): Promise<Answer<Kind>> {
  const passes = (filter: { [name: string]: string[] }) => passesFilter(PATH, id, filter, parent);
  const answers = await Promise.all([
    passes({ "virtualization-type": ["paravirtual"] }),
    passes({ "root-device-type": ["ebs"] }),
    passes({ architecture: [Architecture.I386] }),
    passes({ "platform-details": ["Linux/UNIX"] }),
    passes({ "usage-operation": ["RunInstances"] }),
    passes({ "product-code.type": ["devpay", "marketplace"] }),
    // Of an instance's tags pulumi-aws shows none that begin with `aws:`.
    passes({ "tag-key": [GROUP_TAG] }),
  ]);
  const problems = answers.flatMap((answer): Problem[] => answer.problems);
  if (problems.length > 0) return { problems: problems.slice(0, 1) };
  const [isParavirtual, isEbsBacked, isI386, isLinux, isPlain, hasCode, isAutoScaled] = answers.map(
    ({ value }) => value === true,
  );
  const licences = [
    ...(isLinux ? [] : ["platform other than Linux/UNIX"]),
    ...(isPlain ? [] : ["usage operation other than RunInstances"]),
    ...(hasCode ? ["product code"] : []),
  ];
  return { value: { isParavirtual, isEbsBacked, isI386, isAutoScaled, licences }, problems: [] };
}

function factsOf(id: string, instance: GetInstanceResult, kind: Kind): InstanceFacts {
  return {
    id,
    state: instance.instanceState,
    imageId: instance.ami,
    ...kind,
    rootVolumeId: instance.rootBlockDevices[0]?.volumeId,
    isStopProtected: instance.disableApiStop,
  };
}

function volumesBeside({ ebsBlockDevices }: GetInstanceResult): OtherVolume[] {
  return ebsBlockDevices
    .map(({ deviceName, volumeId, volumeSize }) => ({ deviceName, volumeId, sizeGb: volumeSize }))
    .sort((a, b) => (a.deviceName < b.deviceName ? -1 : 1));
}

function consistencyOf({ source: { stopFirst } }: ResolvedArgs, state: string): string {
  return stopFirst || state === "stopped" ? CONSISTENCY.atRest : CONSISTENCY.running;
}

async function notesOn(
  id: string,
  args: ResolvedArgs,
  { instanceState, instanceType }: GetInstanceResult,
  otherVolumes: OtherVolume[],
  parent: pulumi.Resource,
): Promise<Note[]> {
  const notes = otherVolumes.length > 0 ? [noteOnVolumes(id, otherVolumes)] : [];
  if (args.isDryPreparation) return notes;
  return [
    ...notes,
    ...(args.source.stopFirst
      ? [noteOnStop(id), ...(await noteOnStore(id, instanceType, parent))]
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

/** EC2 does not say of an instance which of its type's instance store volumes it has. */
async function noteOnStore(id: string, instanceType: string, parent: pulumi.Resource): Promise<Note[]> {
  const { value: type } = await lookUpType(PATH, instanceType, parent);
  if (!type?.instanceStorageSupported) return [];
  const text = `${id} is a ${instanceType}, which has instance store volumes (${type.totalInstanceStorage} GB): what is on them is lost when it stops.`;
  return [{ level: "warn", text }];
}
