import type * as ec2 from "@aws-sdk/client-ec2";
import { Ec2Error } from "../../cloud/errors";
import { requireVolumeFilters, passesVolumeFilters } from "../../cloud/volumeFilters";
import type { VolumeRequest } from "../../cloud/volumeRules";
import type { VolumeAttachment, VolumeRecord } from "../../cloud/volumes";
import { changing, NOTHING, telling } from "../action";
import { cut, PAGES } from "../pages";
import { date, filtersOf, required, tagList, tagsFor } from "../values";

export const describeVolumes = telling<ec2.DescribeVolumesRequest, ec2.DescribeVolumesResult>(
  ["VolumeIds", "Filters", ...PAGES],
  async ({ cloud }, input) => {
    const { VolumeIds: ids = [] } = input;
    const filters = filtersOf(input.Filters);
    requireVolumeFilters(filters);
    const records =
      ids.length > 0
        ? await Promise.all(ids.map((id) => cloud.volumes.describe(id)))
        : await cloud.volumes.list();
    const passing = records.filter((record) => passesVolumeFilters(record, filters));
    const { page, NextToken } = cut(passing, ({ volumeId }) => volumeId, input);
    return { Volumes: page.map(volume), NextToken };
  },
);

export const createVolume = changing<ec2.CreateVolumeRequest, ec2.Volume>(
  [
    ...["AvailabilityZone", "Size", "SnapshotId", "VolumeType", "Iops", "Throughput"],
    ...["Encrypted", "KmsKeyId", "VolumeInitializationRate", "TagSpecifications"],
  ],
  async ({ cloud }, input) => {
    const request: VolumeRequest = {
      availabilityZone: required(input.AvailabilityZone, "AvailabilityZone"),
      sizeGb: input.Size,
      snapshotId: input.SnapshotId || undefined,
      volumeType: input.VolumeType || undefined,
      iops: input.Iops,
      throughput: input.Throughput,
      encrypted: input.Encrypted,
      kmsKeyId: input.KmsKeyId || undefined,
      volumeInitializationRate: input.VolumeInitializationRate,
      tags: tagsFor(input.TagSpecifications, "volume").volume,
    };
    if (request.snapshotId) await cloud.snapshots.describeShared(request.snapshotId);
    await cloud.volumes.plan(request);
    return async () => volume(await cloud.volumes.create(request));
  },
);

export const deleteVolume = changing<ec2.DeleteVolumeRequest, object>(
  ["VolumeId"],
  async ({ cloud }, { VolumeId = "" }) => {
    await cloud.volumes.requireDeletable(VolumeId);
    return async () => {
      await cloud.volumes.delete(VolumeId);
      return NOTHING;
    };
  },
);

export const modifyVolume = changing<ec2.ModifyVolumeRequest, ec2.ModifyVolumeResult>(
  ["VolumeId", "Size", "VolumeType", "Iops", "Throughput"],
  async ({ cloud }, { VolumeId = "", Size, VolumeType, Iops, Throughput }) => {
    const change = {
      ...(Size !== undefined && { sizeGb: Size }),
      ...(VolumeType !== undefined && { volumeType: VolumeType }),
      ...(Iops !== undefined && { iops: Iops }),
      ...(Throughput !== undefined && { throughput: Throughput }),
    };
    await cloud.volumes.planChange(VolumeId, change);
    return async () => {
      await cloud.volumes.modify(VolumeId, change);
      return { VolumeModification: modification(await cloud.volumes.describe(VolumeId)) };
    };
  },
);

export const describeVolumesModifications = telling<
  ec2.DescribeVolumesModificationsRequest,
  ec2.DescribeVolumesModificationsResult
