import type { InstanceChange } from "../../cloud/instances";
import type { RunInstancesRequest } from "../../cloud/instanceRules";
import type { Context, Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { describeInstance } from "./instanceOutputs";
import { startAndWait, stopAndWait, waitForInstance } from "./instancePower";
import { actionOf, awsResource } from "./resource";
import { changeRootVolume, rootBlockDeviceIn } from "./rootBlockDevice";
import { flag, number, object, requiredText, tagsIn, text, texts } from "./values";

/** Taken and shown again; nothing on a machine of the local cloud hangs on them. */
const WITHOUT_EFFECT = [
  ...["creditSpecification", "ebsOptimized", "iamInstanceProfile", "instanceInitiatedShutdownBehavior"],
  ...["maintenanceOptions", "metadataOptions", "monitoring", "sourceDestCheck"],
];
const FILLED_IN = [
  ...["associatePublicIpAddress", "availabilityZone", "cpuOptions", "disableApiTermination", "keyName"],
  ...["rootBlockDevice", "subnetId", "vpcSecurityGroupIds"],
];
const ADDRESSES = ["publicIp", "publicDns", "privateIp", "privateDns"];
const RESTARTED_BY = ["instanceType", "userData", "userDataBase64"];

/** aws:ec2/instance:Instance */
export function instance(client: Client): ResourceHandler {
  const { instances, volumes } = client.cloud;
  return awsResource({
    type: "aws:ec2/instance:Instance",
    required: ["ami", "instanceType"],
    optional: [
      ...[...FILLED_IN, ...WITHOUT_EFFECT, "forceDestroy", "tags"],
      ...["userData", "userDataBase64", "userDataReplaceOnChange"],
    ],
    computed: [...FILLED_IN, ...WITHOUT_EFFECT],
    sets: ["vpcSecurityGroupIds"],
    outputs: ["arn", "instanceState", "primaryNetworkInterfaceId", "tagsAll", "tenancy", ...ADDRESSES],
    replaces: ["ami", "associatePublicIpAddress", "availabilityZone", "cpuOptions", "keyName", "subnetId"],
    replacesAlso,
    unsettledBy: (changed) => (isRestartedBy(changed) ? ADDRESSES : []),

    async create(inputs, context) {
      const { instanceId } = await client.call("creating EC2 Instance", "RunInstances", () =>
        instances.run(requestOf(inputs)),
      );
      await waitForInstance(client, instanceId, context, "create", ["pending"], "running");
      return instanceId;
    },

    async show(id) {
      const record = await client.find(`reading EC2 Instance (${id})`, "DescribeInstances", () =>
        instances.describe(id),
      );
      if (!record || record.state === "terminated") return undefined;
      return describeInstance(record, await volumes.attachedTo(id));
    },

    async update(id, changed, inputs, context) {
      if (changed.includes("rootBlockDevice")) await changeRootVolume(client, id, inputs);
      if (isRestartedBy(changed)) await restartWith(client, id, inputs, context);
      const action = actionOf(changed, "ModifyInstanceAttribute");
      await client.call(`updating EC2 Instance (${id})`, action, () =>
        instances.modify(id, runningChange(changed, inputs)),
      );
    },

    async delete(id, _recorded, context) {
      const doing = `terminating EC2 Instance (${id})`;
      const known = await client.find(doing, "TerminateInstances", async () => {
        await instances.terminate(id);
        return true;
      });
      if (!known) return;
      await waitForInstance(client, id, context, "delete", ["shutting-down"], "terminated");
    },
  });
}

/** User data replaces where the user said so; of the root volume only what cannot be changed in place. */
function replacesAlso(changed: string[], olds: Properties, news: Properties): string[] {
  const userData = news.userDataReplaceOnChange === true ? ["userData", "userDataBase64"] : [];
  const [was, is] = [object(olds, "rootBlockDevice") ?? {}, object(news, "rootBlockDevice") ?? {}];
  const otherKey = ["encrypted", "kmsKeyId"].some((name) => is[name] !== undefined && was[name] !== is[name]);
  return [...userData, ...(otherKey ? ["rootBlockDevice"] : [])].filter((name) => changed.includes(name));
}

function isRestartedBy(changed: string[]): boolean {
  return changed.some((name) => RESTARTED_BY.includes(name));
}

/**
 * EC2 changes type and user data of a stopped instance only, so pulumi-aws stops it and starts it again, also where it
 * was stopped before (source: the Terraform provider's update of aws_instance). A refused change leaves it started.
 */
async function restartWith(client: Client, id: string, inputs: Properties, context: Context): Promise<void> {
  const change = { instanceType: requiredText(inputs, "instanceType"), userData: userDataIn(inputs) ?? "" };
  await stopAndWait(client, id, context);
  try {
    await client.call(`updating EC2 Instance (${id})`, "ModifyInstanceAttribute", () =>
      client.cloud.instances.modify(id, change),
    );
  } finally {
    await startAndWait(client, id, context);
  }
}

function runningChange(changed: string[], inputs: Properties): InstanceChange {
  return {
    ...(changed.includes("vpcSecurityGroupIds") && {
      securityGroupIds: texts(inputs, "vpcSecurityGroupIds"),
    }),
    ...(changed.includes("disableApiTermination") && {
      disableApiTermination: flag(inputs, "disableApiTermination"),
    }),
    tags: tagsIn(inputs),
  };
}

function requestOf(inputs: Properties): RunInstancesRequest {
  const cpuOptions = object(inputs, "cpuOptions");
  return {
    imageId: requiredText(inputs, "ami"),
    instanceType: requiredText(inputs, "instanceType"),
    availabilityZone: text(inputs, "availabilityZone"),
    subnetId: text(inputs, "subnetId"),
    securityGroupIds: texts(inputs, "vpcSecurityGroupIds"),
    associatePublicIpAddress: flag(inputs, "associatePublicIpAddress"),
    keyName: text(inputs, "keyName"),
    userData: userDataIn(inputs),
    cpuOptions: cpuOptions && {
      coreCount: number(cpuOptions, "coreCount"),
      threadsPerCore: number(cpuOptions, "threadsPerCore"),
      nestedVirtualization: text(cpuOptions, "nestedVirtualization"),
    },
    rootBlockDevice: rootBlockDeviceIn(inputs),
    disableApiTermination: flag(inputs, "disableApiTermination"),
    tags: tagsIn(inputs),
  };
}

function userDataIn(inputs: Properties): string | undefined {
  const encoded = text(inputs, "userDataBase64");
  return encoded === undefined ? text(inputs, "userData") : Buffer.from(encoded, "base64").toString();
}
