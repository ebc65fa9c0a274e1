import { Ec2Error } from "./errors";
import type { BlockDeviceMapping, EbsMapping } from "./imageRules";
import type { ImageRecord } from "./images";
import {
  requireRootBlockDevice,
  requireStartable,
  requireUserData,
  type RootBlockDevice,
  type RunInstancesRequest,
} from "./instanceRules";
import type { LaunchSurroundings } from "./instances";
import type { InstanceType } from "./instanceTypes";
import { chooseSubnet, type SubnetRecord } from "./network";
import { requireValidTags } from "./tags";
import type { VolumeRequest } from "./volumeRules";
import type { Volumes } from "./volumes";
import { waitForState } from "./waiting";

/** A launch that nothing stands in the way of: everything it names has been found. */
export interface Launch {
  request: RunInstancesRequest;
  image: ImageRecord;
  type: InstanceType;
  subnet: SubnetRecord;
  publicKey?: string;
}

/** Looks up what a request names and refuses what RunInstances refuses. Writes nothing. */
export async function planLaunch(request: RunInstancesRequest, cloud: LaunchSurroundings): Promise<Launch> {
  const image = await cloud.images.describe(request.imageId);
  requireAvailable(image);
  const type = requireStartable(image, request.instanceType ?? "m1.small", request.cpuOptions);
  requireUserData(request.userData);
  requireValidTags(request.tags ?? {});
  const subnet = chooseSubnet(request.subnetId, request.availabilityZone);
  const key = request.keyName === undefined ? undefined : await cloud.keyPairs.describe(request.keyName);
  for (const groupId of request.securityGroupIds ?? []) await cloud.securityGroups.describe(groupId);
  await requireRoot(request, image, cloud);
  return { request, image, type, subnet, publicKey: key?.publicKey };
}

function requireAvailable({ imageId, state }: ImageRecord): void {
  if (state === "available") return;
  throw new Ec2Error(
    "InvalidAMIID.Unavailable",
    `The image ID '${imageId}' is not available. It is '${state}'`,
  );
}

async function requireRoot(
  request: RunInstancesRequest,
  image: ImageRecord,
  cloud: LaunchSurroundings,
): Promise<void> {
  const root = image.blockDeviceMappings.find((mapping) => mapping.deviceName === image.rootDeviceName);
  if (!root?.ebs?.snapshotId) return;
  requireRootBlockDevice(
    root,
    request.rootBlockDevice ?? {},
    await cloud.snapshots.describe(root.ebs.snapshotId),
  );
}

/** A volume that an instance is launched with. */
export interface LaunchVolume {
  deviceName: string;
  deleteOnTermination: boolean;
  request: VolumeRequest;
}

/** The volumes of an image's mapping, and over them what the launch says otherwise of the root volume. */
export function planLaunchVolumes({ request, image, subnet }: Launch): LaunchVolume[] {
  return image.blockDeviceMappings.filter(isEbs).map(({ deviceName, ebs }) => {
    const root = deviceName === image.rootDeviceName ? (request.rootBlockDevice ?? {}) : {};
    return {
      deviceName,
      deleteOnTermination: root.deleteOnTermination ?? ebs.deleteOnTermination,
      request: volumeRequest(ebs, root, subnet.availabilityZone),
    };
  });
}

/** Makes those of an instance's volumes that it does not have yet, and waits until all have their bytes. */
export async function makeLaunchVolumes(
  instanceId: string,
  planned: LaunchVolume[],
  volumes: Volumes,
  everyMs: number,
): Promise<void> {
  const attached = await volumes.attachedTo(instanceId);
  const idOf = (name: string) => attached.find(({ attachment }) => attachment.deviceName === name)?.volumeId;
  await Promise.all(
    planned.map(async ({ deviceName, deleteOnTermination, request }) => {
      const volumeId =
        idOf(deviceName) ??
        (await volumes.create(request, { instanceId, deviceName, deleteOnTermination })).volumeId;
      await waitUntilFilled(volumes, volumeId, everyMs);
    }),
  );
}

function isEbs(mapping: BlockDeviceMapping): mapping is BlockDeviceMapping & { ebs: EbsMapping } {
  return mapping.ebs !== undefined;
}

/** The image's mapping, and over it what the launch says otherwise. Rates belong to a type and go with it. */
function volumeRequest(ebs: EbsMapping, root: RootBlockDevice, availabilityZone: string): VolumeRequest {
  const rates: Partial<EbsMapping> = root.volumeType === undefined ? ebs : {};
  return {
    availabilityZone,
    snapshotId: ebs.snapshotId,
    sizeGb: root.volumeSizeGb ?? ebs.volumeSizeGb,
    volumeType: root.volumeType ?? ebs.volumeType,
    iops: root.iops ?? rates.iops,
    throughput: root.throughput ?? rates.throughput,
    encrypted: root.encrypted ?? ebs.encrypted,
    kmsKeyId: root.kmsKeyId,
    tags: root.tags,
  };
}

function waitUntilFilled(volumes: Volumes, volumeId: string, everyMs: number): Promise<void> {
  return waitForState({
    what: `EBS Volume (${volumeId}) create`,
    state: async () => (await volumes.describe(volumeId)).state,
    reason: async () => (await volumes.describe(volumeId)).stateMessage,
    pending: ["creating"],
    target: "in-use",
    timeoutSeconds: 3600,
    everyMs,
  });
}
