/** RunInstances' parameters, in the local cloud's words. */
import type * as ec2 from "@aws-sdk/client-ec2";
import { Ec2Error } from "../../cloud/errors";
import type { LaunchBlockDevice, RootBlockDevice, RunInstancesRequest } from "../../cloud/instanceRules";
import type { Context } from "../action";
import { tagsFor } from "../values";

const DEVICES = ["SnapshotId", "VolumeSize", "VolumeType", "Iops", "Throughput", "DeleteOnTermination"];

/** What of RunInstances the local cloud has. */
export const LAUNCH_PARAMETERS = [
  ...[
    "ImageId",
    "InstanceType",
    "MinCount",
    "MaxCount",
    "KeyName",
    "UserData",
    "SubnetId",
    "SecurityGroupIds",
  ],
  ...["BlockDeviceMappings.DeviceName", "BlockDeviceMappings.NoDevice", "BlockDeviceMappings.VirtualName"],
  ...[...DEVICES, "Encrypted", "KmsKeyId"].map((name) => `BlockDeviceMappings.Ebs.${name}`),
  ...["AssociatePublicIpAddress", "DeviceIndex", "Groups", "SubnetId", "DeleteOnTermination"].map(
    (name) => `NetworkInterfaces.${name}`,
  ),
  ...["CpuOptions.CoreCount", "CpuOptions.ThreadsPerCore", "CpuOptions.NestedVirtualization"],
  ...["Placement.AvailabilityZone", "Placement.Tenancy", "MetadataOptions", "Monitoring", "EbsOptimized"],
  ...["CreditSpecification", "DisableApiTermination", "DisableApiStop", "InstanceInitiatedShutdownBehavior"],
  ...["HibernationOptions", "MaintenanceOptions.AutoRecovery", "IamInstanceProfile", "TagSpecifications"],
];

/** @throws Ec2Error for what can be told of the parameters alone, and of the image that they name. */
export async function launchRequest(
  { cloud }: Context,
  input: ec2.RunInstancesRequest,
): Promise<RunInstancesRequest> {
  const tags = tagsFor(input.TagSpecifications, "instance", "volume", "network-interface");
  const network = networkOf(input);
  const image = await cloud.images.describe(input.ImageId ?? "");
  const devices = (input.BlockDeviceMappings ?? []).map(device);
  const isRoot = ({ deviceName }: LaunchBlockDevice) => deviceName === image.rootDeviceName;
  const root = devices.find(isRoot);
  return {
    imageId: image.imageId,
    instanceType: input.InstanceType || undefined,
    availabilityZone: input.Placement?.AvailabilityZone || undefined,
    ...network,
    keyName: input.KeyName || undefined,
    userData: input.UserData === undefined ? undefined : Buffer.from(input.UserData, "base64").toString(),
    cpuOptions: cpuOptionsOf(input),
    rootBlockDevice: { ...root?.ebs, tags: tags.volume },
    blockDevices: devices.filter((each) => !isRoot(each)),
    volumeTags: tags.volume,
    disableApiTermination: input.DisableApiTermination,
    attributes: attributesOf(input),
    tags: tags.instance,
  };
}

type Network = Pick<RunInstancesRequest, "subnetId" | "securityGroupIds" | "associatePublicIpAddress">;

/** By the request, or by its one network interface; never by both. */
function networkOf(input: ec2.RunInstancesRequest): Network {
  const [card, second] = input.NetworkInterfaces ?? [];
  if (!card) return { subnetId: input.SubnetId || undefined, securityGroupIds: input.SecurityGroupIds };
  if (second) {
    throw new Ec2Error(
      "Unsupported",
      "The local cloud gives an instance one network interface. Leave NetworkInterface.2 out, or run against EC2.",
    );
  }
  if (input.SubnetId || input.SecurityGroupIds) {
    throw new Ec2Error(
      "InvalidParameterCombination",
      "Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request",
    );
  }
  return {
    subnetId: card.SubnetId || undefined,
    securityGroupIds: card.Groups,
    associatePublicIpAddress: card.AssociatePublicIpAddress,
  };
}

function cpuOptionsOf({ CpuOptions: options }: ec2.RunInstancesRequest): RunInstancesRequest["cpuOptions"] {
  if (!options) return undefined;
  return {
    coreCount: options.CoreCount,
    threadsPerCore: options.ThreadsPerCore,
    nestedVirtualization: options.NestedVirtualization,
  };
}

function device({ DeviceName = "", NoDevice, VirtualName, Ebs }: ec2.BlockDeviceMapping): LaunchBlockDevice {
  if (!Ebs) return { deviceName: DeviceName, isLeftOut: NoDevice !== undefined, virtualName: VirtualName };
  const ebs: RootBlockDevice & { snapshotId?: string } = {
    snapshotId: Ebs.SnapshotId || undefined,
    volumeSizeGb: Ebs.VolumeSize,
    volumeType: Ebs.VolumeType,
    iops: Ebs.Iops,
    throughput: Ebs.Throughput,
    encrypted: Ebs.Encrypted,
    kmsKeyId: Ebs.KmsKeyId || undefined,
    deleteOnTermination: Ebs.DeleteOnTermination,
  };
  return { deviceName: DeviceName, ebs };
}

function attributesOf(input: ec2.RunInstancesRequest): RunInstancesRequest["attributes"] {
  const { MetadataOptions: options } = input;
  if (input.HibernationOptions?.Configured === true) {
    throw new Ec2Error(
      "UnsupportedHibernationConfiguration",
      "The local cloud hibernates no instance. Leave HibernationOptions.Configured out, or run against EC2.",
    );
  }
  return {
    disableApiStop: input.DisableApiStop,
    shutdownBehavior: input.InstanceInitiatedShutdownBehavior,
    ebsOptimized: input.EbsOptimized,
    monitoring: input.Monitoring?.Enabled,
    cpuCredits: input.CreditSpecification?.CpuCredits,
    tenancy: input.Placement?.Tenancy,
    autoRecovery: input.MaintenanceOptions?.AutoRecovery,
    iamInstanceProfile: input.IamInstanceProfile?.Arn ?? input.IamInstanceProfile?.Name,
    clientToken: input.ClientToken,
    metadataOptions: options && {
      httpTokens: options.HttpTokens,
      httpPutResponseHopLimit: options.HttpPutResponseHopLimit,
      httpEndpoint: options.HttpEndpoint,
      httpProtocolIpv6: options.HttpProtocolIpv6,
      instanceMetadataTags: options.InstanceMetadataTags,
    },
  };
}
