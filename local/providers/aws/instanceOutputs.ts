/** What pulumi-aws shows of an instance. */
import type { Instance, InstanceMetadataOptionsResponse } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { blockDevicesOf } from "./blockDevices";
import type { Client } from "./client";
import type { ReadInstance } from "./instanceReading";
import { tagOutputs } from "./tagging";

/** aws:ec2/instance:Instance. What pulumi-aws takes over from the state, since EC2 is not asked for it, is `recorded`. */
export async function describeInstanceResource(
  client: Client,
  read: ReadInstance,
  recorded: Properties,
): Promise<Properties> {
  const { instance, volumes } = read;
  const { root, others } = blockDevicesOf(instance, volumes);
  const metadata = metadataOptions(instance.MetadataOptions);
  return {
    ...(await describeAlike(client, read)),
    ...(instance.CpuOptions && { cpuOptions: cpuOptions(instance) }),
    ...(read.cpuCredits && { creditSpecification: { cpuCredits: read.cpuCredits } }),
    ebsBlockDevices: others,
    ephemeralBlockDevices: [],
    forceDestroy: recorded.forceDestroy ?? false,
    getPasswordData: false,
    hibernation: instance.HibernationOptions?.Configured ?? false,
    instanceInitiatedShutdownBehavior: read.shutdownBehavior ?? "",
    instanceLifecycle: instance.InstanceLifecycle ?? "",
    ipv6AddressCount: 0,
    ...(instance.MaintenanceOptions && {
      maintenanceOptions: { autoRecovery: instance.MaintenanceOptions.AutoRecovery },
    }),
    ...(metadata && { metadataOptions: metadata }),
    networkInterfaces: [],
    passwordData: "",
    primaryNetworkInterfaceId: primaryInterface(instance)?.NetworkInterfaceId ?? "",
    ...(root && { rootBlockDevice: root }),
    spotInstanceRequestId: instance.SpotInstanceRequestId ?? "",
    ...userDataOutputs(read, recorded),
    userDataReplaceOnChange: recorded.userDataReplaceOnChange ?? false,
    ...tagOutputs(instance.Tags),
  };
}

/** What the resource and the look-up show alike. */
export async function describeAlike(client: Client, read: ReadInstance): Promise<Properties> {
  const { instance } = read;
  const networkInterface = primaryInterface(instance);
  const groups = instance.SecurityGroups ?? [];
  return {
    ami: instance.ImageId,
    arn: await client.arn(`instance/${instance.InstanceId}`),
    associatePublicIpAddress: hasPublicAddress(instance),
    ...placement(instance),
    disableApiStop: read.disableApiStop,
    disableApiTermination: read.disableApiTermination,
    ebsOptimized: instance.EbsOptimized ?? false,
    iamInstanceProfile: instance.IamInstanceProfile?.Arn?.split("/").pop() ?? "",
    instanceState: instance.State?.Name,
    instanceType: instance.InstanceType,
    ipv6Addresses: [],
    keyName: instance.KeyName ?? "",
    monitoring: ["enabled", "pending"].includes(instance.Monitoring?.State ?? ""),
    outpostArn: instance.OutpostArn ?? "",
    privateDns: instance.PrivateDnsName ?? "",
    privateIp: instance.PrivateIpAddress ?? "",
    publicDns: instance.PublicDnsName ?? "",
    publicIp: instance.PublicIpAddress ?? "",
    secondaryPrivateIps: [],
    securityGroups: read.isInDefaultVpc ? groups.map(({ GroupName }) => GroupName) : [],
    sourceDestCheck: instance.SourceDestCheck ?? true,
    subnetId: networkInterface?.SubnetId ?? instance.SubnetId ?? "",
    vpcSecurityGroupIds: groups.map(({ GroupId }) => GroupId),
  };
}

function placement({ Placement = {} }: Instance): Properties {
  return {
    availabilityZone: Placement.AvailabilityZone,
    hostId: Placement.HostId ?? "",
    placementGroup: Placement.GroupName ?? "",
    placementGroupId: Placement.GroupId ?? "",
    placementPartitionNumber: Placement.PartitionNumber ?? 0,
    tenancy: Placement.Tenancy ?? "default",
  };
}

export function primaryInterface({ NetworkInterfaces = [] }: Instance) {
  return NetworkInterfaces.find(({ Attachment }) => (Attachment?.DeviceIndex ?? 0) === 0);
}

/** A stopped instance has no public address and shows none, as on EC2. */
function hasPublicAddress(instance: Instance): boolean {
  const networkInterface = primaryInterface(instance);
  return networkInterface
    ? networkInterface.Association !== undefined
    : instance.PublicIpAddress !== undefined;
}

function cpuOptions({ CpuOptions = {} }: Instance): Properties {
  const { AmdSevSnp, CoreCount, NestedVirtualization, ThreadsPerCore } = CpuOptions;
  return {
    ...(AmdSevSnp && { amdSevSnp: AmdSevSnp }),
    ...(CoreCount !== undefined && { coreCount: CoreCount }),
    ...(NestedVirtualization && { nestedVirtualization: NestedVirtualization }),
    ...(ThreadsPerCore !== undefined && { threadsPerCore: ThreadsPerCore }),
  };
}

export function metadataOptions(
  options: InstanceMetadataOptionsResponse | undefined,
): Properties | undefined {
  return (
    options && {
      httpEndpoint: options.HttpEndpoint,
      httpProtocolIpv6: options.HttpProtocolIpv6 ?? "disabled",
      httpPutResponseHopLimit: options.HttpPutResponseHopLimit ?? 1,
      httpTokens: options.HttpTokens,
      instanceMetadataTags: options.InstanceMetadataTags ?? "disabled",
    }
  );
}

/** The user's own text where it is still EC2's; what was changed by hand shows. */
function userDataOutputs({ userData = "" }: ReadInstance, recorded: Properties): Properties {
  if (userData === "") return {};
  if (recorded.userDataBase64 !== undefined) return { userDataBase64: userData };
  return { userData: Buffer.from(userData, "base64").toString() };
}
