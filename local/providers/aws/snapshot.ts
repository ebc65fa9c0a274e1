import { ec2Arn } from "../../cloud/account";
import type { Cloud } from "../../cloud/cloud";
import type { ResourceHandler } from "../provider";
import { call, orGone, wait } from "./operation";
import { awsResource } from "./resource";
import { requiredText, tagOutputs, tagsIn, text } from "./values";

/** aws:ebs/snapshot:Snapshot */
export function snapshot(cloud: Cloud): ResourceHandler {
  const { snapshots, volumes } = cloud;
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
      const { snapshotId } = await call("creating EBS Snapshot", "CreateSnapshot", async () => {
        const volume = await volumes.describe(requiredText(inputs, "volumeId"));
        return snapshots.create(volume, text(inputs, "description"), tagsIn(inputs));
      });
      await wait(context, 600, {
        what: `EBS Snapshot (${snapshotId}) create`,
        state: async () => (await orGone(snapshots.describe(snapshotId)))?.state,
        reason: async () => (await orGone(snapshots.describe(snapshotId)))?.stateMessage,
        pending: ["pending"],
        target: "completed",
      });
      return snapshotId;
    },

    async show(id) {
      const record = await orGone(snapshots.describe(id));
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
      call(`updating EBS Snapshot (${id})`, "CreateTags", () => snapshots.setTags(id, tagsIn(inputs))),

    async delete(id) {
      if (!(await orGone(snapshots.describe(id)))) return;
      await call(`deleting EBS Snapshot (${id})`, "DeleteSnapshot", () => snapshots.delete(id));
    },
  });
}
