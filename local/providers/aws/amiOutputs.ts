/** What pulumi-aws shows of an image. */
import type { BlockDeviceMapping, Image } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";

/** What the resource and the look-up show alike. */
export async function describeImage(client: Client, image: Image): Promise<Properties> {
  return {
    arn: await client.arn(`image/${image.ImageId}`),
    architecture: image.Architecture ?? "",
    bootMode: image.BootMode ?? "",
    deprecationTime: image.DeprecationTime ?? "",
    description: image.Description ?? "",
    enaSupport: image.EnaSupport ?? false,
    hypervisor: image.Hypervisor ?? "",
    imageLocation: image.ImageLocation ?? "",
    imageOwnerAlias: image.ImageOwnerAlias ?? "",
    imageType: image.ImageType ?? "",
    imdsSupport: image.ImdsSupport ?? "",
    kernelId: image.KernelId ?? "",
    lastLaunchedTime: image.LastLaunchedTime ?? "",
    name: image.Name ?? "",
    ownerId: image.OwnerId ?? "",
    platform: image.Platform ?? "",
    platformDetails: image.PlatformDetails ?? "",
    public: image.Public ?? false,
    ramdiskId: image.RamdiskId ?? "",
    rootDeviceName: image.RootDeviceName ?? "",
    rootSnapshotId: rootSnapshotOf(image),
    sriovNetSupport: image.SriovNetSupport ?? "",
    tpmSupport: image.TpmSupport ?? "",
    usageOperation: image.UsageOperation ?? "",
    virtualizationType: image.VirtualizationType ?? "",
  };
}

/** The snapshot behind an image's root device. */
function rootSnapshotOf({ BlockDeviceMappings = [], RootDeviceName }: Image): string {
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName);
  return root?.Ebs?.SnapshotId ?? "";
}

export function ebsDevices({ BlockDeviceMappings = [] }: Image): Properties[] {
  return BlockDeviceMappings.filter(({ Ebs }) => Ebs).map(describeEbs);
}

export function ephemeralDevices({ BlockDeviceMappings = [] }: Image): Properties[] {
  return BlockDeviceMappings.filter(({ VirtualName }) => VirtualName).map(({ DeviceName, VirtualName }) => ({
    deviceName: DeviceName,
    virtualName: VirtualName,
  }));
}

function describeEbs({ DeviceName, Ebs }: BlockDeviceMapping): Properties {
  return {
    deviceName: DeviceName,
    deleteOnTermination: Ebs?.DeleteOnTermination ?? false,
    encrypted: Ebs?.Encrypted ?? false,
    iops: Ebs?.Iops ?? 0,
    outpostArn: Ebs?.OutpostArn ?? "",
    snapshotId: Ebs?.SnapshotId ?? "",
    throughput: Ebs?.Throughput ?? 0,
    volumeSize: Ebs?.VolumeSize,
    volumeType: Ebs?.VolumeType,
  };
}

/** `ebs` is a map of strings in the look-up, numbers and flags included; an absent one is empty. */
export function describeMapping({ DeviceName, VirtualName, NoDevice, Ebs }: BlockDeviceMapping): Properties {
  const strings = Ebs && {
    delete_on_termination: String(Ebs.DeleteOnTermination ?? false),
    encrypted: String(Ebs.Encrypted ?? false),
    iops: String(Ebs.Iops ?? 0),
    snapshot_id: Ebs.SnapshotId ?? "",
    throughput: String(Ebs.Throughput ?? 0),
    volume_initialization_rate: String(Ebs.VolumeInitializationRate ?? 0),
    volume_size: String(Ebs.VolumeSize ?? 0),
    volume_type: Ebs.VolumeType ?? "",
  };
  return {
    deviceName: DeviceName,
    ebs: strings ?? {},
    noDevice: NoDevice ?? "",
    virtualName: VirtualName ?? "",
  };
}
