import type { Background, Begin } from "./background";
import { Ec2Error } from "./errors";
import type { InstanceRecord } from "./instanceRecord";
import type { Hypervisor } from "./hypervisor";
import type { VolumeAttachment, VolumeRecord, Volumes } from "./volumes";

interface Subject {
  volumeId: string;
  instanceId: string;
  deviceName: string;
}

/** Attaches volumes to instances, and detaches them. */
export class Attachments {
  private readonly beginAttaching: Begin<Subject>;
  private readonly beginDetaching: Begin<Subject>;

  constructor(
    private readonly volumes: Volumes,
    background: Background,
    private readonly machines: Hypervisor,
    private readonly describeInstance: (instanceId: string) => Promise<InstanceRecord>,
  ) {
    this.beginAttaching = background.define("attach-volume", {
      finish: (subject, again) => this.plugIn(subject, again),
      // If the machine does not take the disk, the volume is available again, as on EC2.
      fail: (subject) => this.leave("attaching", subject, () => undefined),
    });
    this.beginDetaching = background.define("detach-volume", {
      finish: (subject) => this.pullOut(subject),
      fail: (subject) => this.leave("detaching", subject, attached),
    });
  }

  /** AttachVolume. Answers `attaching`; `attached` follows when the running machine has been given the disk. */
  async attach(volumeId: string, instanceId: string, deviceName: string): Promise<VolumeRecord> {
    const instance = await this.attachable(instanceId, deviceName);
    return this.beginAttaching({ volumeId, instanceId, deviceName }, () =>
      this.volumes.setAttachment(volumeId, async (record) => {
        await this.requireAttachableTo(record, instance, deviceName);
        const attachTime = new Date().toISOString();
        return { instanceId, deviceName, state: "attaching", deleteOnTermination: false, attachTime };
      }),
    );
  }

  /** Refuses what AttachVolume refuses. */
  async planAttaching(volumeId: string, instanceId: string, deviceName: string): Promise<void> {
    const instance = await this.attachable(instanceId, deviceName);
    await this.requireAttachableTo(await this.volumes.describe(volumeId), instance, deviceName);
  }

  /** Refuses what DetachVolume refuses. */
  async planDetaching(volumeId: string, instanceId: string): Promise<void> {
    const instance = await this.describeInstance(instanceId);
    const record = await this.volumes.describe(volumeId);
    requireDetachable(record, requireAttachedTo(record, instanceId), instance);
  }

  private async attachable(instanceId: string, deviceName: string): Promise<InstanceRecord> {
    const instance = await this.describeInstance(instanceId);
    requireDeviceName(deviceName);
    requireAttachableState(instance);
    return instance;
  }

  private async requireAttachableTo(
    record: VolumeRecord,
    instance: InstanceRecord,
    deviceName: string,
  ): Promise<void> {
    requireAvailable(record);
    requireSameZone(record, instance);
    requireFreeDevice(await this.volumes.attachedTo(instance.instanceId), deviceName);
  }

  /** DetachVolume. Answers `detaching`; then the volume is `available`. */
  async detach(volumeId: string, instanceId: string): Promise<VolumeRecord> {
    const instance = await this.describeInstance(instanceId);
    const { attachment } = await this.volumes.describe(volumeId);
    return this.beginDetaching({ volumeId, instanceId, deviceName: attachment?.deviceName ?? "" }, () =>
      this.volumes.setAttachment(volumeId, async (record) => {
        const now = requireAttachedTo(record, instanceId);
        requireDetachable(record, now, instance);
        return { ...now, state: "detaching" };
      }),
    );
  }

  private async plugIn(subject: Subject, again: boolean): Promise<void> {
    if (!(await this.isIn("attaching", subject))) return;
    const instance = await this.describeInstance(subject.instanceId);
    if (instance.state === "running") {
      // An earlier process may have attached it already, or not: an error of this detach does not matter.
      if (again) await this.machines.detach(instance, subject).catch(() => undefined);
      await this.machines.attach(instance, subject);
    }
    await this.leave("attaching", subject, attached);
  }

  private async pullOut(subject: Subject): Promise<void> {
    if (!(await this.isIn("detaching", subject))) return;
    const instance = await this.describeInstance(subject.instanceId);
    if (instance.state === "running") await this.machines.detach(instance, subject);
    await this.leave("detaching", subject, () => undefined);
  }

  private async isIn(state: VolumeAttachment["state"], subject: Subject): Promise<boolean> {
    return isStill(state, subject, (await this.volumes.find(subject.volumeId))?.attachment);
  }

  /** Changes the attachment only if it is still in the state in which the transition began. */
  private async leave(
    state: VolumeAttachment["state"],
    subject: Subject,
    change: (attachment: VolumeAttachment) => VolumeAttachment | undefined,
  ): Promise<void> {
    if (!(await this.volumes.find(subject.volumeId))) return;
    await this.volumes.setAttachment(subject.volumeId, async ({ attachment }) =>
      attachment && isStill(state, subject, attachment) ? change(attachment) : attachment,
    );
  }
}

function isStill(
  state: VolumeAttachment["state"],
  { instanceId }: Subject,
  attachment?: VolumeAttachment,
): boolean {
  return attachment?.state === state && attachment.instanceId === instanceId;
}

function attached(attachment: VolumeAttachment): VolumeAttachment {
  return { ...attachment, state: "attached" };
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
