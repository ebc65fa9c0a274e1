import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { writeMetadataOptions } from "../machines/metadata";
import type { AttachedVolume, Firewall, Machine, MachineKind, MachineSpec } from "../machines/machine";
import type { Disks } from "./disks";
import { Ec2Error } from "./errors";
import { instanceMetadata } from "./instanceMetadata";
import type { InstanceRecord } from "./instanceRecord";
import { describeSubnet } from "./network";
import type { Volumes } from "./volumes";

export type OpenMachine = (kind: MachineKind, spec: MachineSpec) => Machine;

/**
 * A guest has two processors and 1 GiB, of whatever instance type it is. The types of a migration have 2 to 16 GiB, and the
 * machine that runs this cloud may not have more than that itself.
 */
const VCPUS = 2;
const MEMORY_MB = 1024;
/** An instance with nested virtualization is a helper: it rehearses a machine of 1 GiB inside. */
const NESTING_MEMORY_MB = 2560;

/** EC2 keeps the last 64 KiB of a console. */
const CONSOLE_BYTES = 64 * 1024;

const NOTHING_PASSES: Firewall = { ingress: [], egress: [] };

type NamedVolume = Pick<AttachedVolume, "volumeId" | "deviceName">;

/** Runs the machines of instances. Changes of one machine run one after the other: it never attaches two volumes at once. */
export class Hypervisor {
  private readonly busy = new Map<string, Promise<unknown>>();

  constructor(
    private readonly directory: string,
    private readonly disks: Disks,
    private readonly volumes: Volumes,
    private readonly openMachine: OpenMachine,
    private readonly firewallFor: (instance: InstanceRecord) => Promise<Firewall>,
    private readonly region: string,
  ) {}

  /** Makes the root disk of an instance whose root is an instance store. Does nothing for others. */
  async createInstanceStore({ instanceId, imageLocation }: InstanceRecord): Promise<void> {
    if (imageLocation !== undefined) await this.disks.fillInstanceStore(instanceId, imageLocation);
  }

  /** Starts an instance's machine with every volume that is attached to it. */
  start(instance: InstanceRecord): Promise<void> {
    return this.exclusively(instance, async (machine) => {
      const attached = await this.volumes.attachedTo(instance.instanceId);
      const others = attached.filter((volume) => volume.attachment.deviceName !== instance.rootDeviceName);
      await machine.start(
        others.map(({ volumeId, attachment }) =>
          this.describeVolume({ volumeId, deviceName: attachment.deviceName }),
        ),
      );
    });
  }

  stop(instance: InstanceRecord): Promise<void> {
    return this.exclusively(instance, (machine) => machine.stop());
  }

  destroy(instance: InstanceRecord): Promise<void> {
    return this.exclusively(instance, (machine) => machine.destroy());
  }

  /** Destroys the machine, and removes its instance store. */
  async remove(instance: InstanceRecord): Promise<void> {
    await this.destroy(instance);
    await this.disks.removeInstanceStore(instance.instanceId);
  }

  attach(instance: InstanceRecord, volume: NamedVolume): Promise<void> {
    return this.exclusively(instance, (machine) => machine.attach(this.describeVolume(volume)));
  }

  detach(instance: InstanceRecord, volume: NamedVolume): Promise<void> {
    return this.exclusively(instance, (machine) => machine.detach(this.describeVolume(volume)));
  }

  /** Begins a copy of the volume's present content, if its machine has to make it: see `Machine`. */
  async beginCopy(
    instance: InstanceRecord,
    volume: NamedVolume,
    name: string,
    file: string,
  ): Promise<boolean> {
    let begun = false;
    await this.exclusively(instance, async (machine) => {
      begun = await machine.beginCopy(this.describeVolume(volume), name, file);
    });
    return begun;
  }

  finishCopy(instance: InstanceRecord, name: string): Promise<void> {
    return this.exclusively(instance, (machine) => machine.finishCopy(name));
  }

