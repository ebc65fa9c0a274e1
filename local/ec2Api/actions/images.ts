import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import type { BlockDeviceMapping, RegisterImageRequest } from "../../cloud/imageRules";
import type { ImageRecord } from "../../cloud/images";
import { changing, NOTHING, telling } from "../action";
import { cut, PAGES } from "../pages";
import { filtersOf, tagList, tagsFor } from "../values";
import { productCodes } from "./describedInstance";

export const describeImages = telling<ec2.DescribeImagesRequest, ec2.DescribeImagesResult>(
  ["ImageIds", "Filters", "Owners", "IncludeDeprecated", "IncludeDisabled", ...PAGES],
  async ({ cloud }, input) => {
    const { ImageIds: ids = [], Owners: owners = [] } = input;
    for (const id of ids) await cloud.images.describe(id);
    const records = await cloud.images.search({
      filters: filtersOf(input.Filters),
      owners,
      imageIds: ids.length > 0 ? ids : undefined,
      includeDeprecated: input.IncludeDeprecated,
      includeDisabled: input.IncludeDisabled,
    });
    const { page, NextToken } = cut(records, ({ imageId }) => imageId, input);
    return { Images: page.map(image), NextToken };
  },
);

export const registerImage = changing<ec2.RegisterImageRequest, ec2.RegisterImageResult>(
  [
    ...[
      "Name",
      "Description",
      "Architecture",
      "VirtualizationType",
      "KernelId",
      "RamdiskId",
      "ImageLocation",
    ],
    ...["RootDeviceName", "EnaSupport", "SriovNetSupport", "BootMode", "ImdsSupport", "TpmSupport"],
    ...[
      "BlockDeviceMappings.DeviceName",
      "BlockDeviceMappings.VirtualName",
      "BlockDeviceMappings.Ebs.SnapshotId",
    ],
    ...["VolumeSize", "VolumeType", "Iops", "Throughput", "DeleteOnTermination", "Encrypted"].map(
      (name) => `BlockDeviceMappings.Ebs.${name}`,
    ),
    "TagSpecifications",
  ],
  async ({ cloud }, input) => {
    const request = registration(input);
    await cloud.images.plan(request);
    return async () => ({ ImageId: (await cloud.images.register(request)).imageId });
  },
);

/** Providers of infrastructure send `SriovNetSupport=` for "not". EC2 is taken to understand that; nobody has tried it. */
function registration(input: ec2.RegisterImageRequest): RegisterImageRequest {
  return {
    name: input.Name ?? "",
    description: input.Description || undefined,
    architecture: (input.Architecture || undefined) as RegisterImageRequest["architecture"],
    virtualizationType: (input.VirtualizationType || undefined) as RegisterImageRequest["virtualizationType"],
    kernelId: input.KernelId || undefined,
    ramdiskId: input.RamdiskId || undefined,
    imageLocation: input.ImageLocation || undefined,
    rootDeviceName: input.RootDeviceName || undefined,
    enaSupport: input.EnaSupport,
    sriovNetSupport: input.SriovNetSupport || undefined,
    bootMode: input.BootMode || undefined,
    imdsSupport: input.ImdsSupport || undefined,
    tpmSupport: input.TpmSupport || undefined,
    tags: tagsFor(input.TagSpecifications, "image", "snapshot").image,
    blockDeviceMappings: (input.BlockDeviceMappings ?? []).map(mappingRequest),
  };
}

function mappingRequest({
  DeviceName = "",
  VirtualName,
  Ebs,
}: ec2.BlockDeviceMapping): RegisterImageRequest["blockDeviceMappings"][number] {
  if (!Ebs) return { deviceName: DeviceName, virtualName: VirtualName };
  const given = {
    snapshotId: Ebs.SnapshotId || undefined,
    volumeSizeGb: Ebs.VolumeSize,
    volumeType: Ebs.VolumeType,
    iops: Ebs.Iops,
    throughput: Ebs.Throughput,
    deleteOnTermination: Ebs.DeleteOnTermination,
    encrypted: Ebs.Encrypted,
  };
  // A parameter that is there but undefined would hide a default.
  const ebs = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { deviceName: DeviceName, ebs };
}

