import type { Background, Begin } from "./background";
import type { Disks } from "./disks";
import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import { requireCompleted, type Snapshots } from "./snapshots";
import type { Collection, Store } from "./store";
import { requireValidTags, type Filter, type Tags } from "./tags";
import { passesVolumeFilters, requireVolumeFilters } from "./volumeFilters";
import {
  planVolume,
  requireValidPerformance,
  type VolumeRequest,
  type VolumeShape,
  type VolumeSurroundings,
} from "./volumeRules";

export interface VolumeRecord extends VolumeShape {
  volumeId: string;
  availabilityZone: string;
  snapshotId?: string;
  state: "creating" | "available" | "in-use" | "deleting" | "error";
  stateMessage?: string;
  createTime: string;
  /** A volume is attached to one instance at most. */
  attachment?: VolumeAttachment;
  /** The last ModifyVolume. */
  modification?: VolumeModification;
  tags: Tags;
}

export interface VolumeModification {
  time: string;
  before: Rates;
  after: Rates;
}

type Rates = Pick<VolumeShape, "sizeGb" | "volumeType" | "iops" | "throughput">;

export interface VolumeAttachment {
  instanceId: string;
  /** As asked for in AttachVolume. */
  deviceName: string;
  state: "attaching" | "attached" | "detaching";
  deleteOnTermination: boolean;
  attachTime?: string;
}

/** A volume that is attached to an instance. */
export type AttachedVolumeRecord = VolumeRecord & { attachment: VolumeAttachment };

export type VolumeChange = Partial<Rates> & {
  tags?: Tags;
};

type Named = Pick<VolumeRecord, "volumeId">;

/** The attachment of a volume that is made together with an instance. */
export type AttachedFromBirth = Omit<VolumeAttachment, "state" | "attachTime">;

/** EBS volumes: raw files of their full size. */
export class Volumes {
  private readonly records: Collection<VolumeRecord>;
  private readonly beginFilling: Begin<Named>;
  private readonly beginDeleting: Begin<Named>;

  constructor(
    private readonly store: Store,
    private readonly disks: Disks,
    private readonly background: Background,
    private readonly snapshots: Snapshots,
    private readonly surroundings: () => Promise<VolumeSurroundings>,
  ) {
    this.records = store.collection("volumes");
    const recordError = ({ volumeId }: Named, { message }: Error) =>
      this.change(volumeId, { state: "error", stateMessage: message });
    this.beginFilling = background.define("fill-volume", {
      finish: ({ volumeId }) => this.fill(volumeId),
      fail: recordError,
    });
    this.beginDeleting = background.define("delete-volume", {
      finish: ({ volumeId }) => this.removeDeleted(volumeId),
      fail: recordError,
    });
  }

  /**
   * CreateVolume. Answers `creating`. When the bytes are there, the volume is `available`; if it is made for an instance,
   * `in-use`.
   */
  async create(request: VolumeRequest, attachment?: AttachedFromBirth): Promise<VolumeRecord> {
    const shape = await this.plan(request);
    const createTime = new Date().toISOString();
    const record: VolumeRecord = {
      ...shape,
      volumeId: newId("volume"),
      availabilityZone: request.availabilityZone,
      snapshotId: request.snapshotId,
      state: "creating",
      createTime,
      ...(attachment && { attachment: { ...attachment, state: "attaching", attachTime: createTime } }),
      tags: request.tags ?? {},
    };
    return this.beginFilling({ volumeId: record.volumeId }, async () => {
      await this.store.exclusively(() => this.records.put(record.volumeId, record));
      return record;
    });
  }

  /** The volume that CreateVolume would make of a request. Refuses what CreateVolume refuses, and writes nothing. */
  async plan(request: VolumeRequest): Promise<VolumeShape> {
    const snapshot = request.snapshotId ? await this.snapshots.describe(request.snapshotId) : undefined;
    const shape = planVolume(request, snapshot, await this.surroundings());
    if (snapshot) requireCompleted(snapshot);
    return shape;
  }

  /** The volume of this id. `InvalidVolume.NotFound` if there is none. */
  async describe(volumeId: string): Promise<VolumeRecord> {
    requireWellFormed("volume", volumeId);
    this.background.resumeAbandoned();
    const record = await this.records.get(volumeId);
    if (!record) throw notFound("volume", volumeId);
    return record;
  }

  /** The volume of this id. Undefined if there is none. */
  find(volumeId: string): Promise<VolumeRecord | undefined> {
    return this.records.get(volumeId);
  }

  list(): Promise<VolumeRecord[]> {
    this.background.resumeAbandoned();
    return this.records.list();
  }

  /** DescribeVolumes: those that pass every filter. */
  async search(filters: Filter[]): Promise<VolumeRecord[]> {
    requireVolumeFilters(filters);
    return (await this.list()).filter((record) => passesVolumeFilters(record, filters));
  }

  /** The volumes that are attached to an instance, in the order of their device names. */
  async attachedTo(instanceId: string): Promise<AttachedVolumeRecord[]> {
    return (await this.list())
      .filter((volume): volume is AttachedVolumeRecord => Boolean(volume.attachment))
      .filter((volume) => volume.attachment.instanceId === instanceId)
      .sort((a, b) => a.attachment.deviceName.localeCompare(b.attachment.deviceName));
  }

