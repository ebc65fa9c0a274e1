import { randomBytes } from "node:crypto";
import type { Addresses } from "./addresses";
import type { Background } from "./background";
import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import type { Images } from "./images";
import type { InstanceRecord } from "./instanceRecord";
import { requireStartable, requireUserData, type RunInstancesRequest } from "./instanceRules";
import type { KeyPairs } from "./keyPairs";
import { launchVolumes, planLaunch, type Launch } from "./launch";
import { noRootVolume, type MachineRoom } from "./machineRoom";
import type { SecurityGroups } from "./securityGroups";
import type { Snapshots } from "./snapshots";
import type { Collection, Store } from "./store";
import { requireValidTags } from "./tags";
import type { Volumes } from "./volumes";

/** The resources that a launch looks at. */
export interface LaunchSurroundings {
  images: Images;
  snapshots: Snapshots;
  keyPairs: KeyPairs;
  securityGroups: SecurityGroups;
  volumes: Volumes;
}

export type InstanceChange = Partial<
  Pick<InstanceRecord, "instanceType" | "userData" | "securityGroupIds" | "disableApiTermination" | "tags">
>;

/** How long DescribeInstances still shows a terminated instance. */
const SHOWN_AFTER_END_MS = 60 * 60 * 1000;

/** EC2 instances. What each runs on is the machine room's affair. */
export class Instances {
  private readonly records: Collection<InstanceRecord>;

  constructor(
    private readonly store: Store,
    private readonly background: Background,
    private readonly machines: MachineRoom,
    private readonly addresses: Addresses,
    private readonly surroundings: LaunchSurroundings,
  ) {
    this.records = store.collection("instances");
  }

  /** RunInstances, for one. Answers `pending`; `running` follows, or `terminated` with the reason. */
  async run(request: RunInstancesRequest): Promise<InstanceRecord> {
    const launch = await planLaunch(request, this.surroundings);
    const instance = await this.store.exclusively(async () => {
      await this.forgetTheLongGone();
      const record = newInstance(launch, await this.addresses.next());
      await this.records.put(record.instanceId, record);
      return record;
    });
    this.background.start(
      () => this.launch(instance, launch),
      (error) => this.abandon(instance, error),
    );
    return instance;
  }

  /**
   * The instance of this id; `InvalidInstanceID.NotFound` where there is none. One whose machine has ended by itself
   * (shut down from inside, or with the computer) is found stopped, as an EBS-backed instance is.
   */
  async describe(instanceId: string): Promise<InstanceRecord> {
    const record = await this.recordOf(instanceId);
    if (record.state !== "running" || (await this.machines.isRunning(record))) return record;
    return this.change(instanceId, (now) =>
      now.state === "running"
        ? stopped(now, "Client.InstanceInitiatedShutdown: Instance initiated shutdown")
        : now,
    );
  }

  /** All that are there, and those that ended in the last hour. */
  list(): Promise<InstanceRecord[]> {
    return this.records.list();
  }

  /** Ids of the instances that are in a security group. */
  async membersOf(groupId: string): Promise<string[]> {
    return (await this.list())
      .filter((instance) => instance.state !== "terminated" && instance.securityGroupIds.includes(groupId))
      .map((instance) => instance.instanceId);
  }

  /** StartInstances: another address than before. Does nothing to one that is running. */
  async start(instanceId: string): Promise<void> {
    const { state } = await this.describe(instanceId);
    if (state === "running" || state === "pending") return;
    if ((await this.rootVolumeOf(instanceId)) === undefined)
      throw noRootVolume(await this.recordOf(instanceId));
    const instance = await this.change(instanceId, async (now) => {
      requireState(now, ["stopped"], "started");
      const address = await this.addresses.next();
      return {
        ...now,
        ...addressed(now.hasPublicAddress, address),
        state: "pending",
        stateReason: undefined,
      };
    });
    this.background.start(
      () => this.boot(instance),
      async (error) => void (await this.change(instanceId, (now) => stopped(now, internalError(error)))),
    );
  }

  /** StopInstances: the address is given up, the volumes stay. Does nothing to one that is stopped. */
  async stop(instanceId: string): Promise<void> {
    const { state } = await this.describe(instanceId);
    if (state === "stopped" || state === "stopping") return;
    const instance = await this.change(instanceId, (now) => {
      requireState(now, ["running"], "stopped");
      return { ...now, state: "stopping" };
    });
    this.background.start(
      async () => {
        await this.machines.stop(instance);
        await this.change(instanceId, (now) =>
          stopped(now, "Client.UserInitiatedShutdown: User initiated shutdown"),
        );
      },
      async (error) =>
        void (await this.change(instanceId, (now) => ({
          ...now,
          state: "running",
          stateReason: internalError(error),
        }))),
    );
  }

  /** TerminateInstances: volumes come off first; those with `deleteOnTermination` go. Twice is as good as once. */
  async terminate(instanceId: string): Promise<void> {
    const record = await this.recordOf(instanceId);
    if (record.state === "terminated") return;
    requireTerminable(record);
    const instance = await this.change(instanceId, (now) => ({ ...now, state: "shutting-down" }));
    this.background.start(
      () => this.end(instance, "Client.UserInitiatedShutdown: User initiated shutdown"),
      // EC2 has no way back; here a machine that does not end must be seen, and be ended again.
      async (error) =>
        void (await this.change(instanceId, (now) => ({
          ...now,
          state: record.state,
          stateReason: internalError(error),
        }))),
    );
  }

