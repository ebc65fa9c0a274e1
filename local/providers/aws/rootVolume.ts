import {
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  type ModifyVolumeRequest,
  type VolumeType,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import type { Change } from "./resource";
import { changeTags } from "./tagging";
import { flag, number, object, tagsIn, text } from "./values";
import { waitForVolume } from "./volume";

/** Changes in place what of a root volume can be changed so. Which volume it is, the state says. */
export async function changeRootVolume(client: Client, change: Change): Promise<void> {
  const { id, inputs, olds, state, context } = change;
  const [was, is] = [olds, inputs].map((from) => object(from, "rootBlockDevice") ?? {});
  const recorded = object(state, "rootBlockDevice") ?? {};
  const volumeId = text(recorded, "volumeId") ?? "";
  const doing = `updating EC2 Instance (${id}) volume (${volumeId})`;
  const request = modification(recorded, is);
  if (Object.keys(request).length > 0) {
    await client.call(doing, new ModifyVolumeCommand({ ...request, VolumeId: volumeId }));
    const ready = ["available", "in-use"];
    await waitForVolume(client, volumeId, context, "update", 300, ["creating", "modifying"], ready);
  }
  const deleted = flag(is, "deleteOnTermination");
  if (deleted !== undefined && deleted !== recorded.deleteOnTermination) {
    const device = { DeviceName: text(recorded, "deviceName"), Ebs: { DeleteOnTermination: deleted } };
    const attribute = { BlockDeviceMappings: [device], InstanceId: id };
    await client.call(doing, new ModifyInstanceAttributeCommand(attribute));
  }
  await changeTags(client, doing, volumeId, tagsIn(was), tagsIn(is));
}

/** What of the volume itself is new; zero and silence change nothing. */
function modification(recorded: Properties, is: Properties): Omit<ModifyVolumeRequest, "VolumeId"> {
  const changed = (name: string) => is[name] !== undefined && is[name] !== recorded[name];
  return {
    ...(changed("volumeSize") && { Size: number(is, "volumeSize") }),
    ...(changed("volumeType") && { VolumeType: text(is, "volumeType") as VolumeType }),
    ...(changed("iops") && { Iops: number(is, "iops") }),
    ...(changed("throughput") && { Throughput: number(is, "throughput") }),
  };
}
