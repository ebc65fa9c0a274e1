import { randomUUID } from "node:crypto";
import {
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  ModifyVolumeCommand,
  type CreateVolumeRequest,
  type Volume,
  type VolumeType,
} from "@aws-sdk/client-ec2";
import type { Context, Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { awsResource, type Change } from "./resource";
import { tagOutputs, tagSpecifications } from "./tagging";
import { flag, number, requiredText, tagsIn, text } from "./values";

const COMPUTED = ["size", "snapshotId", "type", "iops", "throughput", "encrypted", "kmsKeyId"];

/** aws:ebs/volume:Volume */
export function volume(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ebs/volume:Volume",
    required: ["availabilityZone"],
    optional: [...COMPUTED, "volumeInitializationRate", "tags"],
    computed: COMPUTED,
    outputs: ["arn", "createTime", "finalSnapshot", "multiAttachEnabled", "outpostArn", "tagsAll"],
    replaces: ["availabilityZone", "snapshotId", "encrypted", "kmsKeyId", "volumeInitializationRate"],
    tagging: (id) => `updating EBS Volume (${id})`,

    async create(inputs, context) {
      const made = await client.call("creating EBS Volume", new CreateVolumeCommand(requestOf(inputs)));
      const id = made.VolumeId ?? "";
      await waitForVolume(client, id, context, "create", 300, ["creating"], "available");
      return id;
    },

    async show(id) {
      const found = await findVolume(client, `reading EBS Volume (${id})`, id);
      return found && describe(client, found);
    },

    update: (change) => modify(client, change),

    async delete(id, _recorded, context) {
      const doing = `deleting EBS Volume (${id})`;
      const limit = context.timeoutSeconds ?? 600;
      const request = () => new DeleteVolumeCommand({ VolumeId: id });
      if (!(await client.removeWithRetries(["VolumeInUse"], limit, doing, request))) return;
      await waitForVolume(client, id, context, "delete", 600, ["deleting"], "gone");
    },
  });
}

/** A volume as EC2 has it, or undefined if it is gone. */
export async function findVolume(client: Client, doing: string, id: string): Promise<Volume | undefined> {
  const found = await client.find(doing, new DescribeVolumesCommand({ VolumeIds: [id] }));
  const [volume] = found?.Volumes ?? [];
  return volume?.State === "deleted" ? undefined : volume;
}

export function waitForVolume(
  client: Client,
  id: string,
  context: Context,
  doing: string,
  timeoutSeconds: number,
  pending: string[],
  target: string | string[],
): Promise<void> {
  const what = `EBS Volume (${id}) ${doing}`;
  const state = async () => (await findVolume(client, `waiting for ${what}`, id))?.State;
  return client.wait(context, timeoutSeconds, { what, state, pending, target });
}

/** What is zero, empty or false is left out, as pulumi-aws does: it cannot tell that from silence. */
function requestOf(inputs: Properties): CreateVolumeRequest {
  return {
    AvailabilityZone: requiredText(inputs, "availabilityZone"),
    ClientToken: randomUUID(),
    Encrypted: flag(inputs, "encrypted") || undefined,
    Iops: number(inputs, "iops") || undefined,
    KmsKeyId: text(inputs, "kmsKeyId") || undefined,
    Size: number(inputs, "size") || undefined,
    SnapshotId: text(inputs, "snapshotId") || undefined,
    TagSpecifications: tagSpecifications("volume", tagsIn(inputs)),
    Throughput: number(inputs, "throughput") || undefined,
    VolumeInitializationRate: number(inputs, "volumeInitializationRate") || undefined,
    VolumeType: text(inputs, "type") as VolumeType | undefined,
  };
}

async function modify(client: Client, { id, changed, inputs, context }: Change): Promise<void> {
  const isNew = (name: string) => changed.includes(name);
  await client.call(
    `modifying EBS Volume (${id})`,
    new ModifyVolumeCommand({
      VolumeId: id,
      ...(isNew("size") && { Size: number(inputs, "size") }),
      ...(isNew("type") && { VolumeType: text(inputs, "type") as VolumeType }),
      ...(isNew("iops") && { Iops: number(inputs, "iops") }),
      ...(isNew("throughput") && { Throughput: number(inputs, "throughput") }),
    }),
  );
  const ready = ["available", "in-use"];
  await waitForVolume(client, id, context, "update", 300, ["creating", "modifying"], ready);
}

async function describe(client: Client, volume: Volume): Promise<Properties> {
  return {
    arn: await client.arn(`volume/${volume.VolumeId}`),
    availabilityZone: volume.AvailabilityZone,
    createTime: timeOf(volume.CreateTime),
    encrypted: volume.Encrypted ?? false,
    finalSnapshot: false,
    iops: volume.Iops ?? 0,
    kmsKeyId: volume.KmsKeyId ?? "",
    multiAttachEnabled: volume.MultiAttachEnabled ?? false,
    outpostArn: volume.OutpostArn ?? "",
    size: volume.Size,
    snapshotId: volume.SnapshotId ?? "",
    throughput: volume.Throughput ?? 0,
    type: volume.VolumeType,
    volumeInitializationRate: volume.VolumeInitializationRate ?? 0,
    ...tagOutputs(volume.Tags),
  };
}

/** RFC 3339, as Go writes it: without the fraction of a second where there is none. */
export function timeOf(time: Date | undefined): string {
  return time?.toISOString().replace(/\.000Z$/, "Z") ?? "";
}