  /** Gives the running machine the rules that the instance's groups have now. */
  renewFirewall(instance: InstanceRecord): Promise<void> {
    return this.exclusively(instance, async (machine) =>
      machine.setFirewall(await this.firewallFor(instance)),
    );
  }

  /** Gives the machine's metadata service the options that the instance has now, also while it runs. */
  renewMetadataOptions(instance: InstanceRecord): Promise<void> {
    return this.exclusively(instance, async () => {
      const directory = path.join(this.directory, instance.instanceId);
      writeMetadataOptions(directory, instance.attributes?.metadataOptions ?? {});
    });
  }

  /**
   * Does not wait for other changes: every DescribeInstances asks this, also while a start is under way. The machine's
   * directory alone shows it.
   */
  isRunning(instance: InstanceRecord): Promise<boolean> {
    return this.openMachine(instance.machine, this.specOf(instance, NOTHING_PASSES)).isRunning();
  }

  /** The text that the machine wrote to its serial console, and the time of the last write. Empty if it never started. */
  async consoleOf(instance: InstanceRecord): Promise<{ text: string; changed?: string }> {
    const { consoleFile } = this.openMachine(instance.machine, this.specOf(instance, NOTHING_PASSES));
    const [text, found] = await Promise.all([
      readFile(consoleFile, "latin1").catch(() => ""),
      stat(consoleFile).catch(() => undefined),
    ]);
    return { text: text.slice(-CONSOLE_BYTES), changed: found?.mtime.toISOString() };
  }

  private exclusively(instance: InstanceRecord, work: (machine: Machine) => Promise<void>): Promise<void> {
    const before = this.busy.get(instance.instanceId) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(async () => work(await this.open(instance)));
    this.busy.set(instance.instanceId, mine);
    return mine;
  }

  private async open(instance: InstanceRecord): Promise<Machine> {
    const root = (await this.volumes.attachedTo(instance.instanceId)).find(
      (volume) => volume.attachment.deviceName === instance.rootDeviceName,
    );
    const firewall = await this.firewallFor(instance);
    return this.openMachine(instance.machine, this.specOf(instance, firewall, root?.volumeId));
  }

  private specOf(instance: InstanceRecord, firewall: Firewall, rootVolumeId = "none"): MachineSpec {
    return {
      instanceId: instance.instanceId,
      directory: path.join(this.directory, instance.instanceId),
      address: instance.publicIp ?? instance.privateIp,
      instanceType: instance.instanceType,
      vcpus: VCPUS,
      memoryMb: instance.cpuOptions?.nestedVirtualization === "enabled" ? NESTING_MEMORY_MB : MEMORY_MB,
      boot: instance.virtualizationType === "hvm" ? "boot-record" : "pv-grub",
      rootVolume: {
        volumeId: rootVolumeId,
        file: this.rootFile(instance, rootVolumeId),
        deviceName: instance.rootDeviceName,
      },
      metadata: instanceMetadata(instance, describeSubnet(instance.subnetId, this.region)),
      metadataOptions: instance.attributes?.metadataOptions,
      userData: instance.userData,
      firewall,
    };
  }

  private rootFile({ instanceId, rootDeviceType }: InstanceRecord, rootVolumeId: string): string {
    if (rootDeviceType === "instance-store") return this.disks.instanceStoreFile(instanceId);
    return this.disks.volumeFile(rootVolumeId);
  }

  private describeVolume({ volumeId, deviceName }: NamedVolume): AttachedVolume {
    return { volumeId, file: this.disks.volumeFile(volumeId), deviceName };
  }
}

/** StartInstances refuses with this if the root volume was detached. */
export function noRootVolume({ instanceId, rootDeviceName }: InstanceRecord): Ec2Error {
  return new Ec2Error(
    "InvalidParameterValue",
    `Invalid value '${instanceId}' for instanceId. Instance does not have a volume attached at root (${rootDeviceName})`,
  );
}
