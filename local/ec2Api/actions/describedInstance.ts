/** What an answer says of an instance. */
import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import type { DescribedInstance } from "../../cloud/instanceFilters";
import {
  networkInterfaceId,
  privateDnsName,
  publicDnsName,
  reservationIdOf,
  type InstanceRecord,
  type InstanceState,
} from "../../cloud/instanceRecord";
import { findInstanceType } from "../../cloud/instanceTypes";
import { DEFAULT_GROUP_NAME, defaultGroupId } from "../../cloud/securityGroups";
import type { AttachedVolumeRecord } from "../../cloud/volumes";
import { date, tagList } from "../values";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const CODE: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** Names of security groups by their ids. */
export type GroupNames = (groupId: string) => string | undefined;

export function stateOf(state: InstanceState): ec2.InstanceState {
  return { Code: CODE[state], Name: state };
}

/** One reservation for each request that launched some. */
export function reservations(records: DescribedInstance[], names: GroupNames): ec2.Reservation[] {
  const byId = new Map<string, ec2.Instance[]>();
  for (const record of records) {
    const id = reservationIdOf(record);
    byId.set(id, [...(byId.get(id) ?? []), describedInstance(record, names)]);
  }
  return [...byId].map(([ReservationId, Instances]) => ({ ReservationId, OwnerId: ACCOUNT_ID, Instances }));
}

export function describedInstance(record: DescribedInstance, names: GroupNames): ec2.Instance {
  const hasEnded = record.state === "terminated";
  const [code, ...words] = (record.stateReason ?? "").split(": ");
  return {
    InstanceId: record.instanceId,
    ImageId: record.imageId,
    InstanceType: record.instanceType as ec2._InstanceType,
    State: stateOf(record.state),
    StateReason: record.stateReason ? { Code: code, Message: `${code}: ${words.join(": ")}` } : undefined,
    StateTransitionReason: record.stateReason ? words.join(": ") : "",
    LaunchTime: date(record.launchTime),
    KeyName: record.keyName,
    AmiLaunchIndex: 0,
    Architecture: record.architecture,
    VirtualizationType: record.virtualizationType,
    Hypervisor: "xen",
    BootMode: record.bootMode as ec2.BootModeValues | undefined,
    CurrentInstanceBootMode: "legacy-bios",
    EnaSupport: record.enaSupport,
    ProductCodes: productCodes(record.productCodes),
    PlatformDetails: "Linux/UNIX",
    UsageOperation: "RunInstances",
    RootDeviceName: record.rootDeviceName,
    RootDeviceType: record.rootDeviceType ?? "ebs",
    BlockDeviceMappings: record.volumes.map(deviceMapping),
    ...(hasEnded ? {} : placeInNetwork(record, names)),
    ...optionsOf(record),
    Tags: tagList(record.tags),
  };
}

/** As EC2 shows those of an image, and of what was launched of it. */
export function productCodes(codes: string[] = []): ec2.ProductCode[] {
  return codes.map((code) => ({ ProductCodeId: code, ProductCodeType: "marketplace" }));
}

function placeInNetwork(record: DescribedInstance, names: GroupNames): Partial<ec2.Instance> {
  const { publicIp, privateIp } = record;
  return {
    SubnetId: record.subnetId,
    VpcId: record.vpcId,
    PrivateIpAddress: privateIp,
    PrivateDnsName: privateDnsName(privateIp),
    PublicIpAddress: publicIp,
    PublicDnsName: publicIp === undefined ? "" : publicDnsName(publicIp),
    SecurityGroups: groupsOf(record, names),
    SourceDestCheck: record.attributes?.sourceDestCheck ?? true,
    NetworkInterfaces: [networkInterface(record, names)],
  };
}

