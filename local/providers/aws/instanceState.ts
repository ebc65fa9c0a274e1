import { DescribeInstanceStatusCommand } from "@aws-sdk/client-ec2";
import type { Context, Properties, ResourceHandler } from "../provider";
import { UNKNOWN } from "../provider";
import type { Client } from "./client";
import { startAndWait, stopAndWait, waitForInstance } from "./instancePower";
import { awsResource } from "./resource";
import { flag, requiredText } from "./values";

/** aws:ec2transitgateway/instanceState:InstanceState (the module is misnamed upstream). Deleting it does nothing. */
export function instanceState(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ec2transitgateway/instanceState:InstanceState",
    required: ["instanceId", "state"],
    optional: ["force"],
    outputs: [],
    replaces: ["instanceId"],

    validate: ({ state }) =>
      [UNKNOWN, "running", "stopped", undefined].includes(state as string | undefined)
        ? []
        : [{ property: "state", reason: `must be running or stopped, got ${String(state)}` }],

    async create(inputs, context) {
      await bring(client, inputs, context);
      return requiredText(inputs, "instanceId");
    },

    async show(id, recorded) {
      const request = new DescribeInstanceStatusCommand({ IncludeAllInstances: true, InstanceIds: [id] });
      const found = await client.find(`reading EC2 Instance State (${id})`, request);
      const state = found?.InstanceStatuses?.[0]?.InstanceState?.Name;
      if (state === undefined || state === "terminated") return undefined;
      return { force: recorded.force ?? false, instanceId: id, state };
    },

    update: ({ inputs, context }) => bring(client, inputs, context),
    delete: async () => {},
  });
}

/** What is there already is left alone. */
async function bring(client: Client, inputs: Properties, context: Context): Promise<void> {
  const instanceId = requiredText(inputs, "instanceId");
  const settled = ["running", "stopped"];
  const instance = await waitForInstance(
    client,
    instanceId,
    context,
    "ready",
    ["pending", "stopping"],
    settled,
  );
  if (instance?.State?.Name === inputs.state) return;
  if (inputs.state === "running") await startAndWait(client, instanceId, context);
  else await stopAndWait(client, instanceId, context, flag(inputs, "force"));
}
