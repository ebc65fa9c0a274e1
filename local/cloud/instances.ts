import type { Addresses } from "./addresses";
import type { Background, Begin } from "./background";
import { newId, notFound, requireWellFormed } from "./ids";
import type { Images } from "./images";
import {
  addressed,
  back,
  changed,
  hasEnded,
  internalError,
  newInstance,
  requireState,
  requireStoppable,
  requireTerminable,
  stopped,
} from "./instanceChanges";
import { passesInstanceFilters, requireInstanceFilters, type DescribedInstance } from "./instanceFilters";
import type { InstanceRecord, InstanceState } from "./instanceRecord";
import { requireUserData, type RunInstancesRequest } from "./instanceRules";
import type { KeyPairs } from "./keyPairs";
import { makeLaunchVolumes, planLaunch, planLaunchVolumes, type LaunchVolume } from "./launch";
import { noRootVolume, type Hypervisor } from "./hypervisor";
import type { SecurityGroups } from "./securityGroups";
import type { Settings } from "./settings";
import type { Snapshots } from "./snapshots";
import type { Collection, Store } from "./store";
import { requireValidTags, type Filter } from "./tags";
import type { Volumes } from "./volumes";

/** The resources that a launch reads. */
export interface LaunchSurroundings {
  images: Images;
  snapshots: Snapshots;
  keyPairs: KeyPairs;
  securityGroups: SecurityGroups;
  volumes: Volumes;
  settings: Settings;
  region: string;
}

export type InstanceChange = Partial<
  Pick<
    InstanceRecord,
    | "instanceType"
    | "userData"
    | "securityGroupIds"
    | "disableApiTermination"
    | "enaSupport"
    | "attributes"
    | "tags"
  >
>;

type Named = Pick<InstanceRecord, "instanceId">;
type Launching = Named & { volumes: LaunchVolume[] };
type Stopping = Named & { reason: string };
type Ending = Named & { stateBefore: InstanceState };

/** How long DescribeInstances still shows a terminated instance. */
const SHOWN_AFTER_END_MS = 60 * 60 * 1000;

const USER_REQUEST = "Client.UserInitiatedShutdown: User initiated shutdown";

/** EC2 instances. The `Hypervisor` runs their machines. */
export class Instances {
  private readonly records: Collection<InstanceRecord>;
  private readonly beginLaunching: Begin<Launching>;
  private readonly beginStarting: Begin<Named>;
  private readonly beginStopping: Begin<Stopping>;
  private readonly beginEnding: Begin<Ending>;

  constructor(
    private readonly store: Store,
    private readonly background: Background,
    private readonly machines: Hypervisor,
    private readonly addresses: Addresses,
    private readonly surroundings: LaunchSurroundings,
  ) {
    this.records = store.collection("instances");
    this.beginLaunching = background.define("launch-instance", {
      finish: (subject, again) => this.launch(subject, again),
      fail: ({ instanceId }, error) => this.abandon(instanceId, error),
    });
    this.beginStarting = background.define("start-instance", {
      finish: ({ instanceId }, again) => this.boot(instanceId, again),
      fail: ({ instanceId }, error) =>
        this.leave("pending", instanceId, (now) => stopped(now, internalError(error))),
    });
    this.beginStopping = background.define("stop-instance", {
      finish: (subject) => this.shutDown(subject),
      fail: ({ instanceId }, error) =>
        this.leave("stopping", instanceId, (now) => back(now, "running", error)),
    });
    this.beginEnding = background.define("terminate-instance", {
      finish: ({ instanceId }) => this.end(instanceId, USER_REQUEST),
      // EC2 never goes back to an earlier state. Here it does: a machine that did not end stays visible, and can be ended again.
      fail: ({ instanceId, stateBefore }, error) =>
        this.leave("shutting-down", instanceId, (now) => back(now, stateBefore, error)),
    });
  }

  /** RunInstances, for one instance. Answers `pending`; then it is `running`, or `terminated` with the reason. */
  async run(request: RunInstancesRequest): Promise<InstanceRecord> {
    const launch = await planLaunch(request, this.surroundings);
    const instanceId = newId("instance");
    return this.beginLaunching({ instanceId, volumes: planLaunchVolumes(launch) }, () =>
      this.store.exclusively(async () => {
        await this.forgetTheLongGone();
        const record = newInstance(instanceId, launch, await this.addresses.next());
        await this.records.put(instanceId, record);
        return record;
      }),
    );
  }

