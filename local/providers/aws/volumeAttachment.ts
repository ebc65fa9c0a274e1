import { createHash } from "node:crypto";
import type { VolumeAttachment } from "../../cloud/volumes";
import type { Context, Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { stopAndWait, waitForInstance } from "./instancePower";
import { awsResource } from "./resource";
import { flag, requiredText } from "./values";

/** aws:ec2/volumeAttachment:VolumeAttachment */
export function volumeAttachment(client: Client): ResourceHandler {
  return awsResource({
    type: "aws:ec2/volumeAttachment:VolumeAttachment",
    required: ["deviceName", "instanceId", "volumeId"],
    optional: ["forceDetach", "skipDestroy", "stopInstanceBeforeDetaching"],
    outputs: [],
    replaces: ["deviceName", "instanceId", "volumeId"],

    async create(inputs, context) {
      await attach(client, inputs, context);
      return attachmentId(inputs);
    },

    async show(_id, recorded) {
      return (await find(client, "reading", recorded)) && namesIn(recorded);
    },

    async delete(_id, recorded, context) {
      if (flag(recorded, "skipDestroy") || !(await find(client, "deleting", recorded))) return;
      await detach(client, recorded, context);
    },
  });
}

/**
 * One that is there already is taken for one's own: of a run that was killed before it could write it down (source: the
 * Terraform provider's create of aws_volume_attachment).
 */
async function attach(client: Client, inputs: Properties, context: Context): Promise<void> {
  const { volumeId, instanceId, deviceName } = namesIn(inputs);
  if (!(await find(client, "reading", inputs))) {
    await waitForInstance(
      client,
      instanceId,
      context,
      "to be ready",
      ["pending", "stopping"],
      ["running", "stopped"],
    );
    await client.call(
      `attaching EBS Volume (${volumeId}) to EC2 Instance (${instanceId})`,
      "AttachVolume",
      () => client.cloud.attachments.attach(volumeId, instanceId, deviceName),
    );
  }
  await client.wait(context, 300, {
    what: `${nameOf(inputs)} create`,
    state: async () => (await find(client, "waiting for", inputs))?.state ?? "detached",
    pending: ["attaching"],
    target: "attached",
  });
}

async function detach(client: Client, recorded: Properties, context: Context): Promise<void> {
  const { volumeId, instanceId } = namesIn(recorded);
  if (flag(recorded, "stopInstanceBeforeDetaching")) await stopAndWait(client, instanceId, context);
  await client.call(`deleting ${nameOf(recorded)}`, "DetachVolume", () =>
    client.cloud.attachments.detach(volumeId, instanceId),
  );
  await client.wait(context, 300, {
    what: `${nameOf(recorded)} delete`,
    state: async () => (await find(client, "waiting for", recorded))?.state,
    pending: ["detaching"],
    target: "gone",
  });
}

function namesIn(inputs: Properties) {
  return {
    volumeId: requiredText(inputs, "volumeId"),
    instanceId: requiredText(inputs, "instanceId"),
    deviceName: requiredText(inputs, "deviceName"),
  };
}

function nameOf(inputs: Properties): string {
  const { volumeId, instanceId } = namesIn(inputs);
  return `EBS Volume (${volumeId}) Attachment (${instanceId})`;
}

/** The attachment that is meant, or undefined where the volume is somewhere else or nowhere. */
async function find(
  client: Client,
  doing: string,
  inputs: Properties,
): Promise<VolumeAttachment | undefined> {
  const { volumeId, instanceId, deviceName } = namesIn(inputs);
  const volume = await client.find(`${doing} ${nameOf(inputs)}`, "DescribeVolumes", () =>
    client.cloud.volumes.describe(volumeId),
  );
  const attachment = volume?.attachment;
  return attachment?.instanceId === instanceId && attachment.deviceName === deviceName
    ? attachment
    : undefined;
}

/** An attachment has no id on EC2; pulumi-aws makes one of the three that it has. */
function attachmentId(inputs: Properties): string {
  const { deviceName, instanceId, volumeId } = namesIn(inputs);
  const digest = createHash("sha256").update(`${deviceName}-${instanceId}-${volumeId}`).digest("hex");
  return `vai-${digest.slice(0, 10)}`;
}
