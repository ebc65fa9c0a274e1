import path from "node:path";
import type { AttachedVolume, Machine, MachineKind, MachineSpec } from "../machines/machine";
import type { Disks } from "./disks";
import { Ec2Error } from "./errors";
import { instanceMetadata } from "./instanceMetadata";
import type { InstanceRecord } from "./instanceRecord";
import { describeSubnet } from "./network";
import type { VolumeRecord, Volumes } from "./volumes";

export type OpenMachine = (kind: MachineKind, spec: MachineSpec) => Machine;

/**
 * A guest has two processors and 1 GiB, whatever its type says: the types of a migration say 2 to 16 GiB, and the
 * machine that plays the cloud may have no more than that itself.
 */
const VCPUS = 2;
const MEMORY_MB = 1024;

/** From records to machines. One thing at a time is done to a machine: none is asked to attach two volumes at once. */
export class MachineRoom {
  private readonly busy = new Map<string, Promise<unknown>>();

  constructor(
    private readonly directory: string,
    private readonly disks: Disks,
    private readonly volumes: Volumes,
    private readonly openMachine: OpenMachine,
  ) {}

  /** Starts an instance's machine with every volume that is attached to it. */
  start(instance: InstanceRecord): Promise<void> {
    return this.inTurn(instance, async (machine) => {
      const attached = await this.volumes.attachedTo(instance.instanceId);
      const others = attached.filter((volume) => volume.attachment.deviceName !== instance.rootDeviceName);
      await machine.start(others.map((volume) => this.describeVolume(volume, volume.attachment.deviceName)));
    });
  }

  stop(instance: InstanceRecord): Promise<void> {
    return this.inTurn(instance, (machine) => machine.stop());
  }

  destroy(instance: InstanceRecord): Promise<void> {
    return this.inTurn(instance, (machine) => machine.destroy());
  }

  attach(instance: InstanceRecord, volume: VolumeRecord, deviceName: string): Promise<void> {
    return this.inTurn(instance, (machine) => machine.attach(this.describeVolume(volume, deviceName)));
  }

  detach(instance: InstanceRecord, volume: VolumeRecord, deviceName: string): Promise<void> {
    return this.inTurn(instance, (machine) => machine.detach(this.describeVolume(volume, deviceName)));
  }

  /** Not in turn: it is asked in every DescribeInstances, while a start may still be under way. */
  async isRunning(instance: InstanceRecord): Promise<boolean> {
    return (await this.open(instance)).isRunning();
  }

  private inTurn(instance: InstanceRecord, work: (machine: Machine) => Promise<void>): Promise<void> {
    const before = this.busy.get(instance.instanceId) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(async () => work(await this.open(instance)));
    this.busy.set(instance.instanceId, mine);
    return mine;
  }

  private async open(instance: InstanceRecord): Promise<Machine> {
    const root = (await this.volumes.attachedTo(instance.instanceId)).find(
      (volume) => volume.attachment.deviceName === instance.rootDeviceName,
    );
    return this.openMachine(instance.machine, this.specOf(instance, root?.volumeId));
  }

  private specOf(instance: InstanceRecord, rootVolumeId = "none"): MachineSpec {
    return {
      instanceId: instance.instanceId,
      directory: path.join(this.directory, instance.instanceId),
      address: instance.publicIp ?? instance.privateIp,
      instanceType: instance.instanceType,
      vcpus: VCPUS,
      memoryMb: MEMORY_MB,
      boot: instance.virtualizationType === "hvm" ? "boot-record" : "pv-grub",
      rootVolume: {
        volumeId: rootVolumeId,
        file: this.disks.volumeFile(rootVolumeId),
        deviceName: instance.rootDeviceName,
      },
      metadata: instanceMetadata(instance, describeSubnet(instance.subnetId)),
      userData: instance.userData,
    };
  }

  private describeVolume({ volumeId }: VolumeRecord, deviceName: string): AttachedVolume {
    return { volumeId, file: this.disks.volumeFile(volumeId), deviceName };
  }
}

/** What StartInstances says where the root volume was taken away. */
export function noRootVolume({ instanceId, rootDeviceName }: InstanceRecord): Ec2Error {
  return new Ec2Error(
    "InvalidParameterValue",
    `Invalid value '${instanceId}' for instanceId. Instance does not have a volume attached at root (${rootDeviceName})`,
  );
}
