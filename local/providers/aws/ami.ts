import { ec2Arn } from "../../cloud/account";
import type { BlockDeviceMapping, RegisterImageRequest } from "../../cloud/imageRules";
import type { ImageRecord } from "../../cloud/images";
import type { Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { actionOf, awsResource } from "./resource";
import { flag, number, objects, requiredText, tagOutputs, tagsIn, text } from "./values";

const FIXED = [
  ...["architecture", "bootMode", "ebsBlockDevices", "enaSupport", "ephemeralBlockDevices", "imdsSupport"],
  ...[
    "kernelId",
    "name",
    "ramdiskId",
    "rootDeviceName",
    "sriovNetSupport",
    "tpmSupport",
    "virtualizationType",
  ],
];

/** aws:ec2/ami:Ami */
export function ami(client: Client): ResourceHandler {
  const { images } = client.cloud;
  return awsResource({
    type: "aws:ec2/ami:Ami",
    required: [],
    optional: [...FIXED, "description", "deprecationTime", "tags"],
    computed: ["ebsBlockDevices", "ephemeralBlockDevices"],
    sets: ["ebsBlockDevices", "ephemeralBlockDevices"],
    outputs: [
      ...[
        "arn",
        "hypervisor",
        "imageLocation",
        "imageOwnerAlias",
        "imageType",
        "manageEbsSnapshots",
        "ownerId",
      ],
      ...["platform", "platformDetails", "public", "rootSnapshotId", "tagsAll", "usageOperation"],
    ],
    replaces: FIXED,
    autoName: "name",
    defaults,

    async create(inputs, context) {
      refuseEncryptionOfSnapshots(inputs);
      const request = requestOf(inputs);
      const doing = `creating EC2 AMI (${request.name})`;
      const { imageId } = await client.call(doing, "RegisterImage", () => images.register(request));
      const what = `EC2 AMI (${imageId}) create`;
      const describe = () => find(`waiting for ${what}`, imageId);
      await client.wait(context, 2400, {
        what,
        state: async () => (await describe())?.state,
        reason: async () => (await describe())?.stateMessage,
        pending: ["pending"],
        target: "available",
      });
      await deprecate(imageId, inputs);
      return imageId;
    },

    async show(id) {
      const record = await find(`reading EC2 AMI (${id})`, id);
      return record && describe(record);
    },

    async update(id, changed, inputs) {
      const change = { description: text(inputs, "description") ?? "", tags: tagsIn(inputs) };
      const action = actionOf(changed, "ModifyImageAttribute");
      await client.call(`updating EC2 AMI (${id})`, action, () => images.modify(id, change));
      if (changed.includes("deprecationTime")) await deprecate(id, inputs);
    },

    async delete(id) {
      await client.find(`deleting EC2 AMI (${id})`, "DeregisterImage", () => images.deregister(id));
    },
  });

  function find(doing: string, id: string): Promise<ImageRecord | undefined> {
    return client.find(doing, "DescribeImages", () => images.describe(id));
  }

  async function deprecate(id: string, inputs: Properties): Promise<void> {
    const deprecationTime = text(inputs, "deprecationTime");
    if (deprecationTime === undefined) return;
    const doing = `creating EC2 AMI (${id}) deprecation`;
    await client.call(doing, "EnableImageDeprecation", () => images.modify(id, { deprecationTime }));
  }
}

/** pulumi-aws's own, hostile ones included: an image is paravirtual, on magnetic disks, unless said otherwise. */
function defaults(): Properties {
  return { architecture: "x86_64", virtualizationType: "paravirtual", sriovNetSupport: "simple" };
}

/** pulumi-aws refuses this itself when it makes an image, before EC2 is asked; not in a check: a refresh brings both. */
function refuseEncryptionOfSnapshots(inputs: Properties): void {
  objects(inputs, "ebsBlockDevices").forEach((device, index) => {
    if (device.encrypted !== true || !device.snapshotId) return;
    throw new Error(
      `ebsBlockDevices[${index}]: can't set both 'snapshot_id' and 'encrypted'. Leave encrypted out.`,
    );
  });
}

function requestOf(inputs: Properties): RegisterImageRequest {
  return {
    name: requiredText(inputs, "name"),
    description: text(inputs, "description"),
    architecture: text(inputs, "architecture") as RegisterImageRequest["architecture"],
    virtualizationType: text(inputs, "virtualizationType") as RegisterImageRequest["virtualizationType"],
    rootDeviceName: text(inputs, "rootDeviceName"),
    kernelId: text(inputs, "kernelId"),
    ramdiskId: text(inputs, "ramdiskId"),
    enaSupport: flag(inputs, "enaSupport"),
    // An empty string is pulumi-aws's way of saying none over its default.
    sriovNetSupport: text(inputs, "sriovNetSupport") || undefined,
    bootMode: text(inputs, "bootMode"),
    imdsSupport: text(inputs, "imdsSupport"),
    tpmSupport: text(inputs, "tpmSupport"),
    blockDeviceMappings: [
      ...objects(inputs, "ebsBlockDevices").map(ebsMapping),
      ...objects(inputs, "ephemeralBlockDevices").map((device) => ({
        deviceName: requiredText(device, "deviceName"),
        virtualName: requiredText(device, "virtualName"),
      })),
    ],
    tags: tagsIn(inputs),
  };
}

function ebsMapping(device: Properties): RegisterImageRequest["blockDeviceMappings"][number] {
  const snapshotId = text(device, "snapshotId");
  return {
    deviceName: requiredText(device, "deviceName"),
    ebs: {
      snapshotId,
      volumeSizeGb: number(device, "volumeSize"),
      volumeType: text(device, "volumeType") ?? "standard",
      deleteOnTermination: flag(device, "deleteOnTermination") ?? true,
      iops: number(device, "iops"),
      throughput: number(device, "throughput"),
      // Of a snapshot nothing may be said, not even false.
      encrypted: snapshotId === undefined ? (flag(device, "encrypted") ?? false) : undefined,
    },
  };
}

function describe(image: ImageRecord): Properties {
  return {
    arn: ec2Arn(`image/${image.imageId}`),
    architecture: image.architecture,
    bootMode: image.bootMode,
    deprecationTime: image.deprecationTime,
    description: image.description,
    ebsBlockDevices: image.blockDeviceMappings.filter(({ ebs }) => ebs).map(describeEbs),
    enaSupport: image.enaSupport,
    ephemeralBlockDevices: image.blockDeviceMappings.filter(({ virtualName }) => virtualName),
    hypervisor: "xen",
    imageLocation: `${image.ownerId}/${image.name}`,
    imageOwnerAlias: "",
    imageType: "machine",
    imdsSupport: image.imdsSupport ?? "",
    kernelId: image.kernelId ?? "",
    manageEbsSnapshots: false,
    name: image.name,
    ownerId: image.ownerId,
    platform: "",
    platformDetails: "Linux/UNIX",
    public: image.isPublic,
    ramdiskId: image.ramdiskId ?? "",
    rootDeviceName: image.rootDeviceName,
    rootSnapshotId: rootSnapshotOf(image),
    sriovNetSupport: image.sriovNetSupport ?? "",
    tpmSupport: image.tpmSupport ?? "",
    usageOperation: "RunInstances",
    virtualizationType: image.virtualizationType,
    ...tagOutputs(image.tags),
  };
}

/** The snapshot behind an image's root device. */
export function rootSnapshotOf({ blockDeviceMappings, rootDeviceName }: ImageRecord): string {
  return blockDeviceMappings.find(({ deviceName }) => deviceName === rootDeviceName)?.ebs?.snapshotId ?? "";
}

function describeEbs({ deviceName, ebs }: BlockDeviceMapping): Properties {
  return {
    deviceName,
    deleteOnTermination: ebs?.deleteOnTermination,
    encrypted: ebs?.encrypted,
    iops: ebs?.iops ?? 0,
    outpostArn: "",
    snapshotId: ebs?.snapshotId ?? "",
    throughput: ebs?.throughput ?? 0,
    volumeSize: ebs?.volumeSizeGb,
    volumeType: ebs?.volumeType,
  };
}
