import {
  AttachVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  type VolumeAttachment,
} from "@aws-sdk/client-ec2";
import type { Context, Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { crc32 } from "./crc32";
import { stopAndWait, waitForInstance } from "./instancePower";
import { awsResource } from "./resource";
import { flag, requiredText } from "./values";

/** aws:ec2/volumeAttachment:VolumeAttachment */
export function volumeAttachment(client: Client): ResourceHandler {
  return awsResource(client, {
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
      if (!flag(recorded, "skipDestroy")) await detach(client, recorded, context);
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
    const [pending, ready] = [
      ["pending", "stopping"],
      ["running", "stopped"],
    ];
    await waitForInstance(client, instanceId, context, "to be ready", pending, ready);
    const request = { Device: deviceName, InstanceId: instanceId, VolumeId: volumeId };
    const doing = `attaching EBS Volume (${volumeId}) to EC2 Instance (${instanceId})`;
    await client.call(doing, new AttachVolumeCommand(request));
  }
  await client.wait(context, 300, {
    what: `${nameOf(inputs)} create`,
    state: async () => (await find(client, "waiting for", inputs))?.State ?? "detached",
    pending: ["attaching"],
    target: "attached",
  });
}

/** What is detached already, and what of the two is gone, is well. */
const DETACHED =
  /^(IncorrectState|InvalidAttachment\.NotFound|InvalidVolume\.NotFound|InvalidInstanceID\.NotFound)$/;

async function detach(client: Client, recorded: Properties, context: Context): Promise<void> {
  const { volumeId, instanceId, deviceName } = namesIn(recorded);
  if (flag(recorded, "stopInstanceBeforeDetaching")) await stopAndWait(client, instanceId, context);
  const request = new DetachVolumeCommand({
    Device: deviceName,
    Force: flag(recorded, "forceDetach") ?? false,
    InstanceId: instanceId,
    VolumeId: volumeId,
  });
  if (!(await client.unless(DETACHED, `deleting ${nameOf(recorded)}`, request))) return;
  await client.wait(context, 300, {
    what: `${nameOf(recorded)} delete`,
    state: async () => (await find(client, "waiting for", recorded))?.State,
    pending: ["detaching", "busy"],
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

/** The attachment that is meant, or undefined if the volume is somewhere else or nowhere. */
async function find(
  client: Client,
  doing: string,
  inputs: Properties,
): Promise<VolumeAttachment | undefined> {
  const { volumeId, instanceId, deviceName } = namesIn(inputs);
  const request = new DescribeVolumesCommand({
    Filters: [
      { Name: "attachment.device", Values: [deviceName] },
      { Name: "attachment.instance-id", Values: [instanceId] },
    ],
    VolumeIds: [volumeId],
  });
  const found = await client.find(`${doing} ${nameOf(inputs)}`, request);
  const attachments = found?.Volumes?.[0]?.Attachments ?? [];
  return attachments.find(
    ({ Device, InstanceId, State }) =>
      Device === deviceName && InstanceId === instanceId && State !== "detached",
  );
}

/** An attachment has no id on EC2; pulumi-aws makes one of the three that it has. */
export function attachmentId(inputs: Properties): string {
  const { deviceName, instanceId, volumeId } = namesIn(inputs);
  return `vai-${crc32(`${deviceName}-${instanceId}-${volumeId}-`)}`;
}
