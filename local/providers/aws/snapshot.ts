import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import type { Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { awsResource } from "./resource";
import { tagOutputs, tagSpecifications } from "./tagging";
import { requiredText, tagsIn, text } from "./values";

/** A volume takes a snapshot every few seconds only: pulumi-aws asks for a minute. */
const TOO_OFTEN = { codes: ["SnapshotCreationPerVolumeRateExceeded"], seconds: 60 };

/** aws:ebs/snapshot:Snapshot */
export function snapshot(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ebs/snapshot:Snapshot",
    required: ["volumeId"],
    optional: ["description", "tags"],
    outputs: [
      ...["arn", "dataEncryptionKeyId", "encrypted", "kmsKeyId", "outpostArn", "ownerAlias", "ownerId"],
      ...["storageTier", "tagsAll", "volumeSize"],
    ],
    replaces: ["volumeId", "description"],
    tagging: (id) => `updating EBS Snapshot (${id})`,

    async create(inputs, context) {
      const request = {
        Description: text(inputs, "description"),
        TagSpecifications: tagSpecifications("snapshot", tagsIn(inputs)),
        VolumeId: requiredText(inputs, "volumeId"),
      };
      const { codes, seconds } = TOO_OFTEN;
      const made = await client.sendWithRetries(
        codes,
        seconds,
        "creating EBS Snapshot",
        () => new CreateSnapshotCommand(request),
      );
      const id = made.SnapshotId ?? "";
      const what = `EBS Snapshot (${id}) create`;
      const describe = () => findSnapshot(client, `waiting for ${what}`, id);
      await client.wait(context, 600, {
        what,
        state: async () => (await describe())?.State,
        reason: async () => (await describe())?.StateMessage,
        pending: ["pending"],
        target: "completed",
      });
      return id;
    },

    async show(id) {
      const found = await findSnapshot(client, `reading EBS Snapshot (${id})`, id);
      return found && { ...(await describeSnapshot(client, found)), ...tagOutputs(found.Tags) };
    },

    async delete(id, _recorded, context) {
      const limit = context.timeoutSeconds ?? 600;
      const request = () => new DeleteSnapshotCommand({ SnapshotId: id });
      await client.removeWithRetries(
        ["InvalidSnapshot.InUse"],
        limit,
        `deleting EBS Snapshot (${id})`,
        request,
      );
    },
  });
}

async function findSnapshot(client: Client, doing: string, id: string): Promise<Snapshot | undefined> {
  const found = await client.find(doing, new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
  return found?.Snapshots?.[0];
}

/** What the resource and the look-up show alike. */
export async function describeSnapshot(client: Client, found: Snapshot): Promise<Properties> {
  return {
    arn: await client.arn(`snapshot/${found.SnapshotId}`),
    dataEncryptionKeyId: found.DataEncryptionKeyId ?? "",
    description: found.Description ?? "",
    encrypted: found.Encrypted ?? false,
    kmsKeyId: found.KmsKeyId ?? "",
    outpostArn: found.OutpostArn ?? "",
    ownerAlias: found.OwnerAlias ?? "",
    ownerId: found.OwnerId ?? "",
    storageTier: found.StorageTier ?? "standard",
    volumeId: found.VolumeId,
    volumeSize: found.VolumeSize,
  };
}
