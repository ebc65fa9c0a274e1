import type * as ec2 from "@aws-sdk/client-ec2";
import { Ec2Error } from "../../cloud/errors";
import type { InstanceChange } from "../../cloud/instances";
import { changing, NOTHING, telling } from "../action";
import { cut, PAGES } from "../pages";
import { exactlyOne } from "../values";
import { deviceMapping, groupsOf, metadataOptionsOf, productCodes } from "./describedInstance";
import { groupNames } from "./instances";

export const describeInstanceAttribute = telling<ec2.DescribeInstanceAttributeRequest, ec2.InstanceAttribute>(
  ["InstanceId", "Attribute"],
  async ({ cloud }, { InstanceId = "", Attribute }) => {
    const record = await cloud.instances.describe(InstanceId);
    const { attributes = {} } = record;
    const value = (text?: string) => ({ Value: text });
    const flag = (is?: boolean) => ({ Value: is ?? false });
    const answers: Partial<Record<ec2.InstanceAttributeName, () => Promise<ec2.InstanceAttribute>>> = {
      instanceType: async () => ({ InstanceType: value(record.instanceType) }),
      userData: async () => ({ UserData: record.userData ? value(base64(record.userData)) : {} }),
      disableApiTermination: async () => ({ DisableApiTermination: flag(record.disableApiTermination) }),
      disableApiStop: async () => ({ DisableApiStop: flag(attributes.disableApiStop) }),
      instanceInitiatedShutdownBehavior: async () => ({
        InstanceInitiatedShutdownBehavior: value(attributes.shutdownBehavior ?? "stop"),
      }),
      rootDeviceName: async () => ({ RootDeviceName: value(record.rootDeviceName) }),
      blockDeviceMapping: async () => ({
        BlockDeviceMappings: (await cloud.volumes.attachedTo(InstanceId)).map(deviceMapping),
      }),
      groupSet: async () => ({ Groups: groupsOf(record, await groupNames(cloud)) }),
      ebsOptimized: async () => ({ EbsOptimized: flag(attributes.ebsOptimized) }),
      sourceDestCheck: async () => ({ SourceDestCheck: { Value: attributes.sourceDestCheck ?? true } }),
      enaSupport: async () => ({ EnaSupport: flag(record.enaSupport) }),
      sriovNetSupport: async () => ({ SriovNetSupport: {} }),
      kernel: async () => ({ KernelId: {} }),
      ramdisk: async () => ({ RamdiskId: {} }),
      productCodes: async () => ({ ProductCodes: productCodes(record.productCodes) }),
      enclaveOptions: async () => ({ EnclaveOptions: { Enabled: false } }),
    };
    return { InstanceId, ...(Attribute && (await answers[Attribute]?.())) };
  },
);

const CHANGES = [
  ...["InstanceType", "UserData", "Groups", "DisableApiTermination", "DisableApiStop", "EnaSupport"],
  ...["InstanceInitiatedShutdownBehavior", "EbsOptimized", "SourceDestCheck", "BlockDeviceMappings"],
] as const;

/** One attribute a request, by its own parameter or by `Attribute` and `Value`. */
export const modifyInstanceAttribute = changing<ec2.ModifyInstanceAttributeRequest, object>(
  [
    ...["InstanceId", "Attribute", "Value", ...CHANGES.filter((name) => name !== "BlockDeviceMappings")],
    ...["BlockDeviceMappings.DeviceName", "BlockDeviceMappings.Ebs.DeleteOnTermination"],
    "BlockDeviceMappings.Ebs.VolumeId",
  ],
  async ({ cloud }, input) => {
    const { InstanceId = "" } = input;
    await cloud.instances.describe(InstanceId);
    const asked = { ...input, ...named(input) };
    exactlyOne(Object.fromEntries(CHANGES.map((name) => [name, asked[name]])));
    const kept = asked.BlockDeviceMappings;
    if (kept) return keepOnTermination(cloud, InstanceId, kept);
    const change = changeOf(asked);
    await cloud.instances.planChange(InstanceId, change);
    return async () => {
      await cloud.instances.modify(InstanceId, change);
      return NOTHING;
    };
  },
);

/** `Attribute=instanceType&Value=t3.micro`, as the older tools write it. */
function named({
  Attribute,
  Value = "",
}: ec2.ModifyInstanceAttributeRequest): Partial<ec2.ModifyInstanceAttributeRequest> {
  if (Attribute === undefined) return {};
  const flag = { Value: Value === "true" };
  switch (Attribute) {
    case "instanceType":
      return { InstanceType: { Value } };
    case "userData":
      return { UserData: { Value: Buffer.from(Value, "base64") } };
    case "disableApiTermination":
      return { DisableApiTermination: flag };
    case "disableApiStop":
      return { DisableApiStop: flag };
    case "instanceInitiatedShutdownBehavior":
      return { InstanceInitiatedShutdownBehavior: { Value } };
    case "ebsOptimized":
      return { EbsOptimized: flag };
    case "sourceDestCheck":
      return { SourceDestCheck: flag };
    default:
      throw new Ec2Error(
        "Unsupported",
        `The local cloud changes no attribute ${Attribute} of an instance. Leave it, or run against EC2.`,
      );
  }
}