export const deregisterImage = changing<ec2.DeregisterImageRequest, ec2.DeregisterImageResult>(
  ["ImageId"],
  async ({ cloud }, { ImageId = "" }) => {
    await cloud.images.requireOwn(ImageId);
    return async () => {
      await cloud.images.deregister(ImageId);
      return { Return: true };
    };
  },
);

export const enableImageDeprecation = changing<
  ec2.EnableImageDeprecationRequest,
  ec2.EnableImageDeprecationResult
>(["ImageId", "DeprecateAt"], async ({ cloud }, { ImageId = "", DeprecateAt }) => {
  await cloud.images.requireOwn(ImageId);
  return async () => {
    await cloud.images.modify(ImageId, { deprecationTime: DeprecateAt?.toISOString() });
    return { Return: true };
  };
});

export const disableImageDeprecation = changing<
  ec2.DisableImageDeprecationRequest,
  ec2.DisableImageDeprecationResult
>(["ImageId"], async ({ cloud }, { ImageId = "" }) => {
  await cloud.images.requireOwn(ImageId);
  return async () => {
    await cloud.images.modify(ImageId, { deprecationTime: undefined });
    return { Return: true };
  };
});

/** A disabled image shows with `IncludeDisabled` alone, and starts nothing. */
export const disableImage = changing<ec2.DisableImageRequest, ec2.DisableImageResult>(
  ["ImageId"],
  async ({ cloud }, { ImageId = "" }) => {
    await cloud.images.requireOwn(ImageId);
    return async () => {
      await cloud.images.setDisabled(ImageId, true);
      return { Return: true };
    };
  },
);

export const enableImage = changing<ec2.EnableImageRequest, ec2.EnableImageResult>(
  ["ImageId"],
  async ({ cloud }, { ImageId = "" }) => {
    await cloud.images.requireOwn(ImageId);
    return async () => {
      await cloud.images.setDisabled(ImageId, false);
      return { Return: true };
    };
  },
);

/** The description, and who else may launch it. */
export const modifyImageAttribute = changing<ec2.ModifyImageAttributeRequest, object>(
  [
    "ImageId",
    "Attribute",
    "Value",
    "Description",
    "ImdsSupport",
    "LaunchPermission",
    "OperationType",
    "UserIds",
    "UserGroups",
  ],
  async ({ cloud }, input) => {
    const { ImageId = "", Attribute, Value, Description, ImdsSupport } = input;
    const { launchPermissions: before } = await cloud.images.requireOwn(ImageId);
    const description = Attribute === "description" ? (Value ?? "") : Description?.Value;
    const change = {
      ...(description !== undefined && { description }),
      ...(ImdsSupport?.Value !== undefined && { imdsSupport: ImdsSupport.Value }),
      ...(isAboutLaunching(input) && { launchPermissions: permissionsAfter(before, input) }),
    };
    return async () => {
      await cloud.images.modify(ImageId, change);
      return NOTHING;
    };
  },
);

function isAboutLaunching({ Attribute, LaunchPermission }: ec2.ModifyImageAttributeRequest): boolean {
  return Attribute === "launchPermission" || LaunchPermission !== undefined;
}

/** Account numbers, and `all`. */
function permissionsAfter(before: string[] = [], input: ec2.ModifyImageAttributeRequest): string[] {
  const named = [...(input.UserIds ?? []), ...(input.UserGroups ?? [])];
  const who = (list: ec2.LaunchPermission[] = []) => list.map(({ UserId, Group }) => UserId ?? Group ?? "");
  const added = [...(input.OperationType === "remove" ? [] : named), ...who(input.LaunchPermission?.Add)];
  const removed = [
    ...(input.OperationType === "remove" ? named : []),
    ...who(input.LaunchPermission?.Remove),
  ];
  return [...new Set([...before, ...added])].filter((name) => !removed.includes(name));
}

