/** The archive of snapshots: cheap to keep, and not to be read before it is restored. */
import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import { Ec2Error } from "../../cloud/errors";
import { tierOf, type SnapshotRecord } from "../../cloud/snapshots";
import { passes } from "../../cloud/tags";
import { changing, telling } from "../action";
import { cut, PAGES } from "../pages";
import { date, exactlyOne, filtersOf, tagList } from "../values";

/** Into the archive. On EC2 that takes hours; here it is there at once. */
export const modifySnapshotTier = changing<ec2.ModifySnapshotTierRequest, ec2.ModifySnapshotTierResult>(
  ["SnapshotId", "StorageTier"],
  async ({ cloud }, { SnapshotId = "" }) => {
    await cloud.snapshots.requireArchivable(SnapshotId);
    return async () => {
      const time = new Date().toISOString();
      await cloud.snapshots.setTier(SnapshotId, { tier: "archive", operation: "archival-completed", time });
      return { SnapshotId, TieringStartTime: date(time) };
    };
  },
);

const DAY_MS = 24 * 60 * 60 * 1000;

/** Back, for good or for some days. */
export const restoreSnapshotTier = changing<ec2.RestoreSnapshotTierRequest, ec2.RestoreSnapshotTierResult>(
  ["SnapshotId", "TemporaryRestoreDays", "PermanentRestore"],
  async ({ cloud }, { SnapshotId = "", TemporaryRestoreDays: days, PermanentRestore }) => {
    exactlyOne({ TemporaryRestoreDays: days, PermanentRestore: PermanentRestore || undefined });
    const { tiering } = await cloud.snapshots.describe(SnapshotId);
    if (tiering === undefined || tiering.operation === "permanent-restore-completed")
      throw notArchived(SnapshotId);
    return async () => {
      const now = Date.now();
      const time = new Date(now).toISOString();
      const restored = days === undefined ? "permanent-restore-completed" : "temporary-restore-completed";
      const expiry = days === undefined ? undefined : new Date(now + days * DAY_MS).toISOString();
      await cloud.snapshots.setTier(SnapshotId, { tier: "standard", operation: restored, time, expiry });
      return {
        SnapshotId,
        RestoreStartTime: date(time),
        RestoreDuration: days,
        IsPermanentRestore: days === undefined,
      };
    };
  },
);

function notArchived(snapshotId: string): Ec2Error {
  return new Ec2Error(
    "IncorrectState",
    `Snapshot '${snapshotId}' is in the 'standard' storage tier. It must be in 'archive'`,
  );
}

const FILTERS: Record<string, (record: SnapshotRecord) => string | undefined> = {
  "last-tiering-operation": ({ tiering }) => tiering?.operation,
  "snapshot-id": ({ snapshotId }) => snapshotId,
  "volume-id": ({ volumeId }) => volumeId,
};

export const describeSnapshotTierStatus = telling<
  ec2.DescribeSnapshotTierStatusRequest,
  ec2.DescribeSnapshotTierStatusResult
>(["Filters", ...PAGES], async ({ cloud }, input) => {
  const filters = filtersOf(input.Filters);
  const own = (await cloud.snapshots.list()).filter(({ ownerId }) => ownerId === ACCOUNT_ID);
  const found = own.filter((record) => passes(record, filters, FILTERS));
  const { page, NextToken } = cut(found, ({ snapshotId }) => snapshotId, input);
  return { SnapshotTierStatuses: page.map(status), NextToken };
});

function status({ tiering, ...record }: SnapshotRecord): ec2.SnapshotTierStatus {
  return {
    SnapshotId: record.snapshotId,
    VolumeId: record.volumeId,
    Status: record.state,
    OwnerId: record.ownerId,
    StorageTier: tierOf({ ...record, tiering }),
    LastTieringOperationStatus: tiering?.operation,
    LastTieringStartTime: tiering && date(tiering.time),
    LastTieringProgress: tiering && 100,
    ArchivalCompleteTime: tiering?.tier === "archive" ? date(tiering.time) : undefined,
    RestoreExpiryTime: tiering?.expiry === undefined ? undefined : date(tiering.expiry),
    Tags: tagList(record.tags),
  };
}
