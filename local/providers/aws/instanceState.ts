import type { Context, Properties, ResourceHandler } from "../provider";
import { UNKNOWN } from "../provider";
import type { Client } from "./client";
import { startAndWait, stopAndWait } from "./instancePower";
import { awsResource } from "./resource";
import { requiredText } from "./values";

/** aws:ec2transitgateway/instanceState:InstanceState (the module is misnamed upstream). Deleting it does nothing. */
export function instanceState(client: Client): ResourceHandler {
  return awsResource({
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

    async show(id) {
      const instance = await client.find(`reading EC2 Instance (${id})`, "DescribeInstances", () =>
        client.cloud.instances.describe(id),
      );
      if (!instance || instance.state === "terminated") return undefined;
      return { instanceId: id, state: instance.state };
    },

    update: (_id, _changed, inputs, context) => bring(client, inputs, context),
    delete: async () => {},
  });
}

function bring(client: Client, inputs: Properties, context: Context): Promise<void> {
  const instanceId = requiredText(inputs, "instanceId");
  return inputs.state === "running"
    ? startAndWait(client, instanceId, context)
    : stopAndWait(client, instanceId, context);
}
