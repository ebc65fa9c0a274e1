import {
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DisableImageDeprecationCommand,
  EnableImageDeprecationCommand,
  GetInstanceUefiDataCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  type Image,
} from "@aws-sdk/client-ec2";
import type { Context, Properties, ResourceHandler } from "../provider";
import { describeImage, ebsDevices, ephemeralDevices } from "./amiOutputs";
import { registration } from "./amiRegistration";
import type { Client } from "./client";
import { awsResource, type Change } from "./resource";
import { asList, tagOutputs } from "./tagging";
import { objects, requiredText, tagsIn, text } from "./values";

const FIXED = [
  ...["architecture", "bootMode", "ebsBlockDevices", "enaSupport", "ephemeralBlockDevices", "imdsSupport"],
  ...["kernelId", "name", "ramdiskId", "rootDeviceName", "sriovNetSupport", "tpmSupport"],
  "virtualizationType",
];

/** aws:ec2/ami:Ami */
export function ami(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ec2/ami:Ami",
    required: [],
    optional: [...FIXED, "description", "deprecationTime", "tags"],
    computed: ["ebsBlockDevices", "ephemeralBlockDevices"],
    sets: ["ebsBlockDevices", "ephemeralBlockDevices"],
    outputs: [
      ...["arn", "hypervisor", "imageLocation", "imageOwnerAlias", "imageType", "lastLaunchedTime"],
      ...["manageEbsSnapshots", "ownerId", "platform", "platformDetails", "public", "rootSnapshotId"],
      ...["tagsAll", "usageOperation"],
    ],
    replaces: FIXED,
    autoName: "name",
    defaults,
    tagging: (id) => `updating EC2 AMI (${id})`,

    create: (inputs, context) => register(client, inputs, context),

    async show(id) {
      const found = await findImage(client, `reading EC2 AMI (${id})`, id);
      if (!found) return undefined;
      await askForUefiData(client, id);
      return describe(client, found);
    },

    update: (change) => update(client, change),

    async delete(id, _recorded, context) {
      const request = new DeregisterImageCommand({ ImageId: id });
      if (!(await client.find(`deleting EC2 AMI (${id})`, request))) return;
      const pending = ["available", "deregistered", "failed", "pending"];
      await waitForImage(client, id, context, "delete", 5400, pending, "gone");
    },
  });
}

/** pulumi-aws's own, hostile ones included: an image is paravirtual, on magnetic disks, unless said otherwise. */
function defaults(): Properties {
  return { architecture: "x86_64", virtualizationType: "paravirtual", sriovNetSupport: "simple" };
}

/** An image as EC2 has it, or undefined if it is gone. */
export async function findImage(client: Client, doing: string, id: string): Promise<Image | undefined> {
  const found = await client.find(doing, new DescribeImagesCommand({ ImageIds: [id] }));
  const [image] = found?.Images ?? [];
  return image?.State === "deregistered" ? undefined : image;
}

/**
 * pulumi-aws asks for the UEFI data of every image that it reads, by the image's id, which EC2 takes for one of an
 * instance and refuses; the refusal is passed over.
 */
export async function askForUefiData(client: Client, id: string): Promise<void> {
  await client.unless(/^/, `reading EC2 AMI (${id})`, new GetInstanceUefiDataCommand({ InstanceId: id }));
}

/** Tags follow once it is registered. */
async function register(client: Client, inputs: Properties, context: Context): Promise<string> {
  refuseEncryptionOfSnapshots(inputs);
  const name = requiredText(inputs, "name");
  const doing = `creating EC2 AMI (${name})`;
  const made = await client.call(doing, new RegisterImageCommand(registration(inputs)));
  const id = made.ImageId ?? "";
  const tags = asList(tagsIn(inputs));
  const tagging = `setting EC2 AMI (${id}) tags`;
  if (tags.length > 0) await client.call(tagging, new CreateTagsCommand({ Resources: [id], Tags: tags }));
  await waitForImage(client, id, context, "create", 2400, ["pending"], "available");
  if (text(inputs, "deprecationTime")) await deprecate(client, id, inputs);
  return id;
}

/** pulumi-aws refuses this itself when it makes an image, before EC2 is asked; not in a check: a refresh brings both. */
function refuseEncryptionOfSnapshots(inputs: Properties): void {
  objects(inputs, "ebsBlockDevices").forEach((device, index) => {
    if (device.encrypted !== true || !device.snapshotId) return;
    throw new Error(
      `ebsBlockDevices[${index}]: can't set both 'snapshot_id' and 'encrypted'. Leave encrypted out.`,
    );
  });
}

function waitForImage(
  client: Client,
  id: string,
  context: Context,
  doing: string,
  timeoutSeconds: number,
  pending: string[],
  target: string,
): Promise<void> {
  const what = `EC2 AMI (${id}) ${doing}`;
  const find = () => findImage(client, `waiting for ${what}`, id);
  const state = async () => (await find())?.State;
  const reason = async () => (await find())?.StateReason?.Message;
  return client.wait(context, timeoutSeconds, { what, state, reason, pending, target });
}

async function update(client: Client, { id, changed, inputs }: Change): Promise<void> {
  if (changed.includes("description")) {
    const Description = { Value: text(inputs, "description") ?? "" };
    const request = new ModifyImageAttributeCommand({ ImageId: id, Description });
    await client.call(`updating EC2 AMI (${id})`, request);
  }
  if (changed.includes("deprecationTime")) await deprecate(client, id, inputs);
}

async function deprecate(client: Client, id: string, inputs: Properties): Promise<void> {
  const time = text(inputs, "deprecationTime");
  const doing = `updating EC2 AMI (${id}) deprecation`;
  if (!time) {
    await client.call(doing, new DisableImageDeprecationCommand({ ImageId: id }));
    return;
  }
  await client.call(doing, new EnableImageDeprecationCommand({ ImageId: id, DeprecateAt: new Date(time) }));
}

async function describe(client: Client, image: Image): Promise<Properties> {
  return {
    ...(await describeImage(client, image)),
    ebsBlockDevices: ebsDevices(image),
    ephemeralBlockDevices: ephemeralDevices(image),
    manageEbsSnapshots: false,
    ...tagOutputs(image.Tags),
  };
}
