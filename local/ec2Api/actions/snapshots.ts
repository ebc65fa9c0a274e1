import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import { tierOf, type SnapshotRecord } from "../../cloud/snapshots";
import { changing, NOTHING, telling } from "../action";
import { cut, PAGES } from "../pages";
import { date, filtersOf, tagList, tagsFor } from "../values";

/** Without owners: one's own and everybody's that are shared, of which there are the seeded ones only. */
export const describeSnapshots = telling<ec2.DescribeSnapshotsRequest, ec2.DescribeSnapshotsResult>(
  ["SnapshotIds", "Filters", "OwnerIds", ...PAGES],
  async ({ cloud }, input) => {
    const { SnapshotIds: ids = [], OwnerIds = [] } = input;
    for (const id of ids) await cloud.snapshots.describeShared(id);
    const owners = OwnerIds.map((owner) => (owner === "self" ? ACCOUNT_ID : owner));
    const records = (await cloud.snapshots.search(filtersOf(input.Filters)))
      .filter(({ snapshotId }) => ids.length === 0 || ids.includes(snapshotId))
      .filter(({ ownerId }) => owners.length === 0 || owners.includes(ownerId));
    const { page, NextToken } = cut(records, ({ snapshotId }) => snapshotId, input);
    return { Snapshots: page.map(snapshot), NextToken };
  },
);

export const createSnapshot = changing<ec2.CreateSnapshotRequest, ec2.Snapshot>(
  ["VolumeId", "Description", "TagSpecifications"],
  async ({ cloud }, { VolumeId = "", Description, TagSpecifications }) => {
    const { snapshot: tags } = tagsFor(TagSpecifications, "snapshot");
    await cloud.volumes.describe(VolumeId);
    return async () => {
      const volume = await cloud.volumes.describe(VolumeId);
      return snapshot(await cloud.snapshots.create(volume, Description, tags));
    };
  },
);

export const deleteSnapshot = changing<ec2.DeleteSnapshotRequest, object>(
  ["SnapshotId"],
  async ({ cloud }, { SnapshotId = "" }) => {
    await cloud.snapshots.requireDeletable(SnapshotId);
    return async () => {
      await cloud.snapshots.delete(SnapshotId);
      return NOTHING;
    };
  },
);

function snapshot(record: SnapshotRecord): ec2.Snapshot {
  return {
    SnapshotId: record.snapshotId,
    VolumeId: record.volumeId,
    VolumeSize: record.volumeSizeGb,
    Description: record.description,
    State: record.state,
    StateMessage: record.stateMessage,
    StartTime: date(record.startTime),
    Progress: record.state === "completed" ? "100%" : "0%",
    OwnerId: record.ownerId,
    Encrypted: record.encrypted,
    KmsKeyId: record.kmsKeyId,
    StorageTier: tierOf(record),
    RestoreExpiryTime: record.tiering?.expiry === undefined ? undefined : date(record.tiering.expiry),
    Tags: tagList(record.tags),
  };
}
