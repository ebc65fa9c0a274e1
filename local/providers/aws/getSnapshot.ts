import { DescribeSnapshotsCommand, type Snapshot } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { describeSnapshot } from "./snapshot";
import { shownTags } from "./tagging";
import { filtersIn, flag, texts } from "./values";
import { timeOf } from "./volume";

/** aws:ebs/getSnapshot:getSnapshot */
export async function getSnapshot(client: Client, args: Properties): Promise<Properties> {
  const known = ["filters", "mostRecent", "owners", "snapshotIds"];
  requireKnownArguments("aws:ebs/getSnapshot:getSnapshot", args, known, client);
  const filters = filtersIn(args);
  const request = new DescribeSnapshotsCommand({
    Filters: filters.length > 0 ? filters : undefined,
    OwnerIds: texts(args, "owners"),
    SnapshotIds: texts(args, "snapshotIds"),
  });
  const { Snapshots: matching = [] } = await client.call("reading EBS Snapshots", request);
  const found = [...matching].sort(newestFirst);
  const snapshot = onlyOne(flag(args, "mostRecent") ? found.slice(0, 1) : found, "EBS Snapshot");
  return { mostRecent: false, ...args, ...(await describe(client, snapshot)) };
}

function newestFirst(a: Snapshot, b: Snapshot): number {
  return (b.StartTime?.getTime() ?? 0) - (a.StartTime?.getTime() ?? 0);
}

async function describe(client: Client, found: Snapshot): Promise<Properties> {
  return {
    ...(await describeSnapshot(client, found)),
    id: found.SnapshotId,
    snapshotId: found.SnapshotId,
    startTime: timeOf(found.StartTime),
    state: found.State,
    tags: shownTags(found.Tags),
  };
}