  /** Refuses what RunInstances refuses. */
  async plan(request: RunInstancesRequest): Promise<void> {
    await planLaunch(request, this.surroundings);
  }

  /** Refuses what TerminateInstances refuses. */
  async requireTerminable(instanceId: string): Promise<void> {
    requireTerminable(await this.recordOf(instanceId));
  }

  /** Refuses what StopInstances refuses. */
  async requireStoppable(instanceId: string): Promise<void> {
    const record = await this.describe(instanceId);
    if (record.state === "stopped" || record.state === "stopping") return;
    requireState(record, ["running"], "stopped");
    requireStoppable(record);
  }

  /** Refuses what StartInstances refuses. */
  async requireStartable(instanceId: string): Promise<void> {
    const record = await this.describe(instanceId);
    if (record.state === "running" || record.state === "pending") return;
    requireState(record, ["stopped"], "started");
    if ((await this.rootVolumeOf(instanceId)) === undefined) throw noRootVolume(record);
  }

  /** Refuses what ModifyInstanceAttribute refuses. */
  async planChange(instanceId: string, change: InstanceChange): Promise<void> {
    requireUserData(change.userData);
    requireValidTags(change.tags ?? {});
    for (const groupId of change.securityGroupIds ?? [])
      await this.surroundings.securityGroups.describe(groupId);
    changed(await this.describe(instanceId), change);
  }

  /**
   * The instance of this id. `InvalidInstanceID.NotFound` if there is none. If its machine has ended by itself (shut down from
   * inside, or with the computer), the instance is stopped; if its root was an instance store, it is terminated.
   */
  async describe(instanceId: string): Promise<InstanceRecord> {
    this.background.resumeAbandoned();
    const record = await this.recordOf(instanceId);
    if (record.state !== "running" || (await this.machines.isRunning(record))) return record;
    await this.noteEnd(record);
    return this.recordOf(instanceId);
  }

  /** All instances, also those that were terminated in the last hour. */
  list(): Promise<InstanceRecord[]> {
    this.background.resumeAbandoned();
    return this.records.list();
  }

  /**
   * DescribeInstances: the instances of these ids (without ids: all) that pass every filter, each with its volumes.
   * `InvalidInstanceID.NotFound` if there is no instance of an id.
   */
  async search(filters: Filter[], ids: string[] = []): Promise<DescribedInstance[]> {
    requireInstanceFilters(filters);
    const all = ids.length > 0 ? ids : (await this.list()).map(({ instanceId }) => instanceId);
    const described = await Promise.all(
      all.map(async (id) => ({
        ...(await this.describe(id)),
        volumes: await this.surroundings.volumes.attachedTo(id),
      })),
    );
    return described.filter((instance) => passesInstanceFilters(instance, filters));
  }

  /** Ids of the instances that are in a security group. */
  async membersOf(groupId: string): Promise<string[]> {
    return (await this.list())
      .filter((instance) => instance.state !== "terminated" && instance.securityGroupIds.includes(groupId))
      .map((instance) => instance.instanceId);
  }

  /** StartInstances: the instance gets a new address. Does nothing if it is running. */
  async start(instanceId: string): Promise<void> {
    const { state } = await this.describe(instanceId);
    if (state === "running" || state === "pending") return;
    if ((await this.rootVolumeOf(instanceId)) === undefined)
      throw noRootVolume(await this.recordOf(instanceId));
    await this.beginStarting({ instanceId }, () =>
      this.change(instanceId, async (now) => {
        requireState(now, ["stopped"], "started");
        const address = await this.addresses.next();
        return {
          ...now,
          ...addressed(now.hasPublicAddress, address),
          state: "pending",
          stateReason: undefined,
        };
      }),
    );
  }

  /** StopInstances: the instance loses its address and keeps its volumes. Does nothing if it is stopped. */
  async stop(instanceId: string): Promise<void> {
    const { state } = await this.describe(instanceId);
    if (state === "stopped" || state === "stopping") return;
    await this.beginStopping({ instanceId, reason: USER_REQUEST }, () =>
      this.change(instanceId, (now) => {
        requireState(now, ["running"], "stopped");
        requireStoppable(now);
        return { ...now, state: "stopping" };
      }),
    );
  }

