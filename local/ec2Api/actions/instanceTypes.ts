import type * as ec2 from "@aws-sdk/client-ec2";
import { Ec2Error } from "../../cloud/errors";
import {
  describeInstanceType,
  INSTANCE_TYPES,
  isOfferedIn,
  type InstanceType,
} from "../../cloud/instanceTypes";
import { zonesOf } from "../../cloud/account";
import { passes } from "../../cloud/tags";
import { telling } from "../action";
import { cut, PAGES } from "../pages";
import { filtersOf } from "../values";
import { zoneIdOf } from "./networks";

type Tagged<T> = T & { tags: Record<string, string> };

const FIELDS: Record<string, (type: Tagged<InstanceType>) => string | string[]> = {
  "bare-metal": () => "false",
  "burstable-performance-supported": ({ name }) => String(isBursting(name)),
  "current-generation": (type) => String(type.currentGeneration),
  "ebs-info.nvme-support": (type) => nvmeSupport(type),
  hypervisor: (type) => type.hypervisor,
  "instance-storage-supported": (type) => String(type.instanceStore !== undefined),
  "instance-type": (type) => type.name,
  "network-info.ena-support": (type) => type.enaSupport,
  "processor-info.supported-architecture": (type) => type.architectures,
  "processor-info.supported-features": (type) => (type.nestedVirtualization ? ["nested-virtualization"] : []),
  "supported-boot-mode": (type) => type.bootModes,
  "supported-virtualization-type": (type) => type.virtualizationTypes,
  "vcpu-info.default-vcpus": (type) => String(type.vcpus),
};

export const describeInstanceTypes = telling<
  ec2.DescribeInstanceTypesRequest,
  ec2.DescribeInstanceTypesResult
>(["InstanceTypes", "Filters", ...PAGES], async (_context, input) => {
  const { InstanceTypes: names = [] } = input;
  names.forEach((name) => describeInstanceType(name));
  const filters = filtersOf(input.Filters);
  const found = INSTANCE_TYPES.filter(
    ({ name }) => names.length === 0 || names.includes(name as ec2._InstanceType),
  )
    .map((type) => ({ ...type, tags: {} }))
    .filter((type) => passes(type, filters, FIELDS));
  const { page, NextToken } = cut(found, ({ name }) => name, input, 100);
  return { InstanceTypes: page.map(typeInfo), NextToken };
});

function typeInfo(type: InstanceType): ec2.InstanceTypeInfo {
  const nitro = type.hypervisor === "nitro";
  const threads = nitro && !type.architectures.includes("arm64") ? 2 : 1;
  return {
    InstanceType: type.name as ec2._InstanceType,
    CurrentGeneration: type.currentGeneration,
    FreeTierEligible: ["t2.micro", "t3.micro"].includes(type.name),
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedRootDeviceTypes: type.instanceStore ? ["ebs", "instance-store"] : ["ebs"],
    SupportedVirtualizationTypes: type.virtualizationTypes,
    BareMetal: false,
    Hypervisor: type.hypervisor,
    ProcessorInfo: {
      SupportedArchitectures: type.architectures,
      SupportedFeatures: type.nestedVirtualization ? ["nested-virtualization"] : undefined,
    },
    VCpuInfo: {
      DefaultVCpus: type.vcpus,
      DefaultCores: Math.max(1, Math.floor(type.vcpus / threads)),
      DefaultThreadsPerCore: threads,
    },
    MemoryInfo: { SizeInMiB: type.memoryMb },
    InstanceStorageSupported: type.instanceStore !== undefined,
    InstanceStorageInfo: storageInfo(type),
    EbsInfo: {
      EbsOptimizedSupport: nitro ? "default" : "unsupported",
      EncryptionSupport: "supported",
      NvmeSupport: nvmeSupport(type),
    },
    NetworkInfo: {
      NetworkPerformance: nitro ? "Up to 5 Gigabit" : "Low to Moderate",
      MaximumNetworkInterfaces: nitro ? 3 : 2,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: nitro ? 3 : 2 }],
      Ipv4AddressesPerInterface: nitro ? 10 : 4,
      Ipv6AddressesPerInterface: nitro ? 10 : 0,
      Ipv6Supported: nitro,
      EnaSupport: type.enaSupport,
      EfaSupported: false,
      EncryptionInTransitSupported: false,
      EnaSrdSupported: false,
    },
    PlacementGroupInfo: { SupportedStrategies: ["partition", "spread"] },
    HibernationSupported: false,
    BurstablePerformanceSupported: isBursting(type.name),
    DedicatedHostsSupported: false,
    AutoRecoverySupported: type.currentGeneration,
    SupportedBootModes: type.bootModes,
    NitroEnclavesSupport: "unsupported",
    NitroTpmSupport: "unsupported",
    PhcSupport: "unsupported",
  };
}

function isBursting(name: string): boolean {
  return /^t\d/.test(name);
}

function nvmeSupport({ hypervisor }: InstanceType): ec2.EbsNvmeSupport {
  return hypervisor === "nitro" ? "required" : "unsupported";
}

function storageInfo({
  instanceStore: store,
  hypervisor,
}: InstanceType): ec2.InstanceStorageInfo | undefined {
  if (!store) return undefined;
  return {
    TotalSizeInGB: store.count * store.sizeGb,
    Disks: [{ SizeInGB: store.sizeGb, Count: store.count, Type: store.type }],
    NvmeSupport: hypervisor === "nitro" ? "required" : "unsupported",
    EncryptionSupport: "unsupported",
  };
}

/** Not every type is to be had in every zone; without `LocationType` the region as a whole is meant. */
export const describeInstanceTypeOfferings = telling<
  ec2.DescribeInstanceTypeOfferingsRequest,
  ec2.DescribeInstanceTypeOfferingsResult
>(["LocationType", "Filters", ...PAGES], async ({ region }, input) => {
  const { LocationType = "region" } = input;
  const filters = filtersOf(input.Filters);
  const found = INSTANCE_TYPES.flatMap(({ name }) =>
    locationsOf(name, LocationType, region).map((location) => ({ name, location, tags: {} })),
  ).filter((offering) =>
    passes(offering, filters, {
      "instance-type": (each) => each.name,
      location: (each) => each.location,
    }),
  );
  const { page, NextToken } = cut(found, ({ name, location }) => `${location} ${name}`, input);
  return {
    InstanceTypeOfferings: page.map(({ name, location }) => ({
      InstanceType: name as ec2._InstanceType,
      LocationType,
      Location: location,
    })),
    NextToken,
  };
});

function locationsOf(name: string, kind: ec2.LocationType, region: string): string[] {
  const zones = zonesOf(region).filter((zone) => isOfferedIn(name, zone));
  switch (kind) {
    case "region":
      return zones.length > 0 ? [region] : [];
    case "availability-zone":
      return zones;
    case "availability-zone-id":
      return zones.map(zoneIdOf);
    default:
      throw new Ec2Error(
        "Unsupported",
        `The local cloud has no ${kind}. Leave LocationType out, or run against EC2.`,
      );
  }
}
