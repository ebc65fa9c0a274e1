/** EC2 as the recording met it: what it must have said for the real provider to answer as it did, in EC2's own words. */
import type { Carrier } from "../../../local/providers/aws/client";
import type { Properties } from "../../../local/providers/provider";
import { AMI, ATTACHMENT, GROUP, INSTANCE, SNAPSHOT, STATE, VOLUME } from "./awsResource";
import type { Operation } from "./awsRecording";

type Answers = Record<string, (input: Properties) => object>;

/** Answers all requests that one operation makes, by what the real provider made of the answers. */
export function ec2Of({ type, answer, name }: Operation): Carrier {
  const answers: Answers = { ...HARMLESS, ...(ANSWERS[type]?.(answer) ?? {}) };
  return async ({ constructor, input }) => {
    const action = constructor.name.replace(/Command$/, "");
    const made = answers[action];
    if (!made) throw new Error(`${name}: nothing is known of what EC2 answers to ${action}.`);
    return made(input as Properties);
  };
}

const refused = () => {
  const error = new Error("The instance ID does not exist");
  throw Object.assign(error, { name: "InvalidInstanceID.NotFound", $metadata: { httpStatusCode: 400 } });
};

/** What is asked besides, and no output comes of. */
const HARMLESS: Answers = {
  CreateTags: () => ({}),
  DescribeTags: () => ({ Tags: [] }),
  DescribeVpcs: () => ({ Vpcs: [{ IsDefault: false }] }),
  GetInstanceUefiData: refused,
};

const ANSWERS: Record<string, (answer: Properties) => Answers> = {
  [VOLUME]: (answer) => {
    const VolumeId = String(answer.ebsVolumeId);
    return {
      CreateVolume: () => ({ VolumeId, State: "creating" }),
      DescribeVolumes: () => ({ Volumes: [{ ...volume(answer), VolumeId, State: "available" }] }),
    };
  },
  [SNAPSHOT]: (answer) => {
    const SnapshotId = String(answer.ebsSnapshotId);
    const Snapshots = [{ ...snapshot(answer), SnapshotId, State: "completed" }];
    return { CreateSnapshot: () => ({ SnapshotId }), DescribeSnapshots: () => ({ Snapshots }) };
  },
  [AMI]: (answer) => {
    const ImageId = String(answer.amiId);
    const Images = [{ ...image(answer), ImageId, State: "available" }];
    return { RegisterImage: () => ({ ImageId }), DescribeImages: () => ({ Images }) };
  },
  [GROUP]: (answer) => {
    const group = {
      Description: answer.description,
      GroupId: answer.securityGroupId,
      GroupName: answer.name,
      IpPermissions: [],
      IpPermissionsEgress: [],
      OwnerId: answer.ownerId,
      Tags: tags(answer.tags),
      VpcId: answer.vpcId,
    };
    return {
      AuthorizeSecurityGroupEgress: () => ({}),
      AuthorizeSecurityGroupIngress: () => ({}),
      CreateSecurityGroup: () => ({ GroupId: answer.securityGroupId }),
      DescribeSecurityGroups: () => ({ SecurityGroups: [group] }),
      RevokeSecurityGroupEgress: () => ({}),
    };
  },
  [ATTACHMENT]: ({ deviceName, instanceId }) => {
    const attachment = { Device: deviceName, InstanceId: instanceId, State: "attached" };
    return { DescribeVolumes: () => ({ Volumes: [{ Attachments: [attachment] }] }) };
  },
  [STATE]: ({ instanceId, state }) => {
    const before = { Name: state === "stopped" ? "running" : "stopped" };
    const now = { Name: state };
    const looks = [before, now];
    return {
      DescribeInstanceStatus: () => ({ InstanceStatuses: [{ InstanceState: now }] }),
      DescribeInstances: () => ({
        Reservations: [{ Instances: [{ InstanceId: instanceId, State: looks.shift() ?? now }] }],
      }),
      StartInstances: () => ({}),
      StopInstances: () => ({}),
    };
  },
  [INSTANCE]: (answer) =>
    ofInstance(answer, answer.rootBlockDevice ? [answer.rootBlockDevice as Properties] : []),
  "aws:ec2/getInstance:getInstance": (answer) => ofInstance(answer, answer.rootBlockDevices as Properties[]),
  "aws:ec2/getAmi:getAmi": (answer) => ({
    DescribeImages: () => ({ Images: [{ ...image(answer), ImageId: answer.id }] }),
  }),
  "aws:ec2/getAmiIds:getAmiIds": ({ ids }) => ({
    DescribeImages: () => ({ Images: (ids as string[]).map((ImageId) => ({ ImageId })) }),
  }),
  "aws:ebs/getSnapshot:getSnapshot": (answer) => ({
    DescribeSnapshots: () => ({
      Snapshots: [
        {
          ...snapshot(answer),
          SnapshotId: answer.id,
          StartTime: new Date(String(answer.startTime)),
          State: answer.state,
        },
      ],
    }),
  }),
  "aws:ec2/getSubnet:getSubnet": (answer) => ({ DescribeSubnets: () => ({ Subnets: [subnet(answer)] }) }),
  "aws:ec2/getInstanceType:getInstanceType": (answer) => ({
    DescribeInstanceTypes: () => ({ InstanceTypes: [instanceType(answer)] }),
  }),
};

