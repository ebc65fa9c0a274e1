import { setTimeout as sleep } from "node:timers/promises";
import { ec2Arn } from "../../cloud/account";
import type { Context, Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { actionOf, awsResource } from "./resource";
import { flag, number, requiredText, tagOutputs, tagsIn, text } from "./values";

const COMPUTED = ["size", "snapshotId", "type", "iops", "throughput", "encrypted", "kmsKeyId"];
// A rate is taken and shown again: here every block is there at once.
const OPTIONAL = [...COMPUTED, "volumeInitializationRate", "tags"];
const REPLACES = ["availabilityZone", "snapshotId", "encrypted", "kmsKeyId", "volumeInitializationRate"];

/** aws:ebs/volume:Volume */
export function volume(client: Client): ResourceHandler {
  const { volumes } = client.cloud;
  const find = (doing: string, id: string) =>
    client.find(doing, "DescribeVolumes", () => volumes.describe(id));
  const watched = (id: string, doing: string) => {
    const what = `EBS Volume (${id}) ${doing}`;
    const describe = () => find(`waiting for ${what}`, id);
    return {
      what,
      state: async () => (await describe())?.state,
      reason: async () => (await describe())?.stateMessage,
    };
  };
  return awsResource({
    type: "aws:ebs/volume:Volume",
    required: ["availabilityZone"],
    optional: OPTIONAL,
    computed: COMPUTED,
    ...{ outputs: ["arn", "createTime", "tagsAll"], replaces: REPLACES },

    async create(inputs, context) {
      const { volumeId } = await client.call("creating EBS Volume", "CreateVolume", () =>
        volumes.create(requestOf(inputs)),
      );
      await client.wait(context, 300, {
        ...watched(volumeId, "create"),
        pending: ["creating"],
        target: "available",
      });
      return volumeId;
    },

    async show(id) {
      const record = await find(`reading EBS Volume (${id})`, id);
      return record && record.state !== "deleting"
        ? {
            arn: ec2Arn(`volume/${id}`),
            availabilityZone: record.availabilityZone,
            createTime: record.createTime,
            size: record.sizeGb,
            snapshotId: record.snapshotId ?? "",
            type: record.volumeType,
            iops: record.iops ?? 0,
            throughput: record.throughput ?? 0,
            encrypted: record.encrypted,
            kmsKeyId: record.kmsKeyId ?? "",
            ...tagOutputs(record.tags),
          }
        : undefined;
    },

    async update(id, changed, inputs) {
      const change = {
        ...(changed.includes("size") && { sizeGb: number(inputs, "size") }),
        ...(changed.includes("type") && { volumeType: text(inputs, "type") }),
        ...(changed.includes("iops") && { iops: number(inputs, "iops") }),
        ...(changed.includes("throughput") && { throughput: number(inputs, "throughput") }),
        tags: tagsIn(inputs),
      };
      const action = actionOf(changed, "ModifyVolume");
      await client.call(`modifying EBS Volume (${id})`, action, () => volumes.modify(id, change));
    },

    async delete(id, _recorded, context) {
      const doing = `deleting EBS Volume (${id})`;
      await whileInUse(context, () => client.find(doing, "DeleteVolume", () => volumes.delete(id)));
      await client.wait(context, 600, {
        ...watched(id, "delete"),
        pending: ["deleting"],
        target: "gone",
      });
    },
  });
}

function requestOf(inputs: Properties) {
  return {
    availabilityZone: requiredText(inputs, "availabilityZone"),
    sizeGb: number(inputs, "size"),
    snapshotId: text(inputs, "snapshotId") || undefined,
    volumeType: text(inputs, "type"),
    iops: number(inputs, "iops"),
    throughput: number(inputs, "throughput"),
    encrypted: flag(inputs, "encrypted"),
    kmsKeyId: text(inputs, "kmsKeyId"),
    tags: tagsIn(inputs),
  };
}

/** As pulumi-aws does: sends it again for as long as the volume is attached, and it may take. */
async function whileInUse(
  { timeoutSeconds = 600 }: Context,
  remove: () => Promise<unknown>,
): Promise<unknown> {
  const end = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    try {
      return await remove();
    } catch (error) {
      if (!(error as Error).message.includes("api error VolumeInUse") || performance.now() > end) throw error;
      await sleep(100);
    }
  }
}
