import { ACCOUNT_ID, ec2Arn } from "../../cloud/account";
import type { SnapshotRecord } from "../../cloud/snapshots";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { filtersIn, flag, texts } from "./values";

/** aws:ebs/getSnapshot:getSnapshot */
export async function getSnapshot(client: Client, args: Properties): Promise<Properties> {
  const { snapshots } = client.cloud;
  const known = ["filters", "mostRecent", "owners", "snapshotIds"];
  requireKnownArguments("aws:ebs/getSnapshot:getSnapshot", args, known);
  const matching = await client.call("reading EBS Snapshots", "DescribeSnapshots", async () => {
    // An id that does not exist is an error of its own on EC2, not an empty answer.
    for (const id of texts(args, "snapshotIds") ?? []) await snapshots.describe(id);
    return snapshots.search(filtersIn(args));
  });
  const found = matching.filter((record) => isAskedFor(record, args)).sort(newestFirst);
  return {
    ...args,
    ...describe(onlyOne(flag(args, "mostRecent") ? found.slice(0, 1) : found, "EBS Snapshot")),
  };
}

function isAskedFor({ snapshotId, ownerId }: SnapshotRecord, args: Properties): boolean {
  const owners = texts(args, "owners")?.map((owner) => (owner === "self" ? ACCOUNT_ID : owner));
  return (texts(args, "snapshotIds")?.includes(snapshotId) ?? true) && (owners?.includes(ownerId) ?? true);
}

function newestFirst(a: SnapshotRecord, b: SnapshotRecord): number {
  return b.startTime.localeCompare(a.startTime);
}

function describe(record: SnapshotRecord): Properties {
  return {
    arn: ec2Arn(`snapshot/${record.snapshotId}`),
    dataEncryptionKeyId: "",
    description: record.description,
    encrypted: record.encrypted,
    id: record.snapshotId,
    kmsKeyId: record.kmsKeyId ?? "",
    outpostArn: "",
    ownerAlias: "",
    ownerId: record.ownerId,
    snapshotId: record.snapshotId,
    startTime: record.startTime,
    state: record.state,
    storageTier: "standard",
    tags: record.tags,
    volumeId: record.volumeId,
    volumeSize: record.volumeSizeGb,
  };
}
