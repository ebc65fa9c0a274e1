import { ec2Arn } from "../../cloud/account";
import type { VolumeRecord } from "../../cloud/volumes";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments, theOne } from "./functionArguments";
import { filtersIn, flag, tagFiltersIn } from "./values";

/** aws:ebs/getVolume:getVolume. What it is attached to is not among what it shows: filters alone tell. */
export async function getVolume(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ebs/getVolume:getVolume", args, ["filters", "mostRecent", "tags"]);
  const found = await client.call("reading EBS Volumes", "DescribeVolumes", () =>
    client.cloud.volumes.search([...tagFiltersIn(args), ...filtersIn(args)]),
  );
  const newestFirst = [...found].sort((a, b) => b.createTime.localeCompare(a.createTime));
  return { ...args, ...describe(theOne(newestFirst, flag(args, "mostRecent") ?? false)) };
}

function describe(volume: VolumeRecord): Properties {
  return {
    arn: ec2Arn(`volume/${volume.volumeId}`),
    availabilityZone: volume.availabilityZone,
    createTime: volume.createTime,
    encrypted: volume.encrypted,
    id: volume.volumeId,
    iops: volume.iops ?? 0,
    kmsKeyId: volume.kmsKeyId ?? "",
    multiAttachEnabled: false,
    outpostArn: "",
    size: volume.sizeGb,
    snapshotId: volume.snapshotId ?? "",
    tags: volume.tags,
    throughput: volume.throughput ?? 0,
    volumeId: volume.volumeId,
    volumeInitializationRate: 0,
    volumeType: volume.volumeType,
  };
}
