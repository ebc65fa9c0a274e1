import { ec2Arn } from "../../cloud/account";
import type { ResourceHandler } from "../provider";
import type { Client } from "./client";
import { awsResource } from "./resource";
import { requiredText, tagOutputs, tagsIn, text } from "./values";

/** aws:ebs/snapshot:Snapshot */
export function snapshot(client: Client): ResourceHandler {
  const { snapshots, volumes } = client.cloud;
  const find = (doing: string, id: string) =>
    client.find(doing, "DescribeSnapshots", () => snapshots.describe(id));
  return awsResource({
    type: "aws:ebs/snapshot:Snapshot",
    required: ["volumeId"],
    optional: ["description", "tags"],
    outputs: [
      ...["arn", "dataEncryptionKeyId", "encrypted", "kmsKeyId", "ownerAlias", "ownerId"],
      ...["storageTier", "tagsAll", "volumeSize"],
    ],
    replaces: ["volumeId", "description"],

    async create(inputs, context) {
      const { snapshotId } = await client.call("creating EBS Snapshot", "CreateSnapshot", async () => {
        const volume = await volumes.describe(requiredText(inputs, "volumeId"));
        return snapshots.create(volume, text(inputs, "description"), tagsIn(inputs));
      });
      const what = `EBS Snapshot (${snapshotId}) create`;
      const describe = () => find(`waiting for ${what}`, snapshotId);
      await client.wait(context, 600, {
        what,
        state: async () => (await describe())?.state,
        reason: async () => (await describe())?.stateMessage,
        pending: ["pending"],
        target: "completed",
      });
      return snapshotId;
    },

    async show(id) {
      const record = await find(`reading EBS Snapshot (${id})`, id);
      return (
        record && {
          arn: ec2Arn(`snapshot/${id}`),
          dataEncryptionKeyId: "",
          description: record.description,
          encrypted: record.encrypted,
          kmsKeyId: record.kmsKeyId ?? "",
          ownerAlias: "",
          ownerId: record.ownerId,
          storageTier: "standard",
          volumeId: record.volumeId,
          volumeSize: record.volumeSizeGb,
          ...tagOutputs(record.tags),
        }
      );
    },

    update: (id, _changed, inputs) =>
      client.call(`updating EBS Snapshot (${id})`, "CreateTags", () => snapshots.setTags(id, tagsIn(inputs))),

    async delete(id) {
      await client.find(`deleting EBS Snapshot (${id})`, "DeleteSnapshot", () => snapshots.delete(id));
    },
  });
}
