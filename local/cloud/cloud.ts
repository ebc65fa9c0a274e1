import path from "node:path";
import { openMachine as openRealMachine } from "../machines";
import { makePrivateFolder } from "../privateFiles";
import { Addresses } from "./addresses";
import { Attachments } from "./attachments";
import { Callers } from "./callers";
import { Background } from "./background";
import { REGION } from "./account";
import type { Firewall } from "../machines/machine";
import type { Ec2Action } from "./actions";
import { Disks } from "./disks";
import { Faults } from "./faults";
import { firewallOf } from "./firewall";
import { Images } from "./images";
import type { InstanceRecord } from "./instanceRecord";
import { Instances } from "./instances";
import { KeyPairs } from "./keyPairs";
import { LaunchTemplates } from "./launchTemplates";
import { Hypervisor, type OpenMachine } from "./hypervisor";
import { networkOf, type Network } from "./network";
import { SecurityGroups } from "./securityGroups";
import { Settings } from "./settings";
import { Snapshots, type LiveCopies } from "./snapshots";
import { Store } from "./store";
import { Tagging } from "./tagging";
import { Volumes } from "./volumes";

export interface CloudOptions {
  /** What instances run on. Default: real machines. */
  openMachine?: OpenMachine;
  /** The least time in a pending state, in milliseconds. Default 200. */
  delayMs?: number;
  /** The region that it is. Default: the one with the seeded images. */
  region?: string;
}

/**
 * A region of EC2 on this machine, in one folder. Nothing is kept in memory: several processes may work on the same folder, one
 * after the other or at once, and what one starts another finds.
 */
export class Cloud {
  readonly background: Background;
  readonly faults: Faults;
  readonly disks: Disks;
  readonly volumes: Volumes;
  readonly snapshots: Snapshots;
  readonly images: Images;
  readonly instances: Instances;
  readonly attachments: Attachments;
  readonly securityGroups: SecurityGroups;
  readonly keyPairs: KeyPairs;
  readonly launchTemplates: LaunchTemplates;
  readonly machines: Hypervisor;
  readonly tagging: Tagging;
  readonly settings: Settings;
  /** Of the account: those of the first region hold in all. */
  readonly callers: Callers;
  readonly network: Network;
  readonly region: string;

  constructor(
    readonly directory: string,
    { openMachine = openRealMachine, delayMs = 200, region = REGION }: CloudOptions = {},
  ) {
    makePrivateFolder(directory);
    this.region = region;
    this.network = networkOf(region);
    const store = new Store(directory);
    const background = (this.background = new Background(store, delayMs));
    this.faults = new Faults(store);
    this.callers = new Callers(store);
    this.tagging = new Tagging(store, region);
    this.settings = new Settings(store, region);
    this.disks = new Disks(directory);
    this.images = new Images(store, background, () => this.snapshots);
    const imagesOf = (id: string) => this.images.usersOf(id);
    this.snapshots = new Snapshots(store, this.disks, background, imagesOf, this.liveCopies());
    this.volumes = new Volumes(store, this.disks, background, this.snapshots, async () => ({
      ...(await this.settings.read()),
      region,
    }));
    this.keyPairs = new KeyPairs(store);
    this.launchTemplates = new LaunchTemplates(store);
    this.securityGroups = new SecurityGroups(
      store,
      (id) => this.instances.membersOf(id),
      (id) => this.instances.renewFirewalls(({ securityGroupIds }) => securityGroupIds.includes(id)),
      region,
    );
    this.machines = new Hypervisor(
      path.join(directory, "machines"),
      this.disks,
      this.volumes,
      openMachine,
      (instance) => this.firewallFor(instance),
      region,
    );
    this.instances = new Instances(store, background, this.machines, new Addresses(store), this);
    this.attachments = new Attachments(this.volumes, background, this.machines, (id) =>
      this.instances.describe(id),
    );
  }

  /**
   * Answers a request of EC2's API, by the name of its action. All that comes from outside comes through here, so that
   * it meets the faults which are waiting for it.
   */
  async request<T>(action: Ec2Action, work: () => Promise<T>): Promise<T> {
    await this.faults.meet(action);
    return work();
  }

  private liveCopies(): LiveCopies {
    return {
      begin: async (volume, snapshotId) => {
        if (volume.attachment?.state !== "attached") return undefined;
        const { instanceId, deviceName } = volume.attachment;
        const [named, file] = [{ volumeId: volume.volumeId, deviceName }, this.disks.copyFile(snapshotId)];
        const instance = await this.instances.describe(instanceId);
        return (await this.machines.beginCopy(instance, named, snapshotId, file)) ? instanceId : undefined;
      },
      finish: async (instanceId, snapshotId) =>
        this.machines.finishCopy(await this.instances.describe(instanceId), snapshotId),
    };
  }

  private async firewallFor({ securityGroupIds }: InstanceRecord): Promise<Firewall> {
    const groups = await Promise.all(securityGroupIds.map((id) => this.securityGroups.find(id)));
    const members = (await this.instances.list()).filter(({ state }) => state !== "terminated");
    return firewallOf(
      groups.filter((group) => group !== undefined),
      (id) =>
        members.filter((member) => member.securityGroupIds.includes(id)).map(({ privateIp }) => privateIp),
    );
  }
}
