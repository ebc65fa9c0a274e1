import { createHash } from "node:crypto";
import type { Cloud } from "../../cloud/cloud";
import type { Context, Properties, ResourceHandler } from "../provider";
import { stopAndWait } from "./instancePower";
import { call, orGone, wait } from "./operation";
import { awsResource } from "./resource";
import { flag, requiredText } from "./values";

/** aws:ec2/volumeAttachment:VolumeAttachment */
export function volumeAttachment(cloud: Cloud): ResourceHandler {
  return awsResource({
    type: "aws:ec2/volumeAttachment:VolumeAttachment",
    required: ["deviceName", "instanceId", "volumeId"],
    optional: ["forceDetach", "skipDestroy", "stopInstanceBeforeDetaching"],
    outputs: [],
    replaces: ["deviceName", "instanceId", "volumeId"],

    async create(inputs, context) {
      const { volumeId, instanceId, deviceName } = namesIn(inputs);
      const what = `EBS Volume (${volumeId}) attachment to EC2 Instance (${instanceId})`;
      await call(`creating ${what}`, "AttachVolume", () =>
        cloud.attachments.attach(volumeId, instanceId, deviceName),
      );
      await wait(context, 300, {
        what: `${what} create`,
        state: async () => (await attachmentOf(cloud, inputs))?.state ?? "detached",
        pending: ["attaching"],
        target: "attached",
      });
      return attachmentId(inputs);
    },

    async show(_id, recorded) {
      return (await attachmentOf(cloud, recorded)) && namesIn(recorded);
    },

    async delete(_id, recorded, context) {
      if (flag(recorded, "skipDestroy") || !(await attachmentOf(cloud, recorded))) return;
      await detach(cloud, recorded, context);
    },
  });
}

async function detach(cloud: Cloud, recorded: Properties, context: Context): Promise<void> {
  const { volumeId, instanceId } = namesIn(recorded);
  if (flag(recorded, "stopInstanceBeforeDetaching")) await stopAndWait(cloud, instanceId, context);
  const what = `EBS Volume (${volumeId}) attachment to EC2 Instance (${instanceId})`;
  await call(`deleting ${what}`, "DetachVolume", () => cloud.attachments.detach(volumeId, instanceId));
  await wait(context, 300, {
    what: `${what} delete`,
    state: async () => (await attachmentOf(cloud, recorded))?.state,
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

/** The attachment that is meant, or undefined where the volume is somewhere else or nowhere. */
async function attachmentOf(cloud: Cloud, inputs: Properties) {
  const { volumeId, instanceId, deviceName } = namesIn(inputs);
  const attachment = (await orGone(cloud.volumes.describe(volumeId)))?.attachment;
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
