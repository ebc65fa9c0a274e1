/** What EC2 and Auto Scaling answered about one region of one account, as the record has it. Pure. */
import type { BlockDeviceMapping, Image, Instance } from "@aws-sdk/client-ec2";
import { tagOf, tagsOf } from "../cli/aws/tags";
import { rootMapping } from "../snapshots/find";
import type { Answers } from "./ask";
import { barriersOf } from "./barriers";
import { GROUP_TAG, indirectIn, referrersIn } from "./referrers";
import type { FoundImage, FoundInstance, Mapping, Place, Referrer, Root } from "./types";

/** Without conversions, verdicts and stages: they need all places. */
export function placeOf(accountId: string, region: string, answers: Answers): Place {
  const referrers = referrersIn(answers);
  const paravirtual = answers.instances.filter((each) => each.VirtualizationType === "paravirtual");
  const gone = paravirtual
    .map(({ ImageId = "" }) => ImageId)
    .filter((id) => id !== "" && !answers.shownImages.has(id));
  const images = [
    ...[...answers.ownImages, ...answers.otherImages].map((image) =>
      foundImage(image, accountId, answers, referrers),
    ),
    ...[...new Set(gone)].map((id) => goneImage(id, referrers)),
  ];
  return {
    ...{ accountId, region },
    images: images.sort((one, other) => one.imageId.localeCompare(other.imageId)),
    instances: paravirtual
      .map(foundInstance)
      .sort((one, other) => one.instanceId.localeCompare(other.instanceId)),
    notes: [...new Set([...answers.notes, ...indirectIn(answers)])],
  };
}

/** What nobody knows yet of an image. */
function unseen() {
  return {
    ...{ otherMappings: [], productCodes: [], isPublic: false, sharedWith: [], tags: {}, conversions: [] },
    ...{ stage: "found" as const, inspection: { verdict: "not inspected" as const } },
  };
}

function goneImage(imageId: string, referrers: Map<string, Referrer[]>): FoundImage {
  return {
    ...{ ...unseen(), imageId, state: "gone", isOwn: false, root: { kind: "unknown" } },
    referrers: referrers.get(imageId) ?? [],
    inspection: {
      verdict: "not readable",
      reasons: [
        {
          subject: imageId,
          found: "EC2 does not show this image any more: it was deregistered, or is no longer shared.",
          advice:
            "Nothing can be launched from it. Convert the machine that was launched from it: source.instanceId (docs/sources.md).",
        },
      ],
    },
  };
}

function foundImage(
  image: Image,
  accountId: string,
  answers: Answers,
  referrers: Map<string, Referrer[]>,
): FoundImage {
  const { ImageId: imageId = "", BlockDeviceMappings = [], Public: isPublic = false } = image;
  const permissions = answers.permissions.get(imageId) ?? [];
  const root = rootOf(image, answers);
  const found: FoundImage = {
    ...unseen(),
    imageId,
    state: image.State ?? "unknown",
    name: image.Name,
    ownerId: image.OwnerId,
    isOwn: image.OwnerId === accountId,
    architecture: image.Architecture,
    createdAt: timeOf(image.CreationDate),
    lastLaunchedAt: timeOf(image.LastLaunchedTime),
    deprecatedAt: timeOf(image.DeprecationTime),
    root,
    otherMappings: BlockDeviceMappings.filter((each) => each !== rootMapping(image)).map(mappingOf),
    kernelId: image.KernelId || undefined,
    ramdiskId: image.RamdiskId || undefined,
    productCodes: (image.ProductCodes ?? []).map(({ ProductCodeId = "" }) => ProductCodeId),
    isPublic,
    sharedWith: permissions.flatMap(
      (each) => each.UserId ?? each.OrganizationArn ?? each.OrganizationalUnitArn ?? [],
    ),
    tags: tagsOf(image.Tags),
    referrers: referrers.get(imageId) ?? [],
  };
  return { ...found, inspection: barriersOf(image, root) ?? found.inspection };
}

function rootOf(image: Image, { snapshots }: Answers): Root {
  if (image.RootDeviceType === "instance-store")
    return { kind: "instance-store", manifest: image.ImageLocation };
  const mapping = rootMapping(image);
  const snapshotId = mapping?.Ebs?.SnapshotId;
  if (mapping === undefined || snapshotId === undefined) return { kind: "unknown" };
  const snapshot = snapshots.get(snapshotId);
  return {
    kind: "ebs",
    deviceName: image.RootDeviceName ?? mapping.DeviceName ?? "",
    snapshotId,
    sizeGb: snapshot?.VolumeSize ?? mapping.Ebs?.VolumeSize,
    encrypted: snapshot?.Encrypted ?? mapping.Ebs?.Encrypted ?? false,
    kmsKeyId: snapshot?.KmsKeyId || undefined,
    tier: snapshot && (snapshot.StorageTier === "archive" ? "archive" : "standard"),
    snapshotState: snapshot?.State,
    snapshotOwnerId: snapshot?.OwnerId,
    takenAt: snapshot?.StartTime?.toISOString(),
  };
}

function mappingOf({ DeviceName = "", Ebs, VirtualName }: BlockDeviceMapping): Mapping {
  return {
    deviceName: DeviceName,
    snapshotId: Ebs?.SnapshotId,
    sizeGb: Ebs?.VolumeSize,
    virtualName: VirtualName || undefined,
  };
}

function foundInstance(instance: Instance): FoundInstance {
  const { BlockDeviceMappings = [], RootDeviceName, Tags } = instance;
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName);
  return {
    instanceId: instance.InstanceId ?? "",
    name: tagOf(Tags, "Name"),
    state: instance.State?.Name ?? "unknown",
    instanceType: instance.InstanceType ?? "unknown",
    imageId: instance.ImageId ?? "",
    launchedAt: instance.LaunchTime?.toISOString(),
    architecture: instance.Architecture,
    availabilityZone: instance.Placement?.AvailabilityZone,
    rootDeviceType: instance.RootDeviceType === "instance-store" ? "instance-store" : "ebs",
    rootDeviceName: RootDeviceName,
    rootVolumeId: root?.Ebs?.VolumeId,
    lifecycle: instance.InstanceLifecycle,
    autoScalingGroup: tagOf(Tags, GROUP_TAG),
    productCodes: (instance.ProductCodes ?? []).map(({ ProductCodeId = "" }) => ProductCodeId),
    tags: tagsOf(Tags),
  };
}

function timeOf(time: string | undefined): string | undefined {
  return time === undefined || Number.isNaN(Date.parse(time)) ? undefined : new Date(time).toISOString();
}
