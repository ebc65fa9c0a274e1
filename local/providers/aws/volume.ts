import { ec2Arn } from "../../cloud/account";
import type { Cloud } from "../../cloud/cloud";
import type { Properties, ResourceHandler } from "../provider";
import { call, orGone, wait } from "./operation";
import { awsResource } from "./resource";
import { flag, number, requiredText, tagOutputs, tagsIn, text } from "./values";

/** aws:ebs/volume:Volume */
export function volume(cloud: Cloud): ResourceHandler {
  const { volumes } = cloud;
  const stateOf = (id: string) => async () => (await orGone(volumes.describe(id)))?.state;
  const reasonOf = (id: string) => async () => (await orGone(volumes.describe(id)))?.stateMessage;
  return awsResource({
    type: "aws:ebs/volume:Volume",
    required: ["availabilityZone"],
    optional: ["size", "snapshotId", "type", "iops", "throughput", "encrypted", "kmsKeyId", "tags"],
    computed: ["size", "snapshotId", "type", "iops", "throughput", "encrypted", "kmsKeyId"],
    outputs: ["arn", "createTime", "tagsAll"],
    replaces: ["availabilityZone", "snapshotId", "encrypted", "kmsKeyId"],

    async create(inputs, context) {
      const { volumeId } = await call("creating EBS Volume", "CreateVolume", () =>
        volumes.create(requestOf(inputs)),
      );
      await wait(context, 300, {
        what: `EBS Volume (${volumeId}) create`,
        state: stateOf(volumeId),
        reason: reasonOf(volumeId),
        pending: ["creating"],
        target: "available",
      });
      return volumeId;
    },

    async show(id) {
      const record = await orGone(volumes.describe(id));
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
      await call(`modifying EBS Volume (${id})`, "ModifyVolume", () => volumes.modify(id, change));
    },

    async delete(id, _recorded, context) {
      if (!(await orGone(volumes.describe(id)))) return;
      await call(`deleting EBS Volume (${id})`, "DeleteVolume", () => volumes.delete(id));
      await wait(context, 600, {
        what: `EBS Volume (${id}) delete`,
        state: stateOf(id),
        reason: reasonOf(id),
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
