import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { describeInstance } from "./instanceOutputs";
import { requiredText } from "./values";

/** aws:ec2/getInstance:getInstance, by id. One that was terminated is found as such for an hour, as on EC2. */
export async function getInstance(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getInstance:getInstance", args, ["instanceId"]);
  const instanceId = requiredText(args, "instanceId");
  const found = await client.find("reading EC2 Instance", "DescribeInstances", () =>
    client.cloud.instances.describe(instanceId),
  );
  const instance = onlyOne(found ? [found] : [], "EC2 Instance");
  const attached = await client.cloud.volumes.attachedTo(instanceId);
  const { rootBlockDevice, ...shown } = describeInstance(instance, attached);
  return {
    ...shown,
    ebsBlockDevices: attached
      .filter(({ attachment }) => attachment.deviceName !== instance.rootDeviceName)
      .map(({ volumeId, sizeGb, volumeType, attachment }) => ({
        deviceName: attachment.deviceName,
        deleteOnTermination: attachment.deleteOnTermination,
        volumeId,
        volumeSize: sizeGb,
        volumeType,
      })),
    id: instanceId,
    instanceId,
    launchTime: instance.launchTime,
    rootBlockDevices: rootBlockDevice === undefined ? [] : [rootBlockDevice],
    securityGroups: [],
  };
}
