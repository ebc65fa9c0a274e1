import type * as pulumi from "@pulumi/pulumi";
import type { GetInstanceResult } from "@pulumi/aws/ec2/getInstance";
import { checkDestinationSize, FREE_CODE_NAMES } from "../checks/checks";
import { checkSourceInstance, GROUP_TAG, type InstanceFacts, isEnded } from "../checks/instanceChecks";
import { Architecture } from "../enums";
import type { ResolvedArgs } from "./findings";
import { notesOn } from "./instanceNotes";
import { lookUpInstance, passesFilter } from "../lookups/instances";
import type { Answer } from "../lookups/lookups";
import type { Problem } from "../checks/problems";
import type { OtherVolume } from "../report/reportedSource";
import { CONSISTENCY } from "../report/sourceTags";
import type { FoundSource } from "./source";

/** The argument that names it. */
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
  const root = await rootOf(id, found.value, parent);
  const problems = [
    ...checkSourceInstance(factsOf(id, found.value, kind.value, root), args.source),
    ...(root ? checkDestinationSize(args.destination.sizeGb, root.volumeSize) : []),
  ];
  if (!root || problems.length > 0) return { problems };
  const otherVolumes = volumesBeside(found.value, root);
  const source: FoundSource = {
    volumeId: root.volumeId,
    sizeGb: root.volumeSize,
    architecture: kind.value.isI386 ? Architecture.I386 : Architecture.X86_64,
    rootDeviceName: root.deviceName,
    consistency: consistencyOf(args, found.value.instanceState),
    otherVolumes,
    notes: await notesOn(found.value, args, otherVolumes, parent),
  };
  return { value: source, problems: [] };
}

/** What is known of an instance by filters alone. */
interface Kind extends Pick<
  InstanceFacts,
  "isParavirtual" | "isEbsBacked" | "licences" | "productCode" | "isAutoScaled"
> {
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
    passes({ "product-code": FREE_CODE_NAMES }),
    // Of an instance's tags pulumi-aws shows none that begin with `aws:`.
    passes({ "tag-key": [GROUP_TAG] }),
  ]);
  const problems = answers.flatMap((answer): Problem[] => answer.problems);
  if (problems.length > 0) return { problems: problems.slice(0, 1) };
  const [isParavirtual, isEbsBacked, isI386, isLinux, isPlain, hasCode, isFree, isAutoScaled] = answers.map(
    ({ value }) => value === true,
  );
  const licences = [
    ...(isLinux ? [] : ["platform other than Linux/UNIX"]),
    ...(isPlain ? [] : ["usage operation other than RunInstances"]),
  ];
  const productCode = hasCode ? (isFree ? "free" : "other") : undefined;
  return {
    value: { isParavirtual, isEbsBacked, isI386, isAutoScaled, licences, productCode },
    problems: [],
  };
}

/** A volume as an instance has it. */
type Attached = Pick<GetInstanceResult["ebsBlockDevices"][number], "deviceName" | "volumeId" | "volumeSize">;

/**
 * The root volume. pulumi-aws takes for it what is attached by the root device's very name. Old images name `/dev/sda1` for
 * their root and map `/dev/sda`; what an instance's root device is called EC2 tells by a filter.
 */
async function rootOf(
  id: string,
  { rootBlockDevices, ebsBlockDevices }: GetInstanceResult,
  parent: pulumi.Resource,
): Promise<Attached | undefined> {
  if (rootBlockDevices.length > 0) return rootBlockDevices[0];
  for (const device of ebsBlockDevices) {
    const names = { "root-device-name": [`${device.deviceName}1`] };
    if ((await passesFilter(PATH, id, names, parent)).value) return device;
  }
  return undefined;
}

function factsOf(
  id: string,
  instance: GetInstanceResult,
  kind: Kind,
  root: Attached | undefined,
): InstanceFacts {
  return {
    id,
    state: instance.instanceState,
    imageId: instance.ami,
    ...kind,
    rootVolumeId: root?.volumeId,
    isStopProtected: instance.disableApiStop,
  };
}

function volumesBeside({ ebsBlockDevices }: GetInstanceResult, root: Attached): OtherVolume[] {
  return ebsBlockDevices
    .filter(({ volumeId }) => volumeId !== root.volumeId)
    .map(({ deviceName, volumeId, volumeSize }) => ({ deviceName, volumeId, sizeGb: volumeSize }))
    .sort((a, b) => (a.deviceName < b.deviceName ? -1 : 1));
}

function consistencyOf({ source: { stopFirst } }: ResolvedArgs, state: string): string {
  return stopFirst || state === "stopped" ? CONSISTENCY.atRest : CONSISTENCY.running;
}
