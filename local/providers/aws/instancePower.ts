import type { Cloud } from "../../cloud/cloud";
import type { Context } from "../provider";
import { call, orGone, wait } from "./operation";

/** StartInstances, and waiting until it runs. */
export async function startAndWait(cloud: Cloud, instanceId: string, context: Context): Promise<void> {
  await call(`starting EC2 Instance (${instanceId})`, "StartInstances", () =>
    cloud.instances.start(instanceId),
  );
  await waitForInstance(cloud, instanceId, context, "start", ["pending"], "running");
}

/** StopInstances, and waiting until it is stopped. */
export async function stopAndWait(cloud: Cloud, instanceId: string, context: Context): Promise<void> {
  await call(`stopping EC2 Instance (${instanceId})`, "StopInstances", () =>
    cloud.instances.stop(instanceId),
  );
  await waitForInstance(cloud, instanceId, context, "stop", ["stopping"], "stopped");
}

/** Waits for an instance as pulumi-aws does: 10 minutes, 20 for its end. */
export function waitForInstance(
  cloud: Cloud,
  instanceId: string,
  context: Context,
  doing: string,
  pending: string[],
  target: string,
): Promise<void> {
  const describe = () => orGone(cloud.instances.describe(instanceId));
  return wait(context, target === "terminated" ? 1200 : 600, {
    what: `EC2 Instance (${instanceId}) ${doing}`,
    state: async () => (await describe())?.state,
    reason: async () => (await describe())?.stateReason,
    pending,
    target,
  });
}
