import { describeInstanceType, type InstanceType } from "../../cloud/instanceTypes";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments } from "./functionArguments";
import { requiredText } from "./values";

/** aws:ec2/getInstanceType:getInstanceType, with what decides on what a type starts. */
export async function getInstanceType(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getInstanceType:getInstanceType", args, ["instanceType"]);
  const name = requiredText(args, "instanceType");
  const doing = `reading EC2 Instance Type (${name})`;
  const type = await client.call(doing, "DescribeInstanceTypes", async () => describeInstanceType(name));
  return { ...describeProcessor(type), ...describeStorage(type), ...describeRest(type) };
}

function describeProcessor(type: InstanceType): Properties {
  const threads = type.hypervisor === "nitro" && !type.architectures.includes("arm64") ? 2 : 1;
  return {
    defaultCores: type.vcpus / threads,
    defaultThreadsPerCore: threads,
    defaultVcpus: type.vcpus,
    memorySize: type.memoryMb,
    supportedArchitectures: type.architectures,
    // Nested virtualization shows here and nowhere else: ProcessorInfo.SupportedFeatures.
    supportedCpuFeatures: type.nestedVirtualization ? ["nested-virtualization"] : [],
  };
}

function describeStorage({ hypervisor, instanceStore }: InstanceType): Properties {
  const nitro = hypervisor === "nitro";
  return {
    ebsEncryptionSupport: "supported",
    ebsNvmeSupport: nitro ? "required" : "unsupported",
    ebsOptimizedSupport: nitro ? "default" : "unsupported",
    instanceDisks: instanceStore
      ? [{ count: instanceStore.count, size: instanceStore.sizeGb, type: instanceStore.type }]
      : [],
    instanceStorageSupported: instanceStore !== undefined,
    supportedRootDeviceTypes: instanceStore ? ["ebs", "instance-store"] : ["ebs"],
    totalInstanceStorage: instanceStore ? instanceStore.count * instanceStore.sizeGb : 0,
  };
}

function describeRest(type: InstanceType): Properties {
  return {
    bareMetal: false,
    bootModes: type.bootModes,
    burstablePerformanceSupported: /^t[1-4]/.test(type.name),
    currentGeneration: type.currentGeneration,
    enaSupport: type.enaSupport,
    hypervisor: type.hypervisor,
    id: type.name,
    instanceType: type.name,
    supportedUsagesClasses: ["on-demand", "spot"],
    supportedVirtualizationTypes: type.virtualizationTypes,
  };
}
