import {
  DescribeInstanceTypesCommand,
  type InstanceTypeInfo,
  type NetworkCardInfo,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments } from "./functionArguments";
import { requiredText } from "./values";

/** aws:ec2/getInstanceType:getInstanceType. What EC2 says nothing of is left out or empty, as pulumi-aws does it. */
export async function getInstanceType(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getInstanceType:getInstanceType", args, ["instanceType"], client);
  const name = requiredText(args, "instanceType");
  const request = new DescribeInstanceTypesCommand({ InstanceTypes: [name as _InstanceType] });
  const doing = `reading EC2 Instance Type (${name})`;
  const [type] = (await client.call(doing, request)).InstanceTypes ?? [];
  if (!type) throw new Error(`${doing}: couldn't find resource`);
  return {
    ...describeProcessor(type),
    ...describeEbs(type),
    ...describeInstanceStorage(type),
    ...describeNetwork(type),
    ...describeAccelerators(type),
    ...describeNitro(type),
    ...describeRest(type),
  };
}

function describeProcessor({ ProcessorInfo: processor, VCpuInfo: vcpu, MemoryInfo }: InstanceTypeInfo) {
  return {
    defaultCores: vcpu?.DefaultCores,
    defaultThreadsPerCore: vcpu?.DefaultThreadsPerCore,
    defaultVcpus: vcpu?.DefaultVCpus,
    memorySize: MemoryInfo?.SizeInMiB,
    supportedArchitectures: processor?.SupportedArchitectures ?? [],
    // Nested virtualization shows here and nowhere else.
    supportedCpuFeatures: processor?.SupportedFeatures ?? [],
    sustainedClockSpeed: processor?.SustainedClockSpeedInGhz,
    validCores: vcpu?.ValidCores ?? [],
    validThreadsPerCores: vcpu?.ValidThreadsPerCore ?? [],
  };
}

function describeEbs({ EbsInfo: ebs }: InstanceTypeInfo): Properties {
  const optimized = ebs?.EbsOptimizedInfo;
  return {
    ebsEncryptionSupport: ebs?.EncryptionSupport ?? "",
    ebsNvmeSupport: ebs?.NvmeSupport ?? "",
    ebsOptimizedSupport: ebs?.EbsOptimizedSupport ?? "",
    ebsPerformanceBaselineBandwidth: optimized?.BaselineBandwidthInMbps,
    ebsPerformanceBaselineIops: optimized?.BaselineIops,
    ebsPerformanceBaselineThroughput: optimized?.BaselineThroughputInMBps,
    ebsPerformanceMaximumBandwidth: optimized?.MaximumBandwidthInMbps,
    ebsPerformanceMaximumIops: optimized?.MaximumIops,
    ebsPerformanceMaximumThroughput: optimized?.MaximumThroughputInMBps,
  };
}

function describeInstanceStorage({ InstanceStorageInfo: storage, ...type }: InstanceTypeInfo): Properties {
  const disks = storage?.Disks ?? [];
  return {
    instanceDisks: disks.map(({ Count, SizeInGB, Type }) => ({ count: Count, size: SizeInGB, type: Type })),
    instanceStorageSupported: type.InstanceStorageSupported ?? false,
    totalInstanceStorage: storage?.TotalSizeInGB,
  };
}

function describeNetwork({ NetworkInfo: network }: InstanceTypeInfo): Properties {
  return {
    bandwidthWeightings: network?.BandwidthWeightings ?? [],
    defaultNetworkCardIndex: network?.DefaultNetworkCardIndex ?? 0,
    efaMaximumInterfaces: network?.EfaInfo?.MaximumEfaInterfaces,
    efaSupported: network?.EfaSupported ?? false,
    enaSrdSupported: network?.EnaSrdSupported ?? false,
    enaSupport: network?.EnaSupport ?? "",
    encryptionInTransitSupported: network?.EncryptionInTransitSupported ?? false,
    ipv6Supported: network?.Ipv6Supported ?? false,
    maximumIpv4AddressesPerInterface: network?.Ipv4AddressesPerInterface,
    maximumIpv6AddressesPerInterface: network?.Ipv6AddressesPerInterface,
    maximumNetworkCards: network?.MaximumNetworkCards,
    maximumNetworkInterfaces: network?.MaximumNetworkInterfaces,
    networkCards: (network?.NetworkCards ?? []).map(describeCard),
    networkPerformance: network?.NetworkPerformance ?? "",
  };
}

function describeCard(card: NetworkCardInfo): Properties {
  return {
    baselineBandwidth: card.BaselineBandwidthInGbps ?? 0,
    index: card.NetworkCardIndex ?? 0,
    maximumInterfaces: card.MaximumNetworkInterfaces ?? 0,
    peakBandwidth: card.PeakBandwidthInGbps ?? 0,
    performance: card.NetworkPerformance ?? "",
  };
}

/** None of the types that a migration meets has any. */
function describeAccelerators(_type: InstanceTypeInfo): Properties {
  return { fpgas: [], gpuses: [], inferenceAccelerators: [], mediaAccelerators: [], neuronDevices: [] };
}

function describeNitro(type: InstanceTypeInfo): Properties {
  return {
    nitroEnclavesSupport: type.NitroEnclavesSupport ?? "",
    nitroTpmSupport: type.NitroTpmSupport ?? "",
    nitroTpmSupportedVersions: type.NitroTpmInfo?.SupportedVersions ?? [],
    phcSupport: type.PhcSupport ?? "",
  };
}

function describeRest(type: InstanceTypeInfo): Properties {
  return {
    autoRecoverySupported: type.AutoRecoverySupported ?? false,
    bareMetal: type.BareMetal ?? false,
    bootModes: type.SupportedBootModes ?? [],
    burstablePerformanceSupported: type.BurstablePerformanceSupported ?? false,
    currentGeneration: type.CurrentGeneration ?? false,
    dedicatedHostsSupported: type.DedicatedHostsSupported ?? false,
    freeTierEligible: type.FreeTierEligible ?? false,
    hibernationSupported: type.HibernationSupported ?? false,
    hypervisor: type.Hypervisor ?? "",
    id: type.InstanceType,
    instanceType: type.InstanceType,
    supportedPlacementStrategies: type.PlacementGroupInfo?.SupportedStrategies ?? [],
    supportedRootDeviceTypes: type.SupportedRootDeviceTypes ?? [],
    supportedUsagesClasses: type.SupportedUsageClasses ?? [],
    supportedVirtualizationTypes: type.SupportedVirtualizationTypes ?? [],
  };
}
