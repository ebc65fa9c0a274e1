import type {
  ArchitectureValues,
  BlockDeviceMapping,
  BootModeValues,
  ImdsSupportValues,
  RegisterImageRequest,
  TpmSupportValues,
  VolumeType,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { flag, number, objects, requiredText, text } from "./values";

/** RegisterImage's parameters as pulumi-aws sends them: some are there though they are empty. */
export function registration(inputs: Properties): RegisterImageRequest {
  return {
    Architecture: text(inputs, "architecture") as ArchitectureValues,
    BlockDeviceMappings: [
      ...objects(inputs, "ebsBlockDevices").map(ebsMapping),
      ...objects(inputs, "ephemeralBlockDevices").map((device) => ({
        DeviceName: requiredText(device, "deviceName"),
        VirtualName: requiredText(device, "virtualName"),
      })),
    ],
    BootMode: (text(inputs, "bootMode") || undefined) as BootModeValues | undefined,
    Description: text(inputs, "description") ?? "",
    EnaSupport: flag(inputs, "enaSupport") ?? false,
    ImageLocation: "",
    ImdsSupport: (text(inputs, "imdsSupport") || undefined) as ImdsSupportValues | undefined,
    KernelId: text(inputs, "kernelId") || undefined,
    Name: requiredText(inputs, "name"),
    RamdiskId: text(inputs, "ramdiskId") || undefined,
    RootDeviceName: text(inputs, "rootDeviceName") ?? "",
    // An empty string is pulumi-aws's way of saying none over its default.
    SriovNetSupport: text(inputs, "sriovNetSupport") ?? "",
    TpmSupport: (text(inputs, "tpmSupport") || undefined) as TpmSupportValues | undefined,
    VirtualizationType: text(inputs, "virtualizationType"),
  };
}

/** `standard` where no type is given: pulumi-aws's default. */
function ebsMapping(device: Properties): BlockDeviceMapping {
  const snapshotId = text(device, "snapshotId") || undefined;
  return {
    DeviceName: requiredText(device, "deviceName"),
    Ebs: {
      DeleteOnTermination: flag(device, "deleteOnTermination") ?? true,
      // Of a snapshot nothing may be said, not even false.
      Encrypted: snapshotId === undefined ? (flag(device, "encrypted") ?? false) : undefined,
      Iops: number(device, "iops") || undefined,
      SnapshotId: snapshotId,
      Throughput: number(device, "throughput") || undefined,
      VolumeSize: number(device, "volumeSize") || undefined,
      VolumeType: (text(device, "volumeType") ?? "standard") as VolumeType,
    },
  };
}
