/** An instance's disks, as pulumi-aws shows them. */
import type { Instance, InstanceBlockDeviceMapping, Volume } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { tagOutputs } from "./tagging";
import { without } from "./values";

/** The volume of an instance's root device. */
export function rootVolumeIdOf(instance: Instance): string | undefined {
  return instance.BlockDeviceMappings?.find((mapping) => isRoot(mapping, instance))?.Ebs?.VolumeId;
}

export function volumeIdsOf({ BlockDeviceMappings = [] }: Instance): string[] {
  return BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId).filter((id) => id !== undefined);
}

/** The root apart from the others, of which the snapshot is shown as well. */
export function blockDevicesOf(
  instance: Instance,
  volumes: Volume[],
): { root?: Properties; others: Properties[] } {
  const described = (instance.BlockDeviceMappings ?? []).map((mapping) => ({
    isRoot: isRoot(mapping, instance),
    device: describe(
      mapping,
      volumes.find(({ VolumeId }) => VolumeId === mapping.Ebs?.VolumeId),
    ),
  }));
  const root = described.find(({ isRoot }) => isRoot)?.device;
  return {
    root: root && without(root, ["snapshotId"]),
    others: described.filter(({ isRoot }) => !isRoot).map(({ device }) => device),
  };
}

function isRoot({ DeviceName }: InstanceBlockDeviceMapping, { RootDeviceName }: Instance): boolean {
  return DeviceName === RootDeviceName;
}

function describe({ DeviceName, Ebs }: InstanceBlockDeviceMapping, volume: Volume = {}): Properties {
  return {
    deleteOnTermination: Ebs?.DeleteOnTermination ?? false,
    deviceName: DeviceName ?? "",
    encrypted: volume.Encrypted ?? false,
    iops: volume.Iops ?? 0,
    kmsKeyId: volume.KmsKeyId ?? "",
    snapshotId: volume.SnapshotId ?? "",
    throughput: volume.Throughput ?? 0,
    volumeId: Ebs?.VolumeId ?? "",
    volumeSize: volume.Size ?? 0,
    volumeType: volume.VolumeType ?? "",
    ...tagOutputs(volume.Tags),
  };
}
