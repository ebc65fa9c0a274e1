import type { Cloud } from "../../cloud/cloud";
import type { Properties } from "../provider";
import { requireKnownArguments } from "./functionArguments";
import { describeInstance } from "./instanceOutputs";
import { call } from "./operation";
import { requiredText } from "./values";

/** aws:ec2/getInstance:getInstance, by id. */
export async function getInstance(cloud: Cloud, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getInstance:getInstance", args, ["instanceId"]);
  const instanceId = requiredText(args, "instanceId");
  const instance = await call("reading EC2 Instance", "DescribeInstances", () =>
    cloud.instances.describe(instanceId),
  );
  const attached = await cloud.volumes.attachedTo(instanceId);
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
