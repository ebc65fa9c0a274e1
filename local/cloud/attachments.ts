import type { Background } from "./background";
import { Ec2Error } from "./errors";
import type { InstanceRecord } from "./instanceRecord";
import type { MachineRoom } from "./machineRoom";
import type { VolumeAttachment, VolumeRecord, Volumes } from "./volumes";

/** Putting volumes on instances and taking them off. */
export class Attachments {
  constructor(
    private readonly volumes: Volumes,
    private readonly background: Background,
    private readonly machines: MachineRoom,
    private readonly describeInstance: (instanceId: string) => Promise<InstanceRecord>,
  ) {}

  /** AttachVolume. Answers `attaching`; `attached` follows when the running machine has been given the disk. */
  async attach(volumeId: string, instanceId: string, deviceName: string): Promise<VolumeRecord> {
    const instance = await this.describeInstance(instanceId);
    requireDeviceName(deviceName);
    requireAttachableState(instance);
    const volume = await this.volumes.setAttachment(volumeId, async (record) => {
      requireAvailable(record);
      requireSameZone(record, instance);
      requireFreeDevice(await this.volumes.attachedTo(instanceId), deviceName);
      return { instanceId, deviceName, state: "attaching", deleteOnTermination: false };
    });
    this.background.start(
      () => this.plugIn(instance, volume, deviceName),
      // A disk that the machine does not take leaves the volume free, as EC2 does.
      async () => void (await this.volumes.setAttachment(volumeId, async () => undefined)),
    );
    return volume;
  }

  /** DetachVolume. Answers `detaching`; then the volume is `available`. */
  async detach(volumeId: string, instanceId: string): Promise<VolumeRecord> {
    const instance = await this.describeInstance(instanceId);
    const volume = await this.volumes.setAttachment(volumeId, async (record) => {
      const attachment = requireAttachedTo(record, instanceId);
      requireDetachable(record, attachment, instance);
      return { ...attachment, state: "detaching" };
    });
    this.background.start(
      () => this.pullOut(instance, volume),
      async () =>
        void (await this.volumes.setAttachment(volumeId, async ({ attachment }) => reattached(attachment))),
    );
    return volume;
  }

  private async plugIn(instance: InstanceRecord, volume: VolumeRecord, deviceName: string): Promise<void> {
    if (instance.state === "running") await this.machines.attach(instance, volume, deviceName);
    await this.volumes.setAttachment(volume.volumeId, async ({ attachment }) => reattached(attachment));
  }

  private async pullOut(instance: InstanceRecord, volume: VolumeRecord): Promise<void> {
    const deviceName = volume.attachment?.deviceName ?? "";
    if (instance.state === "running") await this.machines.detach(instance, volume, deviceName);
    await this.volumes.setAttachment(volume.volumeId, async () => undefined);
  }
}

function reattached(attachment?: VolumeAttachment): VolumeAttachment | undefined {
  return attachment && { ...attachment, state: "attached" };
}

/**
 * The names that EC2 takes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html. It recommends sdf
 * to sdp and takes the others too; partitions (sdf1) are for paravirtual instances and the root device.
 */
function requireDeviceName(deviceName: string): void {
  if (/^\/dev\/(sd[a-z](1[0-5]|[1-9])?|xvd[a-d]?[a-z])$/.test(deviceName)) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${deviceName}) for parameter device is invalid. ${deviceName} is not a valid EBS device name.`,
  );
}

function requireAttachableState({ instanceId, state }: InstanceRecord): void {
  if (state === "running" || state === "stopped") return;
  throw new Ec2Error("IncorrectState", `Instance '${instanceId}' is not 'running'. It is '${state}'`);
}

function requireAvailable({ volumeId, state, attachment }: VolumeRecord): void {
  if (attachment) throw new Ec2Error("VolumeInUse", `${volumeId} is already attached to an instance`);
  if (state === "available") return;
  throw new Ec2Error(
    "IncorrectState",
    `Volume '${volumeId}' is in the '${state}' state. It must be 'available'`,
  );
}

function requireSameZone(volume: VolumeRecord, instance: InstanceRecord): void {
  if (volume.availabilityZone === instance.availabilityZone) return;
  throw new Ec2Error(
    "InvalidVolume.ZoneMismatch",
    `The volume '${volume.volumeId}' is not in the same availability zone as instance '${instance.instanceId}'`,
  );
}

function requireFreeDevice(attached: { attachment: VolumeAttachment }[], deviceName: string): void {
  if (!attached.some(({ attachment }) => attachment.deviceName === deviceName)) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Invalid value '${deviceName}' for unixDevice. Attachment point ${deviceName} is already in use`,
  );
}

function requireAttachedTo(
  { volumeId, state, attachment }: VolumeRecord,
  instanceId: string,
): VolumeAttachment {
  if (!attachment) throw new Ec2Error("IncorrectState", `Volume '${volumeId}' is in the '${state}' state.`);
  if (attachment.instanceId === instanceId) return attachment;
  throw new Ec2Error(
    "InvalidAttachment.NotFound",
    `The volume '${volumeId}' is not attached to instance '${instanceId}', but to '${attachment.instanceId}'`,
  );
}

function requireDetachable(
  volume: VolumeRecord,
  attachment: VolumeAttachment,
  instance: InstanceRecord,
): void {
  if (attachment.deviceName === instance.rootDeviceName && instance.state !== "stopped") {
    throw new Ec2Error(
      "OperationNotPermitted",
      `Unable to detach root volume '${volume.volumeId}' from instance '${instance.instanceId}'`,
    );
  }
  if (attachment.state !== "attached") {
    throw new Ec2Error(
      "IncorrectState",
      `Volume '${volume.volumeId}' is in the '${attachment.state}' state.`,
    );
  }
}