  /** TerminateInstances: detaches the volumes, and deletes those with `deleteOnTermination`. Can be repeated. */
  async terminate(instanceId: string): Promise<void> {
    const record = await this.recordOf(instanceId);
    if (record.state === "terminated") return;
    requireTerminable(record);
    await this.beginEnding({ instanceId, stateBefore: record.state }, () =>
      this.change(instanceId, (now) => ({ ...now, state: "shutting-down" })),
    );
  }

  /** ModifyInstanceAttribute, and tags. Type and user data change only while it is stopped: `IncorrectInstanceState`. */
  async modify(instanceId: string, change: InstanceChange): Promise<void> {
    await this.planChange(instanceId, change);
    await this.change(instanceId, (now) => changed(now, change));
    if (change.securityGroupIds) await this.renewFirewalls(({ instanceId: id }) => id === instanceId);
    if (change.attributes?.metadataOptions) {
      await this.machines.renewMetadataOptions(await this.describe(instanceId));
    }
  }

  /** Gives running machines the present rules of their groups. Called when the rules have changed. */
  async renewFirewalls(concerned: (instance: InstanceRecord) => boolean): Promise<void> {
    const running = (await this.list()).filter(({ state }) => state === "running").filter(concerned);
    for (const instance of running) await this.machines.renewFirewall(instance);
  }

  /** Stops an instance whose machine has ended by itself, so that it releases what it held. */
  private async noteEnd({
    instanceId,
    privateIp,
    rootDeviceType,
    attributes,
  }: InstanceRecord): Promise<void> {
    const reason = "Client.InstanceInitiatedShutdown: Instance initiated shutdown";
    const endsWithIt = rootDeviceType === "instance-store" || attributes?.shutdownBehavior === "terminate";
    if (endsWithIt) return this.end(instanceId, reason);
    const stillSo = (now: InstanceRecord) => now.state === "running" && now.privateIp === privateIp;
    await this.beginStopping(
      { instanceId, reason },
      () => this.change(instanceId, (now) => (stillSo(now) ? { ...now, state: "stopping" } : now)),
      "done",
    );
  }

  private async launch({ instanceId, volumes }: Launching, again: boolean): Promise<void> {
    const instance = await this.records.get(instanceId);
    if (instance?.state !== "pending") return;
    await makeLaunchVolumes(instanceId, volumes, this.surroundings.volumes, this.background.delayMs);
    await this.machines.createInstanceStore(instance);
    await this.boot(instanceId, again);
    await this.clearAwayAfterEnd(instanceId);
  }

  private async boot(instanceId: string, again: boolean): Promise<void> {
    const instance = await this.records.get(instanceId);
    if (instance?.state !== "pending") return;
    // It is unknown how far a start came that was cut short.
    if (again) await this.machines.destroy(instance);
    await this.machines.start(instance);
    await this.leave("pending", instanceId, (now) => ({ ...now, state: "running" }));
    await this.clearAwayAfterEnd(instanceId);
  }

  /** Removes what a launch made after the instance was terminated: nothing else would remove it. */
  private async clearAwayAfterEnd(instanceId: string): Promise<void> {
    const instance = await this.records.get(instanceId);
    if (!instance || !hasEnded(instance)) return;
    await this.machines.remove(instance);
    await this.releaseVolumes(instanceId);
  }

  private async shutDown({ instanceId, reason }: Stopping): Promise<void> {
    const instance = await this.records.get(instanceId);
    if (instance?.state !== "stopping") return;
    await this.machines.stop(instance);
    await this.leave("stopping", instanceId, (now) => stopped(now, reason));
  }

  /** After a failed launch, no machine and no volume is left, only the reason. */
  private async abandon(instanceId: string, error: Error): Promise<void> {
    for (const { volumeId } of await this.surroundings.volumes.attachedTo(instanceId)) {
      await this.surroundings.volumes.deleteWithInstance(volumeId);
    }
    await this.end(instanceId, internalError(error));
  }

  private async end(instanceId: string, reason: string): Promise<void> {
    const instance = await this.records.get(instanceId);
    if (!instance || instance.state === "terminated") return;
    await this.machines.remove(instance);
    await this.releaseVolumes(instanceId);
    await this.change(instanceId, (now) => ({
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

  /** Changes the instance only if it is still in the state in which the transition began. */
  private leave(
    state: InstanceState,
    instanceId: string,
    decide: (now: InstanceRecord) => InstanceRecord,
  ): Promise<void> {
    return this.store.exclusively(async () => {
      const now = await this.records.get(instanceId);
      if (now?.state === state) await this.records.put(instanceId, decide(now));
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
