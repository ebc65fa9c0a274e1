import type { Context } from "../provider";
import type { Client } from "./client";

/** StartInstances, and waiting until it runs. */
export async function startAndWait(client: Client, instanceId: string, context: Context): Promise<void> {
  await client.call(`starting EC2 Instance (${instanceId})`, "StartInstances", () =>
    client.cloud.instances.start(instanceId),
  );
  await waitForInstance(client, instanceId, context, "start", ["pending"], "running");
}

/** StopInstances, and waiting until it is stopped. */
export async function stopAndWait(client: Client, instanceId: string, context: Context): Promise<void> {
  await client.call(`stopping EC2 Instance (${instanceId})`, "StopInstances", () =>
    client.cloud.instances.stop(instanceId),
  );
  await waitForInstance(client, instanceId, context, "stop", ["stopping"], "stopped");
}

/** Waits for an instance as pulumi-aws does: 10 minutes, 20 for its end. */
export function waitForInstance(
  client: Client,
  instanceId: string,
  context: Context,
  doing: string,
  pending: string[],
  target: string | string[],
): Promise<void> {
  const what = `EC2 Instance (${instanceId}) ${doing}`;
  const describe = () =>
    client.find(`waiting for ${what}`, "DescribeInstances", () =>
      client.cloud.instances.describe(instanceId),
    );
  return client.wait(context, target === "terminated" ? 1200 : 600, {
    what,
    state: async () => (await describe())?.state,
    reason: async () => (await describe())?.stateReason,
    pending,
    target,
  });
}