  /** ModifyInstanceAttribute, and tags. Type and user data change only while it is stopped: `IncorrectInstanceState`. */
  async modify(instanceId: string, change: InstanceChange): Promise<void> {
    requireUserData(change.userData);
    requireValidTags(change.tags ?? {});
    for (const groupId of change.securityGroupIds ?? [])
      await this.surroundings.securityGroups.describe(groupId);
    await this.change(instanceId, (now) => {
      if (change.instanceType !== undefined || change.userData !== undefined)
        requireState(now, ["stopped"], "modified");
      requireStartable(now, change.instanceType ?? now.instanceType, now.cpuOptions);
      return { ...now, ...change };
    });
  }

  private async launch(instance: InstanceRecord, launch: Launch): Promise<void> {
    await launchVolumes(instance, launch, this.surroundings.volumes, this.background.delayMs);
    await this.boot(instance);
  }

  private async boot(instance: InstanceRecord): Promise<void> {
    await this.machines.start(instance);
    await this.change(instance.instanceId, (now) =>
      now.state === "pending" ? { ...now, state: "running" } : now,
    );
  }

  /** A launch that failed leaves no machine and no volume, only the reason. */
  private async abandon(instance: InstanceRecord, error: Error): Promise<void> {
    await this.end(instance, internalError(error));
  }

  private async end(instance: InstanceRecord, reason: string): Promise<void> {
    await this.machines.destroy(instance);
    await this.releaseVolumes(instance.instanceId);
    await this.change(instance.instanceId, (now) => ({
      ...now,
      state: "terminated",
      stateReason: reason,
      publicIp: undefined,
      terminatedAt: new Date().toISOString(),
    }));
  }

  private async releaseVolumes(instanceId: string): Promise<void> {
    for (const { volumeId, attachment } of await this.surroundings.volumes.attachedTo(instanceId)) {
      if (attachment.deleteOnTermination) await this.surroundings.volumes.deleteWithInstance(volumeId);
      else await this.surroundings.volumes.setAttachment(volumeId, async () => undefined);
    }
  }

  private async rootVolumeOf(instanceId: string): Promise<string | undefined> {
    const { rootDeviceName } = await this.recordOf(instanceId);
    const attached = await this.surroundings.volumes.attachedTo(instanceId);
    return attached.find(({ attachment }) => attachment.deviceName === rootDeviceName)?.volumeId;
  }

  private async recordOf(instanceId: string): Promise<InstanceRecord> {
    requireWellFormed("instance", instanceId);
    const record = await this.records.get(instanceId);
    if (!record) throw notFound("instance", instanceId);
    return record;
  }

  private change(
    instanceId: string,
    decide: (now: InstanceRecord) => InstanceRecord | Promise<InstanceRecord>,
  ): Promise<InstanceRecord> {
    return this.store.exclusively(async () => {
      const changed = await decide(await this.recordOf(instanceId));
      await this.records.put(instanceId, changed);
      return changed;
    });
  }

  private async forgetTheLongGone(): Promise<void> {
    const limit = Date.now() - SHOWN_AFTER_END_MS;
    for (const { instanceId, terminatedAt } of await this.list()) {
      if (terminatedAt !== undefined && Date.parse(terminatedAt) < limit)
        await this.records.remove(instanceId);
    }
  }
}

function newInstance({ request, image, type, subnet, publicKey }: Launch, address: string): InstanceRecord {
  return {
    instanceId: newId("instance"),
    imageId: image.imageId,
    machine: image.machine,
    architecture: image.architecture,
    virtualizationType: image.virtualizationType,
    enaSupport: image.enaSupport,
    bootMode: image.bootMode,
    rootDeviceName: image.rootDeviceName,
    instanceType: type.name,
    state: "pending",
    availabilityZone: subnet.availabilityZone,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    securityGroupIds: request.securityGroupIds ?? [],
    keyName: request.keyName,
    publicKey,
    userData: request.userData,
    cpuOptions: request.cpuOptions,
    ...addressed(request.associatePublicIpAddress ?? subnet.mapPublicIpOnLaunch, address),
    // 02: locally administered, as EC2's are.
    macAddress: `02:${(randomBytes(5).toString("hex").match(/../g) ?? []).join(":")}`,
    launchTime: new Date().toISOString(),
    disableApiTermination: request.disableApiTermination ?? false,
    tags: request.tags ?? {},
  };
}

function addressed(hasPublicAddress: boolean, address: string) {
  return { hasPublicAddress, publicIp: hasPublicAddress ? address : undefined, privateIp: address };
}

function stopped(instance: InstanceRecord, reason: string): InstanceRecord {
  return { ...instance, state: "stopped", stateReason: reason, publicIp: undefined };
}

function internalError(error: Error): string {
  return `Server.InternalError: ${error.message}`;
}

function requireState({ instanceId, state }: InstanceRecord, allowed: string[], verb: string): void {
  if (allowed.includes(state)) return;
  throw new Ec2Error(
    "IncorrectInstanceState",
    `The instance '${instanceId}' is not in a state from which it can be ${verb}: it is '${state}', not '${allowed}'.`,
  );
}

function requireTerminable({ instanceId, disableApiTermination }: InstanceRecord): void {
  if (!disableApiTermination) return;
  throw new Ec2Error(
    "OperationNotPermitted",
    `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
}