function changeOf(input: ec2.ModifyInstanceAttributeRequest): InstanceChange {
  const { UserData, DisableApiStop, InstanceInitiatedShutdownBehavior, EbsOptimized, SourceDestCheck } =
    input;
  const attributes = {
    ...(DisableApiStop && { disableApiStop: DisableApiStop.Value }),
    ...(InstanceInitiatedShutdownBehavior && { shutdownBehavior: InstanceInitiatedShutdownBehavior.Value }),
    ...(EbsOptimized && { ebsOptimized: EbsOptimized.Value }),
    ...(SourceDestCheck && { sourceDestCheck: SourceDestCheck.Value }),
  };
  return {
    ...(input.InstanceType && { instanceType: input.InstanceType.Value }),
    ...(UserData && { userData: Buffer.from(UserData.Value ?? []).toString() }),
    ...(input.Groups && { securityGroupIds: input.Groups }),
    ...(input.DisableApiTermination && { disableApiTermination: input.DisableApiTermination.Value }),
    ...(input.EnaSupport && { enaSupport: input.EnaSupport.Value }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

type Cloud = Parameters<typeof groupNames>[0];

/** Whether a volume goes with its instance. */
async function keepOnTermination(
  cloud: Cloud,
  instanceId: string,
  mappings: ec2.InstanceBlockDeviceMappingSpecification[],
): Promise<() => Promise<object>> {
  const attached = await cloud.volumes.attachedTo(instanceId);
  const changes = mappings.map(({ DeviceName, Ebs }) => {
    const volume = attached.find(({ attachment }) => attachment.deviceName === DeviceName);
    if (volume) return { volume, goes: Ebs?.DeleteOnTermination };
    throw new Ec2Error(
      "InvalidInstanceAttributeValue",
      `No device is currently mapped at ${DeviceName} of ${instanceId}. It has ${attached.map((each) => each.attachment.deviceName).join(", ")}`,
    );
  });
  return async () => {
    for (const { volume, goes } of changes) {
      await cloud.volumes.setAttachment(volume.volumeId, async ({ attachment }) =>
        attachment && goes !== undefined ? { ...attachment, deleteOnTermination: goes } : attachment,
      );
    }
    return NOTHING;
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Of the types whose performance bursts (T2, T3, T4g) alone. */
export const describeInstanceCreditSpecifications = telling<
  ec2.DescribeInstanceCreditSpecificationsRequest,
  ec2.DescribeInstanceCreditSpecificationsResult
>(["InstanceIds", ...PAGES], async ({ cloud }, input) => {
  const { InstanceIds: ids = [] } = input;
  const records =
    ids.length > 0
      ? await Promise.all(ids.map((id) => cloud.instances.describe(id)))
      : await cloud.instances.list();
  const bursting = records.filter(({ instanceType }) => /^t\d/.test(instanceType));
  const { page, NextToken } = cut(bursting, ({ instanceId }) => instanceId, input);
  return {
    InstanceCreditSpecifications: page.map(({ instanceId, instanceType, attributes }) => ({
      InstanceId: instanceId,
      CpuCredits: attributes?.cpuCredits ?? (/^t[12]\./.test(instanceType) ? "standard" : "unlimited"),
    })),
    NextToken,
  };
});

export const modifyInstanceCreditSpecification = changing<
  ec2.ModifyInstanceCreditSpecificationRequest,
  ec2.ModifyInstanceCreditSpecificationResult
>(["InstanceCreditSpecifications"], async ({ cloud }, { InstanceCreditSpecifications: asked = [] }) => {
  for (const { InstanceId } of asked) await cloud.instances.describe(InstanceId ?? "");
  return async () => {
    for (const { InstanceId = "", CpuCredits } of asked)
      await cloud.instances.modify(InstanceId, { attributes: { cpuCredits: CpuCredits } });
    return {
      SuccessfulInstanceCreditSpecifications: asked.map(({ InstanceId }) => ({ InstanceId })),
      UnsuccessfulInstanceCreditSpecifications: [],
    };
  };
});

export const modifyInstanceMetadataOptions = changing<
  ec2.ModifyInstanceMetadataOptionsRequest,
  ec2.ModifyInstanceMetadataOptionsResult
>(
  [
    ...["InstanceId", "HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "HttpProtocolIpv6"],
    "InstanceMetadataTags",
  ],
  async ({ cloud }, input) => {
    const { InstanceId = "" } = input;
    const { attributes } = await cloud.instances.describe(InstanceId);
    const asked = {
      httpTokens: input.HttpTokens,
      httpPutResponseHopLimit: input.HttpPutResponseHopLimit,
      httpEndpoint: input.HttpEndpoint,
      httpProtocolIpv6: input.HttpProtocolIpv6,
      instanceMetadataTags: input.InstanceMetadataTags,
    };
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    const metadataOptions = { ...attributes?.metadataOptions, ...given };
    return async () => {
      await cloud.instances.modify(InstanceId, { attributes: { metadataOptions } });
      return { InstanceId, InstanceMetadataOptions: metadataOptionsOf(metadataOptions) };
    };
  },
);
