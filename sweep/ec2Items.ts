/** EC2's answers, in the sweep's words. Pure. */
import type { Image, Instance, SecurityGroup, Snapshot, Tag, Volume } from "@aws-sdk/client-ec2";
import { tagOf } from "../cli/aws/tags";
import { TAG } from "../components/tags";
import type { Item, Kind } from "./item";

export function instanceItem(instance: Instance): Item {
  const mappings = instance.BlockDeviceMappings ?? [];
  return {
    ...named("instance", instance.InstanceId, instance.State?.Name, instance.Tags),
    createdAt: instance.LaunchTime,
    instanceType: instance.InstanceType,
    groupIds: (instance.SecurityGroups ?? []).map(({ GroupId }) => GroupId ?? ""),
    volumes: mappings.map(({ Ebs }) => ({
      volumeId: Ebs?.VolumeId ?? "",
      deleteOnTermination: Ebs?.DeleteOnTermination ?? false,
    })),
  };
}

export function volumeItem(volume: Volume): Item {
  // More than one attachment is multi-attach, which nothing of a migration has.
  const attachment = volume.Attachments?.[0];
  return {
    ...named("volume", volume.VolumeId, volume.State, volume.Tags),
    createdAt: volume.CreateTime,
    sizeGb: volume.Size,
    attachment: attachment && {
      instanceId: attachment.InstanceId ?? "",
      deleteOnTermination: attachment.DeleteOnTermination ?? false,
    },
  };
}

export function groupItem(group: SecurityGroup): Item {
  return named("security group", group.GroupId, "", group.Tags);
}

export function imageItem(image: Image): Item {
  return {
    ...named("image", image.ImageId, image.State, image.Tags),
    createdAt: image.CreationDate === undefined ? undefined : new Date(image.CreationDate),
    copyOf: image.SourceImageId,
  };
}

/** What EC2 gives for the volume of a snapshot that was copied (API reference of Snapshot, volumeId). */
const COPIED_SNAPSHOT = "vol-ffffffff";

export function snapshotItem(snapshot: Snapshot): Item {
  return {
    ...named("snapshot", snapshot.SnapshotId, snapshot.State, snapshot.Tags),
    createdAt: snapshot.StartTime,
    copyOf: snapshot.VolumeId === COPIED_SNAPSHOT ? "another snapshot" : undefined,
    sizeGb: snapshot.VolumeSize,
  };
}

/** Which images start from a snapshot. */
export function imagesBySnapshot(images: Image[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { ImageId = "", BlockDeviceMappings = [] } of images) {
    for (const { Ebs } of BlockDeviceMappings) {
      const snapshotId = Ebs?.SnapshotId;
      if (snapshotId) users.set(snapshotId, [...(users.get(snapshotId) ?? []), ImageId]);
    }
  }
  return users;
}

export function isTagged({ Tags }: { Tags?: Tag[] }): boolean {
  return tagOf(Tags, TAG.stack) !== undefined;
}

function named(kind: Kind, id: string | undefined, state: string | undefined, tags: Tag[] | undefined): Item {
  return {
    kind,
    id: id ?? "",
    state: state ?? "",
    migration: tagOf(tags, TAG.migration) ?? "",
    stack: tagOf(tags, TAG.stack) ?? "",
    conversion: tagOf(tags, TAG.conversion) ?? "",
    role: tagOf(tags, TAG.role),
  };
}