function tags(given: unknown): object[] {
  return Object.entries((given ?? {}) as object).map(([Key, Value]) => ({ Key, Value: Value as string }));
}

/** What is empty is not in an answer of EC2's. */
function said<T>(value: T): T | undefined {
  return value === "" || value === 0 || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

function volume(answer: Properties): object {
  return {
    AvailabilityZone: answer.availabilityZone,
    CreateTime: new Date(String(answer.createTime)),
    Encrypted: answer.encrypted,
    Iops: said(answer.iops),
    KmsKeyId: said(answer.kmsKeyId),
    Size: answer.size,
    SnapshotId: answer.snapshotId,
    Tags: tags(answer.tags),
    Throughput: said(answer.throughput),
    VolumeType: answer.type,
  };
}

function snapshot(answer: Properties): object {
  return {
    Description: answer.description,
    Encrypted: answer.encrypted,
    OwnerId: answer.ownerId,
    StorageTier: said(answer.storageTier),
    Tags: tags(answer.tags),
    VolumeId: answer.volumeId,
    VolumeSize: answer.volumeSize,
  };
}

function image(answer: Properties): object {
  const devices = (answer.ebsBlockDevices ?? []) as Properties[];
  const mappings = (answer.blockDeviceMappings ?? []) as {
    deviceName: string;
    ebs: Record<string, string>;
  }[];
  return {
    Architecture: answer.architecture,
    BlockDeviceMappings: [
      ...devices.map((device) => ({
        DeviceName: device.deviceName,
        Ebs: {
          DeleteOnTermination: device.deleteOnTermination,
          Encrypted: device.encrypted,
          SnapshotId: device.snapshotId,
          VolumeSize: device.volumeSize,
          VolumeType: device.volumeType,
        },
      })),
      ...mappings.map(({ deviceName, ebs }) => ({
        DeviceName: deviceName,
        Ebs: {
          DeleteOnTermination: ebs.delete_on_termination === "true",
          Encrypted: ebs.encrypted === "true",
          SnapshotId: ebs.snapshot_id,
          VolumeSize: Number(ebs.volume_size),
          VolumeType: ebs.volume_type,
        },
      })),
    ],
    BootMode: said(answer.bootMode),
    CreationDate: answer.creationDate,
    Description: answer.description,
    EnaSupport: answer.enaSupport,
    Hypervisor: answer.hypervisor,
    ImageOwnerAlias: said(answer.imageOwnerAlias),
    ImageType: answer.imageType,
    Name: answer.name,
    OwnerId: answer.ownerId,
    Public: answer.public,
    RootDeviceName: answer.rootDeviceName,
    RootDeviceType: answer.rootDeviceType,
    SriovNetSupport: said(answer.sriovNetSupport),
    State: answer.state,
    Tags: tags(answer.tags),
    VirtualizationType: answer.virtualizationType,
  };
}

function ofInstance(answer: Properties, roots: Properties[]): Answers {
  const others = (answer.ebsBlockDevices ?? []) as Properties[];
  const devices = [...roots, ...others];
  const InstanceId = String(answer.instanceId);
  const Reservations = [{ Instances: [{ ...instance(answer, roots, devices), InstanceId }] }];
  const value = (Value: unknown) => ({ Value });
  return {
    DescribeImages: () => ({
      Images: [{ ImageId: answer.ami, RootDeviceName: roots[0]?.deviceName, State: "available" }],
    }),
    DescribeInstanceAttribute: () => ({
      DisableApiStop: value(answer.disableApiStop),
      DisableApiTermination: value(answer.disableApiTermination),
      InstanceInitiatedShutdownBehavior: value(answer.instanceInitiatedShutdownBehavior),
      UserData: answer.userData ? value(Buffer.from(String(answer.userData)).toString("base64")) : undefined,
    }),
    DescribeInstanceCreditSpecifications: () => ({
      InstanceCreditSpecifications: [answer.creditSpecification].map((credits) => ({
        CpuCredits: (credits as Properties).cpuCredits,
      })),
    }),
    DescribeInstanceTypes: () => ({
      InstanceTypes: [{ BurstablePerformanceSupported: answer.creditSpecification !== undefined }],
    }),
    DescribeInstances: () => ({ Reservations }),
    DescribeVolumes: () => ({
      Volumes: devices.map((device) => ({
        ...volume({ ...device, size: device.volumeSize, type: device.volumeType, createTime: 0 }),
        VolumeId: device.volumeId,
      })),
    }),
    RunInstances: () => ({ Instances: [{ InstanceId }] }),
  };
}

function instance(answer: Properties, roots: Properties[], devices: Properties[]): object {
  const metadata = [answer.metadataOptions].flat()[0] as Properties;
  const interfaceId = answer.primaryNetworkInterfaceId ?? answer.networkInterfaceId;
  return {
    BlockDeviceMappings: devices.map(({ deviceName, deleteOnTermination, volumeId }) => ({
      DeviceName: deviceName,
      Ebs: { DeleteOnTermination: deleteOnTermination, VolumeId: volumeId },
    })),
    EbsOptimized: answer.ebsOptimized,
    ImageId: answer.ami,
    InstanceType: answer.instanceType,
    LaunchTime: answer.launchTime ? new Date(String(answer.launchTime)) : undefined,
    MetadataOptions: {
      HttpEndpoint: metadata.httpEndpoint,
      HttpPutResponseHopLimit: metadata.httpPutResponseHopLimit,
      HttpTokens: metadata.httpTokens,
    },
    Monitoring: { State: "disabled" },
    NetworkInterfaces: [
      {
        Association: answer.associatePublicIpAddress ? {} : undefined,
        Attachment: { DeviceIndex: 0 },
        NetworkInterfaceId: interfaceId,
        SubnetId: answer.subnetId,
      },
    ],
    Placement: { AvailabilityZone: answer.availabilityZone, Tenancy: answer.tenancy },
    PrivateDnsName: answer.privateDns,
    PrivateIpAddress: answer.privateIp,
    PublicDnsName: said(answer.publicDns),
    PublicIpAddress: said(answer.publicIp),
    RootDeviceName: roots[0]?.deviceName,
    SecurityGroups: (answer.vpcSecurityGroupIds as string[]).map((GroupId) => ({ GroupId })),
    SourceDestCheck: answer.sourceDestCheck,
    State: { Name: answer.instanceState },
    SubnetId: answer.subnetId,
    Tags: tags(answer.tags),
    VpcId: "vpc-303d3e3a03135a680",
  };
}

function subnet(answer: Properties): object {
  return {
    AvailabilityZone: answer.availabilityZone,
    AvailabilityZoneId: answer.availabilityZoneId,
    AvailableIpAddressCount: answer.availableIpAddressCount,
    CidrBlock: answer.cidrBlock,
    DefaultForAz: answer.defaultForAz,
    MapPublicIpOnLaunch: answer.mapPublicIpOnLaunch,
    OwnerId: answer.ownerId,
    PrivateDnsNameOptionsOnLaunch: { HostnameType: answer.privateDnsHostnameTypeOnLaunch },
    State: answer.state,
    SubnetArn: answer.arn,
    SubnetId: answer.id,
    VpcId: answer.vpcId,
  };
}

function instanceType(answer: Properties): object {
  return {
    AutoRecoverySupported: answer.autoRecoverySupported,
    BareMetal: answer.bareMetal,
    BurstablePerformanceSupported: answer.burstablePerformanceSupported,
    CurrentGeneration: answer.currentGeneration,
    DedicatedHostsSupported: answer.dedicatedHostsSupported,
    EbsInfo: {
      EbsOptimizedInfo: {
        BaselineBandwidthInMbps: answer.ebsPerformanceBaselineBandwidth,
        BaselineIops: answer.ebsPerformanceBaselineIops,
        BaselineThroughputInMBps: answer.ebsPerformanceBaselineThroughput,
        MaximumBandwidthInMbps: answer.ebsPerformanceMaximumBandwidth,
        MaximumIops: answer.ebsPerformanceMaximumIops,
        MaximumThroughputInMBps: answer.ebsPerformanceMaximumThroughput,
      },
      EbsOptimizedSupport: answer.ebsOptimizedSupport,
      EncryptionSupport: answer.ebsEncryptionSupport,
      NvmeSupport: answer.ebsNvmeSupport,
    },
    FreeTierEligible: answer.freeTierEligible,
    HibernationSupported: answer.hibernationSupported,
    Hypervisor: answer.hypervisor,
    InstanceStorageSupported: answer.instanceStorageSupported,
    InstanceType: answer.instanceType,
    MemoryInfo: { SizeInMiB: answer.memorySize },
    NetworkInfo: networkOf(answer),
    NitroEnclavesSupport: answer.nitroEnclavesSupport,
    NitroTpmInfo: { SupportedVersions: answer.nitroTpmSupportedVersions },
    NitroTpmSupport: answer.nitroTpmSupport,
    PhcSupport: answer.phcSupport,
    PlacementGroupInfo: { SupportedStrategies: answer.supportedPlacementStrategies },
    ProcessorInfo: {
      SupportedArchitectures: answer.supportedArchitectures,
      SupportedFeatures: answer.supportedCpuFeatures,
      SustainedClockSpeedInGhz: answer.sustainedClockSpeed,
    },
    SupportedBootModes: answer.bootModes,
    SupportedRootDeviceTypes: answer.supportedRootDeviceTypes,
    SupportedUsageClasses: answer.supportedUsagesClasses,
    SupportedVirtualizationTypes: answer.supportedVirtualizationTypes,
    VCpuInfo: {
      DefaultCores: answer.defaultCores,
      DefaultThreadsPerCore: answer.defaultThreadsPerCore,
      DefaultVCpus: answer.defaultVcpus,
      ValidCores: answer.validCores,
      ValidThreadsPerCore: answer.validThreadsPerCores,
    },
  };
}

function networkOf(answer: Properties): object {
  return {
    BandwidthWeightings: answer.bandwidthWeightings,
    DefaultNetworkCardIndex: answer.defaultNetworkCardIndex,
    EfaSupported: answer.efaSupported,
    EnaSrdSupported: answer.enaSrdSupported,
    EnaSupport: answer.enaSupport,
    EncryptionInTransitSupported: answer.encryptionInTransitSupported,
    Ipv4AddressesPerInterface: answer.maximumIpv4AddressesPerInterface,
    Ipv6AddressesPerInterface: answer.maximumIpv6AddressesPerInterface,
    Ipv6Supported: answer.ipv6Supported,
    MaximumNetworkCards: answer.maximumNetworkCards,
    MaximumNetworkInterfaces: answer.maximumNetworkInterfaces,
    NetworkCards: (answer.networkCards as Properties[]).map((card) => ({
      BaselineBandwidthInGbps: card.baselineBandwidth,
      MaximumNetworkInterfaces: card.maximumInterfaces,
      NetworkCardIndex: card.index,
      NetworkPerformance: card.performance,
      PeakBandwidthInGbps: card.peakBandwidth,
    })),
    NetworkPerformance: answer.networkPerformance,
  };
}