function optionsOf({
  instanceType,
  cpuOptions,
  attributes = {},
  ...record
}: DescribedInstance): Partial<ec2.Instance> {
  const type = findInstanceType(instanceType);
  const threads = cpuOptions?.threadsPerCore ?? (type?.hypervisor === "nitro" ? 2 : 1);
  const { metadataOptions = {} } = attributes;
  return {
    EbsOptimized: attributes.ebsOptimized ?? false,
    Monitoring: { State: attributes.monitoring ? "enabled" : "disabled" },
    Placement: {
      AvailabilityZone: record.availabilityZone,
      GroupName: "",
      Tenancy: (attributes.tenancy ?? "default") as ec2.Tenancy,
    },
    CpuOptions: {
      CoreCount: cpuOptions?.coreCount ?? Math.max(1, Math.floor((type?.vcpus ?? 1) / threads)),
      ThreadsPerCore: threads,
      NestedVirtualization: cpuOptions?.nestedVirtualization as
        ec2.NestedVirtualizationSpecification | undefined,
    },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    MaintenanceOptions: {
      AutoRecovery: (attributes.autoRecovery ?? "default") as ec2.InstanceAutoRecoveryState,
    },
    CapacityReservationSpecification: { CapacityReservationPreference: "open" },
    PrivateDnsNameOptions: {
      HostnameType: "ip-name",
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    MetadataOptions: metadataOptionsOf(metadataOptions),
    IamInstanceProfile: attributes.iamInstanceProfile
      ? { Arn: profileArn(attributes.iamInstanceProfile) }
      : undefined,
    ClientToken: attributes.clientToken ?? "",
  };
}

/** EC2's own defaults where neither the launch nor the account says otherwise. */
export function metadataOptionsOf(
  options: Record<string, string | number | undefined>,
): ec2.InstanceMetadataOptionsResponse {
  return {
    State: "applied",
    HttpTokens: (options.httpTokens ?? "optional") as ec2.HttpTokensState,
    HttpPutResponseHopLimit: (options.httpPutResponseHopLimit ?? 1) as number,
    HttpEndpoint: (options.httpEndpoint ?? "enabled") as ec2.InstanceMetadataEndpointState,
    HttpProtocolIpv6: (options.httpProtocolIpv6 ?? "disabled") as ec2.InstanceMetadataProtocolState,
    InstanceMetadataTags: (options.instanceMetadataTags ?? "disabled") as ec2.InstanceMetadataTagsState,
  };
}

/** By its name or its ARN. */
export function profileArn(profile: string): string {
  return profile.startsWith("arn:") ? profile : `arn:aws:iam::${ACCOUNT_ID}:instance-profile/${profile}`;
}

export function deviceMapping({
  volumeId,
  attachment,
}: AttachedVolumeRecord): ec2.InstanceBlockDeviceMapping {
  return {
    DeviceName: attachment.deviceName,
    Ebs: {
      VolumeId: volumeId,
      Status: attachment.state,
      AttachTime: attachment.attachTime === undefined ? undefined : date(attachment.attachTime),
      DeleteOnTermination: attachment.deleteOnTermination,
    },
  };
}

/** The VPC's default group where the launch named none. */
export function groupsOf(record: InstanceRecord, names: GroupNames): ec2.GroupIdentifier[] {
  if (record.securityGroupIds.length === 0) {
    return [{ GroupId: defaultGroupId(record.vpcId), GroupName: DEFAULT_GROUP_NAME }];
  }
  return record.securityGroupIds.map((GroupId) => ({ GroupId, GroupName: names(GroupId) }));
}

/** The one that every instance has here: it comes and goes with its instance. */
export function networkInterface(record: InstanceRecord, names: GroupNames): ec2.InstanceNetworkInterface {
  const { privateIp, publicIp } = record;
  const Association = publicIp
    ? { PublicIp: publicIp, PublicDnsName: publicDnsName(publicIp), IpOwnerId: "amazon" }
    : undefined;
  const PrivateDnsName = privateDnsName(privateIp);
  return {
    NetworkInterfaceId: networkInterfaceId(record.instanceId),
    Association,
    Attachment: {
      AttachmentId: networkInterfaceId(record.instanceId).replace("eni-", "eni-attach-"),
      AttachTime: date(record.launchTime),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: "attached",
    },
    Description: "",
    Groups: groupsOf(record, names),
    InterfaceType: "interface",
    Ipv6Addresses: [],
    MacAddress: record.macAddress,
    OwnerId: ACCOUNT_ID,
    PrivateDnsName,
    PrivateIpAddress: privateIp,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: privateIp, PrivateDnsName, Association }],
    SourceDestCheck: record.attributes?.sourceDestCheck ?? true,
    Status: "in-use",
    SubnetId: record.subnetId,
    VpcId: record.vpcId,
  };
}