export const describeImageAttribute = telling<ec2.DescribeImageAttributeRequest, ec2.ImageAttribute>(
  ["ImageId", "Attribute"],
  async ({ cloud }, { ImageId = "", Attribute }) => {
    const record = await cloud.images.requireOwn(ImageId);
    const value = (text?: string) => ({ Value: text });
    const answers: Record<ec2.ImageAttributeName, ec2.ImageAttribute> = {
      description: { Description: value(record.description) },
      kernel: { KernelId: value(record.kernelId) },
      ramdisk: { RamdiskId: value(record.ramdiskId) },
      launchPermission: { LaunchPermissions: (record.launchPermissions ?? []).map(launchPermission) },
      productCodes: { ProductCodes: productCodes(record.productCodes) },
      blockDeviceMapping: { BlockDeviceMappings: record.blockDeviceMappings.map(mapping) },
      sriovNetSupport: { SriovNetSupport: value(record.sriovNetSupport) },
      bootMode: { BootMode: value(record.bootMode) },
      tpmSupport: { TpmSupport: value(record.tpmSupport) },
      uefiData: { UefiData: value() },
      lastLaunchedTime: { LastLaunchedTime: value() },
      imdsSupport: { ImdsSupport: value(record.imdsSupport) },
      deregistrationProtection: { DeregistrationProtection: value("disabled") },
    };
    return { ImageId, ...(Attribute && answers[Attribute]) };
  },
);

function launchPermission(who: string): ec2.LaunchPermission {
  return who === "all" ? { Group: "all" } : { UserId: who };
}

function image(record: ImageRecord): ec2.Image {
  return {
    ImageId: record.imageId,
    ImageLocation: record.imageLocation ?? `${record.ownerId}/${record.name}`,
    Name: record.name,
    Description: record.description || undefined,
    State: record.isDisabled ? "disabled" : record.state,
    StateReason: record.stateMessage
      ? { Code: "Server.InternalError", Message: record.stateMessage }
      : undefined,
    OwnerId: record.ownerId,
    Public: record.isPublic || (record.launchPermissions ?? []).includes("all"),
    CreationDate: record.creationDate,
    DeprecationTime: record.deprecationTime,
    Architecture: record.architecture,
    ImageType: "machine",
    Hypervisor: "xen",
    VirtualizationType: record.virtualizationType,
    RootDeviceType: record.imageLocation === undefined ? "ebs" : "instance-store",
    RootDeviceName: record.rootDeviceName || undefined,
    EnaSupport: record.enaSupport || undefined,
    SriovNetSupport: record.sriovNetSupport,
    BootMode: record.bootMode as ec2.BootModeValues | undefined,
    ImdsSupport: record.imdsSupport as ec2.ImdsSupportValues | undefined,
    TpmSupport: record.tpmSupport as ec2.TpmSupportValues | undefined,
    KernelId: record.kernelId,
    RamdiskId: record.ramdiskId,
    ProductCodes: productCodes(record.productCodes),
    PlatformDetails: "Linux/UNIX",
    UsageOperation: "RunInstances",
    DeregistrationProtection: record.ownerId === ACCOUNT_ID ? "disabled" : undefined,
    BlockDeviceMappings: record.blockDeviceMappings.map(mapping),
    Tags: tagList(record.tags),
  };
}

function mapping({ deviceName, virtualName, ebs }: BlockDeviceMapping): ec2.BlockDeviceMapping {
  if (!ebs) return { DeviceName: deviceName, VirtualName: virtualName };
  return {
    DeviceName: deviceName,
    Ebs: {
      SnapshotId: ebs.snapshotId,
      VolumeSize: ebs.volumeSizeGb,
      VolumeType: ebs.volumeType as ec2.VolumeType,
      DeleteOnTermination: ebs.deleteOnTermination,
      Encrypted: ebs.encrypted,
      Iops: ebs.iops,
      Throughput: ebs.throughput,
    },
  };
}
