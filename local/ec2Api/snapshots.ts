import { ACCOUNT_ID } from "../cloud/account";
import type { SnapshotRecord } from "../cloud/snapshots";
import { DONE, type Handler, tagSet } from "./handler";
import { cut, pageIn } from "./pages";
import type { XmlElements } from "./xml";

/** Without owners: one's own and everybody's that are shared, of which there are the seeded ones only. */
export const describeSnapshots: Handler = (cloud, query) => {
  const [ids, filters, owners] = [query.list("SnapshotId"), query.filters(), query.list("Owner")];
  const request = pageIn(query);
  const accounts = owners.map((owner) => (owner === "self" ? ACCOUNT_ID : owner));
  return async () => {
    for (const id of ids) await cloud.snapshots.describe(id);
    const found = await cloud.snapshots.search(filters);
    const records = found
      .filter(({ snapshotId }) => ids.length === 0 || ids.includes(snapshotId))
      .filter(({ ownerId }) => accounts.length === 0 || accounts.includes(ownerId));
    const { page, nextToken } = cut(records, ({ snapshotId }) => snapshotId, request);
    return { snapshotSet: page.map(snapshot), nextToken };
  };
};

export const deleteSnapshot: Handler = (cloud, query) => {
  const id = query.required("SnapshotId");
  return async () => {
    await cloud.snapshots.delete(id);
    return DONE;
  };
};

function snapshot(record: SnapshotRecord): XmlElements {
  const { snapshotId, volumeId, volumeSizeGb, description, state, stateMessage, startTime } = record;
  const { encrypted, kmsKeyId, ownerId } = record;
  return {
    ...{ snapshotId, volumeId, volumeSize: volumeSizeGb, description, startTime, ownerId },
    ...{ status: state, statusMessage: stateMessage, progress: state === "completed" ? "100%" : "0%" },
    ...{ encrypted, kmsKeyId, tagSet: tagSet(record.tags) },
  };
}
