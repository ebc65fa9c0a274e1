import type { RootBlockDevice } from "../../cloud/instanceRules";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { flag, number, object, tagsIn, text } from "./values";

/** An instance's `rootBlockDevice`, as RunInstances takes it. */
export function rootBlockDeviceIn(inputs: Properties): RootBlockDevice | undefined {
  const device = object(inputs, "rootBlockDevice");
  return (
    device && {
      volumeSizeGb: number(device, "volumeSize"),
      volumeType: text(device, "volumeType"),
      iops: number(device, "iops"),
      throughput: number(device, "throughput"),
      encrypted: flag(device, "encrypted"),
      kmsKeyId: text(device, "kmsKeyId"),
      deleteOnTermination: flag(device, "deleteOnTermination"),
      tags: tagsIn(device),
    }
  );
}

/** Changes in place what of a root volume can be changed so. */
export async function changeRootVolume(
  client: Client,
  instanceId: string,
  inputs: Properties,
): Promise<void> {
  const { cloud } = client;
  const { rootDeviceName } = await cloud.instances.describe(instanceId);
  const attached = await cloud.volumes.attachedTo(instanceId);
  const root = attached.find(({ attachment }) => attachment.deviceName === rootDeviceName);
  const wanted = rootBlockDeviceIn(inputs);
  if (!root || !wanted) return;
  const { volumeId, attachment } = root;
  await client.call(`modifying EBS Volume (${volumeId})`, "ModifyVolume", () =>
    cloud.volumes.modify(volumeId, {
      sizeGb: wanted.volumeSizeGb ?? root.sizeGb,
      volumeType: wanted.volumeType ?? root.volumeType,
      ...(wanted.iops !== undefined && { iops: wanted.iops }),
      ...(wanted.throughput !== undefined && { throughput: wanted.throughput }),
      tags: wanted.tags,
    }),
  );
  const deleteOnTermination = wanted.deleteOnTermination ?? attachment.deleteOnTermination;
  await cloud.volumes.setAttachment(volumeId, async () => ({ ...attachment, deleteOnTermination }));
}
