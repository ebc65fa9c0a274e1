import { DescribeVolumesCommand, type Volume } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments, theOne } from "./functionArguments";
import { shownTags } from "./tagging";
import { filtersIn, flag, tagFiltersIn } from "./values";
import { timeOf } from "./volume";

/** aws:ebs/getVolume:getVolume. What it is attached to is not among what it shows: filters alone tell. */
export async function getVolume(client: Client, args: Properties): Promise<Properties> {
  const known = ["filters", "mostRecent", "tags"];
  requireKnownArguments("aws:ebs/getVolume:getVolume", args, known, client);
  const filters = [...tagFiltersIn(args), ...filtersIn(args)];
  const request = new DescribeVolumesCommand({ Filters: filters.length > 0 ? filters : undefined });
  const { Volumes = [] } = await client.call("reading EBS Volumes", request);
  const volume = theOne([...Volumes].sort(newestFirst), flag(args, "mostRecent") ?? false);
  return { ...args, ...(await describe(client, volume)) };
}

function newestFirst(a: Volume, b: Volume): number {
  return (b.CreateTime?.getTime() ?? 0) - (a.CreateTime?.getTime() ?? 0);
}

async function describe(client: Client, volume: Volume): Promise<Properties> {
  return {
    arn: await client.arn(`volume/${volume.VolumeId}`),
    availabilityZone: volume.AvailabilityZone,
    createTime: timeOf(volume.CreateTime),
    encrypted: volume.Encrypted ?? false,
    id: volume.VolumeId,
    iops: volume.Iops ?? 0,
    kmsKeyId: volume.KmsKeyId ?? "",
    multiAttachEnabled: volume.MultiAttachEnabled ?? false,
    outpostArn: volume.OutpostArn ?? "",
    size: volume.Size,
    snapshotId: volume.SnapshotId ?? "",
    tags: shownTags(volume.Tags),
    throughput: volume.Throughput ?? 0,
    volumeId: volume.VolumeId,
    volumeInitializationRate: volume.VolumeInitializationRate ?? 0,
    volumeType: volume.VolumeType,
  };
}
