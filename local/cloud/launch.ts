import { zonesOf } from "./account";
import { Ec2Error } from "./errors";
import { requireAskedFor } from "./foreignDisks";
import type { BlockDeviceMapping, EbsMapping } from "./imageRules";
import type { ImageRecord } from "./images";
import {
  requireRootBlockDevice,
  requireStartable,
  requireUserData,
  type LaunchBlockDevice,
  type RootBlockDevice,
  type RunInstancesRequest,
} from "./instanceRules";
import type { InstanceAttributes, MetadataOptions } from "./instanceRecord";
import type { LaunchSurroundings } from "./instances";
import { isOfferedIn, type InstanceType } from "./instanceTypes";
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
  if (image.imageLocation !== undefined) await requireAskedFor(image.imageLocation, cloud.settings);
  const type = requireStartable(image, request.instanceType ?? "m1.small", request.cpuOptions);
  requireUserData(request.userData);
  requireValidTags(request.tags ?? {});
  const subnet = chooseSubnet(request.subnetId, request.availabilityZone, cloud.region);
  requireOffered(type, subnet.availabilityZone, cloud.region);
  const key = request.keyName === undefined ? undefined : await cloud.keyPairs.describe(request.keyName);
  for (const groupId of request.securityGroupIds ?? []) await cloud.securityGroups.describe(groupId);
  await requireRoot(request, image, cloud);
  await requireDevices(request, image, subnet, cloud);
  const attributes = await withDefaults(request.attributes, cloud);
  return { request: { ...request, attributes }, image, type, subnet, publicKey: key?.publicKey };
}

/** EC2's words for a type that its zone does not have. */
function requireOffered({ name }: InstanceType, zone: string, region: string): void {
  if (isOfferedIn(name, zone)) return;
  const others = zonesOf(region).filter((other) => isOfferedIn(name, other));
  throw new Ec2Error(
    "Unsupported",
    `Your requested instance type (${name}) is not supported in your requested Availability Zone (${zone}). ` +
      `Please retry your request by not specifying an Availability Zone or choosing ${others.join(", ")}.`,
  );
}

/** What the account has settled for all instances stands where the launch does not say. */
async function withDefaults(
  attributes: InstanceAttributes | undefined,
  { settings }: LaunchSurroundings,
): Promise<InstanceAttributes | undefined> {
  const { httpTokensEnforced, ...defaults } = (await settings.read()).metadata;
  const given = Object.entries(attributes?.metadataOptions ?? {}).filter(([, value]) => value !== undefined);
  const metadataOptions: MetadataOptions = { ...defaults, ...Object.fromEntries(given) };
  if (httpTokensEnforced === "enabled" && metadataOptions.httpTokens !== "required") {
    throw new Ec2Error(
      "UnsupportedOperation",
      "You can't launch instances with IMDSv1 because httpTokensEnforced is enabled for this account. Either launch the " +
        "instance with httpTokens=required or contact your account owner to disable httpTokensEnforced.",
    );
  }
  return attributes && { ...attributes, metadataOptions };
}

/** Volumes beside the root, as CreateVolume would judge them. */
async function requireDevices(
  request: RunInstancesRequest,
  image: ImageRecord,
  subnet: SubnetRecord,
  { volumes }: LaunchSurroundings,
): Promise<void> {
  for (const { ebs } of addedDevices(request, image)) await volumes.plan(addedVolume(ebs, subnet, request));
}

function requireAvailable({ imageId, isDisabled, ...image }: ImageRecord): void {
  const state = isDisabled ? "disabled" : image.state;
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
  const { blockDevices = [], volumeTags } = request;
  const isLeftOut = (name: string) =>
    blockDevices.some((device) => device.deviceName === name && device.isLeftOut);
  const ofImage = image.blockDeviceMappings.filter(isEbs).filter(({ deviceName }) => !isLeftOut(deviceName));
  return [
    ...ofImage.map(({ deviceName, ebs }) => {
      const isRoot = deviceName === image.rootDeviceName;
      const other = isRoot
        ? request.rootBlockDevice
        : blockDevices.find((device) => device.deviceName === deviceName)?.ebs;
      const said = { tags: volumeTags, ...other };
      return {
        deviceName,
        deleteOnTermination: said.deleteOnTermination ?? ebs.deleteOnTermination,
        request: volumeRequest(ebs, said, subnet.availabilityZone),
      };
    }),
    ...addedDevices(request, image).map(({ deviceName, ebs }) => ({
      deviceName,
      deleteOnTermination: ebs.deleteOnTermination ?? true,
      request: addedVolume(ebs, subnet, request),
    })),
  ];
}

type AddedDevice = LaunchBlockDevice & Required<Pick<LaunchBlockDevice, "ebs">>;

/** Those that the image does not have. */
function addedDevices({ blockDevices = [] }: RunInstancesRequest, image: ImageRecord): AddedDevice[] {
  const names = image.blockDeviceMappings.map(({ deviceName }) => deviceName);
  return blockDevices.filter(
    (device): device is AddedDevice => device.ebs !== undefined && !names.includes(device.deviceName),
  );
}

function addedVolume(
  { volumeSizeGb, deleteOnTermination: _, ...ebs }: AddedDevice["ebs"],
  { availabilityZone }: SubnetRecord,
  { volumeTags }: RunInstancesRequest,
): VolumeRequest {
  return { tags: volumeTags, ...ebs, sizeGb: volumeSizeGb, availabilityZone };
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