  /**
   * ModifyVolume, and the volume's tags. A running machine sees the new size only after its next start, since QEMU does not
   * learn it (EC2 shows it to the guest at once).
   */
  async modify(volumeId: string, change: VolumeChange): Promise<void> {
    const [before, grown] = await this.planChange(volumeId, change);
    if (grown.sizeGb > before.sizeGb) await this.disks.growVolume(volumeId, grown.sizeGb);
    const isOfTags = Object.keys(change).every((name) => name === "tags");
    const modification = { time: new Date().toISOString(), before: ratesOf(before), after: ratesOf(grown) };
    await this.change(volumeId, isOfTags ? change : { ...change, ...ratesOf(grown), modification });
  }

  /** The volume as it is and as it would be; refuses what ModifyVolume refuses. */
  async planChange(volumeId: string, change: VolumeChange): Promise<[VolumeRecord, VolumeRecord]> {
    requireValidTags(change.tags ?? {});
    const record = await this.describe(volumeId);
    const grown = { ...record, ...change };
    requireGrowth(record.sizeGb, grown.sizeGb);
    // An io1 or io2 volume that is only made bigger keeps its rate.
    const iops = grown.volumeType.startsWith("io") ? grown.iops : change.iops;
    requireValidPerformance(grown.volumeType, grown.sizeGb, { iops, throughput: change.throughput });
    return [record, grown];
  }

  /** Refuses what DeleteVolume refuses. */
  async requireDeletable(volumeId: string): Promise<void> {
    requireUnattached(await this.describe(volumeId));
  }

  /** Sets or clears the attachment, and the state that follows from it. `decide` gets the record while it is locked. */
  setAttachment(
    volumeId: string,
    decide: (record: VolumeRecord) => Promise<VolumeAttachment | undefined>,
  ): Promise<VolumeRecord> {
    return this.store.exclusively(async () => {
      const record = await this.describe(volumeId);
      const attachment = await decide(record);
      const changed: VolumeRecord = { ...record, attachment, state: attachment ? "in-use" : "available" };
      await this.records.put(volumeId, changed);
      return changed;
    });
  }

  /** DeleteVolume: `VolumeInUse` while an instance holds it. Answers `deleting`; then it is gone. */
  async delete(volumeId: string): Promise<void> {
    await this.beginDeleting({ volumeId }, () =>
      this.store.exclusively(async () => {
        const record = await this.describe(volumeId);
        requireUnattached(record);
        await this.records.put(volumeId, { ...record, state: "deleting" });
      }),
    );
  }

  private async fill(volumeId: string): Promise<void> {
    const record = await this.records.get(volumeId);
    if (record?.state !== "creating") return;
    await this.disks.fillVolume(volumeId, record.sizeGb, record.snapshotId);
    await this.store.exclusively(async () => {
      const now = await this.records.get(volumeId);
      if (now?.state === "creating") await this.records.put(volumeId, filled(now));
    });
    // The volume was deleted with its instance while it was filled: nothing else would remove the bytes.
    if (!(await this.records.get(volumeId))) await this.disks.removeVolume(volumeId);
  }

  private async removeDeleted(volumeId: string): Promise<void> {
    if ((await this.records.get(volumeId))?.state === "deleting") await this.remove(volumeId);
  }

  /**
   * Deletes a volume together with its instance, and returns when it is gone. After that the instance is `terminated`; the
   * process that waited for this may end then, so it must not leave work behind.
   */
  async deleteWithInstance(volumeId: string): Promise<void> {
    // It stays attached until the end: if the termination is cut short, it is found again by its attachment.
    await this.change(volumeId, { state: "deleting" });
    await this.remove(volumeId);
  }

  private async remove(volumeId: string): Promise<void> {
    await this.disks.removeVolume(volumeId);
    await this.store.exclusively(() => this.records.remove(volumeId));
  }

  private change(volumeId: string, change: Partial<VolumeRecord>): Promise<void> {
    return this.store.exclusively(async () => {
      await this.records.put(volumeId, { ...(await this.describe(volumeId)), ...change });
    });
  }
}

function ratesOf({ sizeGb, volumeType, iops, throughput }: VolumeRecord): Rates {
  return { sizeGb, volumeType, iops, throughput };
}

function filled({ attachment, ...record }: VolumeRecord): VolumeRecord {
  if (!attachment) return { ...record, state: "available" };
  return { ...record, attachment: { ...attachment, state: "attached" }, state: "in-use" };
}

function requireUnattached({ volumeId, state, attachment }: VolumeRecord): void {
  if (attachment) {
    throw new Ec2Error("VolumeInUse", `Volume ${volumeId} is currently attached to ${attachment.instanceId}`);
  }
  if (state === "creating" || state === "deleting") {
    throw new Ec2Error("IncorrectState", `Volume '${volumeId}' is in the '${state}' state.`);
  }
}

function requireGrowth(oldGb: number, newGb: number): void {
  if (newGb >= oldGb) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `New size cannot be smaller than existing size (${newGb}GiB asked for, ${oldGb}GiB there)`,
  );
}