>(["VolumeIds", ...PAGES], async ({ cloud }, input) => {
  const { VolumeIds: ids = [] } = input;
  const named = await Promise.all(ids.map((id) => cloud.volumes.describe(id)));
  const never = named.find((record) => !record.modification);
  if (never) {
    throw new Ec2Error(
      "InvalidVolumeModification.NotFound",
      `Modification for volume '${never.volumeId}' does not exist.`,
    );
  }
  const records = (ids.length > 0 ? named : await cloud.volumes.list()).filter(
    (record) => record.modification,
  );
  const { page, NextToken } = cut(records, ({ volumeId }) => volumeId, input);
  return { VolumesModifications: page.map(modification), NextToken };
});

export const attachVolume = changing<ec2.AttachVolumeRequest, ec2.VolumeAttachment>(
  ["Device", "InstanceId", "VolumeId"],
  async ({ cloud }, { Device = "", InstanceId = "", VolumeId = "" }) => {
    await cloud.attachments.planAttaching(VolumeId, InstanceId, Device);
    return async () => attachmentOf(await cloud.attachments.attach(VolumeId, InstanceId, Device));
  },
);

export const detachVolume = changing<ec2.DetachVolumeRequest, ec2.VolumeAttachment>(
  ["Device", "Force", "InstanceId", "VolumeId"],
  async ({ cloud }, { Device, InstanceId, VolumeId = "" }) => {
    const { attachment } = await cloud.volumes.describe(VolumeId);
    const instanceId = InstanceId || attachment?.instanceId;
    requireDevice(VolumeId, Device, attachment);
    if (instanceId === undefined) {
      throw new Ec2Error("IncorrectState", `Volume '${VolumeId}' is in the 'available' state.`);
    }
    await cloud.attachments.planDetaching(VolumeId, instanceId);
    return async () => attachmentOf(await cloud.attachments.detach(VolumeId, instanceId));
  },
);

function requireDevice(volumeId: string, device?: string, attachment?: VolumeAttachment): void {
  if (!device || !attachment || attachment.deviceName === device) return;
  throw new Ec2Error(
    "InvalidAttachment.NotFound",
    `The volume '${volumeId}' is not attached as ${device}, but as ${attachment.deviceName}`,
  );
}

/** What an answer says of a volume. */
function volume(record: VolumeRecord): ec2.Volume {
  return {
    VolumeId: record.volumeId,
    Size: record.sizeGb,
    SnapshotId: record.snapshotId ?? "",
    AvailabilityZone: record.availabilityZone,
    State: record.state,
    CreateTime: date(record.createTime),
    VolumeType: record.volumeType as ec2.VolumeType,
    Iops: record.iops,
    Throughput: record.throughput,
    Encrypted: record.encrypted,
    KmsKeyId: record.kmsKeyId,
    MultiAttachEnabled: false,
    VolumeInitializationRate: record.volumeInitializationRate,
    Attachments: record.attachment ? [attachmentOf(record)] : [],
    Tags: tagList(record.tags),
  };
}

function attachmentOf({ volumeId, attachment }: VolumeRecord): ec2.VolumeAttachment {
  return {
    VolumeId: volumeId,
    InstanceId: attachment?.instanceId,
    Device: attachment?.deviceName,
    State: attachment?.state ?? "detached",
    AttachTime: attachment?.attachTime === undefined ? undefined : date(attachment.attachTime),
    DeleteOnTermination: attachment?.deleteOnTermination ?? false,
  };
}

function modification({ volumeId, modification: made }: VolumeRecord): ec2.VolumeModification {
  if (!made) return { VolumeId: volumeId };
  const { before, after, time } = made;
  return {
    VolumeId: volumeId,
    ModificationState: "completed",
    Progress: 100,
    StartTime: date(time),
    EndTime: date(time),
    OriginalSize: before.sizeGb,
    OriginalVolumeType: before.volumeType as ec2.VolumeType,
    OriginalIops: before.iops,
    OriginalThroughput: before.throughput,
    TargetSize: after.sizeGb,
    TargetVolumeType: after.volumeType as ec2.VolumeType,
    TargetIops: after.iops,
    TargetThroughput: after.throughput,
  };
}
