import {
  CreateTagsCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import type { Context, Properties, ResourceHandler } from "../provider";
import { rootVolumeIdOf } from "./blockDevices";
import type { Client } from "./client";
import { describeInstanceResource } from "./instanceOutputs";
import { waitForInstance } from "./instancePower";
import { readInstance } from "./instanceReading";
import { launchRequest } from "./instanceLaunch";
import { RESTARTED_BY, updateInstance } from "./instanceUpdate";
import { awsResource } from "./resource";
import { asList } from "./tagging";
import { flag, object, tagsIn } from "./values";

/** Inputs that EC2, or pulumi-aws itself, fills in where the user is silent. */
const FILLED_IN = [
  ...["associatePublicIpAddress", "availabilityZone", "cpuOptions", "creditSpecification"],
  ...["disableApiTermination", "ebsOptimized", "iamInstanceProfile", "instanceInitiatedShutdownBehavior"],
  ...["keyName", "maintenanceOptions", "metadataOptions", "monitoring", "rootBlockDevice", "sourceDestCheck"],
  ...["subnetId", "vpcSecurityGroupIds"],
];
const ADDRESSES = ["publicIp", "publicDns", "privateIp", "privateDns"];

/** aws:ec2/instance:Instance */
export function instance(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ec2/instance:Instance",
    required: ["ami", "instanceType"],
    optional: [
      ...[...FILLED_IN, "forceDestroy", "tags"],
      ...["userData", "userDataBase64", "userDataReplaceOnChange"],
    ],
    computed: FILLED_IN,
    sets: ["vpcSecurityGroupIds"],
    outputs: [
      ...["arn", "disableApiStop", "ebsBlockDevices", "ephemeralBlockDevices", "instanceLifecycle"],
      ...["instanceState", "outpostArn", "passwordData", "primaryNetworkInterfaceId", "secondaryPrivateIps"],
      ...["securityGroups", "tagsAll", "tenancy", ...ADDRESSES],
    ],
    replaces: ["ami", "associatePublicIpAddress", "availabilityZone", "cpuOptions", "keyName", "subnetId"],
    replacesAlso,
    unsettledBy: (changed) => (changed.some((name) => RESTARTED_BY.includes(name)) ? ADDRESSES : []),
    tagging: (id) => `updating tags for EC2 Instance (${id})`,

    async create(inputs, context) {
      const request = new RunInstancesCommand(await launchRequest(client, inputs));
      const made = await client.call("creating EC2 Instance", request);
      const id = made.Instances?.[0]?.InstanceId ?? "";
      const running = await waitForInstance(client, id, context, "create", ["pending"], "running");
      await tagRootVolume(client, running, inputs);
      return id;
    },

    async show(id, recorded) {
      const found = await readInstance(client, id);
      if (!found || found.instance.State?.Name === "terminated") return undefined;
      return describeInstanceResource(client, found, recorded);
    },

    update: (change) => updateInstance(client, change),

    delete: (id, recorded, context) => terminate(client, id, recorded, context),
  });
}

/** User data replaces where the user said so; of the root volume only what cannot be changed in place. */
function replacesAlso(changed: string[], olds: Properties, news: Properties): string[] {
  const userData = news.userDataReplaceOnChange === true ? ["userData", "userDataBase64"] : [];
  const [was, is] = [object(olds, "rootBlockDevice") ?? {}, object(news, "rootBlockDevice") ?? {}];
  const otherKey = ["encrypted", "kmsKeyId"].some((name) => is[name] !== undefined && was[name] !== is[name]);
  return [...userData, ...(otherKey ? ["rootBlockDevice"] : [])].filter((name) => changed.includes(name));
}

/** A launch tags the instance alone; its root volume's own tags follow. */
async function tagRootVolume(
  client: Client,
  running: Instance | undefined,
  inputs: Properties,
): Promise<void> {
  const tags = asList(tagsIn(object(inputs, "rootBlockDevice") ?? {}));
  const volumeId = running && rootVolumeIdOf(running);
  if (tags.length === 0 || volumeId === undefined) return;
  const request = new CreateTagsCommand({ Resources: [volumeId], Tags: tags });
  await client.call(`setting EC2 Instance (${running?.InstanceId}) root volume tags`, request);
}

async function terminate(client: Client, id: string, recorded: Properties, context: Context): Promise<void> {
  if (flag(recorded, "forceDestroy")) await allowTermination(client, id);
  const request = new TerminateInstancesCommand({ InstanceIds: [id] });
  if (!(await client.find(`terminating EC2 Instance (${id})`, request))) return;
  const pending = ["pending", "running", "shutting-down", "stopping", "stopped"];
  await waitForInstance(client, id, context, "delete", pending, ["terminated", "gone"]);
}

async function allowTermination(client: Client, id: string): Promise<void> {
  const request = new ModifyInstanceAttributeCommand({
    DisableApiTermination: { Value: false },
    InstanceId: id,
  });
  await client.find(`modifying EC2 Instance (${id})`, request);
}
