import {
  DescribeInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import type { Context } from "../provider";
import type { Client } from "./client";

/** An instance as EC2 has it, or undefined if it is gone. A terminated one is shown for an hour. */
export async function findInstance(
  client: Client,
  doing: string,
  instanceId: string,
): Promise<Instance | undefined> {
  const found = await client.find(doing, new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return found?.Reservations?.[0]?.Instances?.[0];
}

/** StartInstances, and waiting until it runs. */
export async function startAndWait(client: Client, instanceId: string, context: Context): Promise<void> {
  const request = new StartInstancesCommand({ InstanceIds: [instanceId] });
  await client.call(`starting EC2 Instance (${instanceId})`, request);
  await waitForInstance(client, instanceId, context, "start", ["pending", "stopped"], "running");
}

/** StopInstances, and waiting until it is stopped. */
export async function stopAndWait(
  client: Client,
  instanceId: string,
  context: Context,
  force = false,
): Promise<void> {
  const request = new StopInstancesCommand({ Force: force, InstanceIds: [instanceId] });
  await client.call(`stopping EC2 Instance (${instanceId})`, request);
  await waitForInstance(client, instanceId, context, "stop", ["running", "stopping"], "stopped");
}

/** Waits for an instance as pulumi-aws does: 10 minutes, 20 for its end. Gives it as it is then. */
export async function waitForInstance(
  client: Client,
  instanceId: string,
  context: Context,
  doing: string,
  pending: string[],
  target: string | string[],
): Promise<Instance | undefined> {
  const what = `EC2 Instance (${instanceId}) ${doing}`;
  let last: Instance | undefined;
  await client.wait(context, target === "terminated" ? 1200 : 600, {
    what,
    state: async () => {
      last = await findInstance(client, `waiting for ${what}`, instanceId);
      return last?.State?.Name;
    },
    reason: async () => reasonOf(last),
    pending,
    target,
  });
  return last;
}

function reasonOf(instance: Instance | undefined): string | undefined {
  const { Code, Message } = instance?.StateReason ?? {};
  if (!Message) return undefined;
  return Code && !Message.startsWith(Code) ? `${Code}: ${Message}` : Message;
}
