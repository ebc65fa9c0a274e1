import { ACCOUNT_ID } from "./account";
import type { Background } from "./background";
import type { Disks } from "./disks";
import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import type { Collection, Store } from "./store";
import { passes, requireKnownFilter, requireValidTags, type Filter, type Tags } from "./tags";
import type { VolumeRecord } from "./volumes";

export interface SnapshotRecord {
  snapshotId: string;
  /** The volume it was taken of; EC2 writes `vol-ffffffff` where there was none. */
  volumeId: string;
  volumeSizeGb: number;
  description: string;
  state: "pending" | "completed" | "error";
  stateMessage?: string;
  encrypted: boolean;
  kmsKeyId?: string;
  ownerId: string;
  startTime: string;
  tags: Tags;
}

const FILTERS: Record<string, (record: SnapshotRecord) => string> = {
  description: (record) => record.description,
  encrypted: (record) => String(record.encrypted),
  "owner-id": (record) => record.ownerId,
  "snapshot-id": (record) => record.snapshotId,
  "start-time": (record) => record.startTime,
  status: (record) => record.state,
  "volume-id": (record) => record.volumeId,
  "volume-size": (record) => String(record.volumeSizeGb),
};

/** EBS snapshots: copies of a volume's bytes that never change. */
export class Snapshots {
  private readonly records: Collection<SnapshotRecord>;

  /** `imagesOf` gives the ids of images that use a snapshot: such a snapshot cannot go. */
  constructor(
    private readonly store: Store,
    private readonly disks: Disks,
    private readonly background: Background,
    private readonly imagesOf: (snapshotId: string) => Promise<string[]>,
  ) {
    this.records = store.collection("snapshots");
  }

  /**
   * CreateSnapshot of a volume that `describeVolume` finds. Answers `pending`; `completed` follows when the bytes are
   * copied. EC2 freezes the point in time at the request; here the bytes are read shortly after it, so a volume must
   * not be written to until the snapshot is completed.
   */
  async create(volume: VolumeRecord, description = "", tags: Tags = {}): Promise<SnapshotRecord> {
    requireValidTags(tags);
    if (volume.state !== "available" && volume.state !== "in-use") {
      throw new Ec2Error("IncorrectState", `Volume '${volume.volumeId}' is in the '${volume.state}' state.`);
    }
    const record: SnapshotRecord = {
      snapshotId: newId("snapshot"),
      volumeId: volume.volumeId,
      volumeSizeGb: volume.sizeGb,
      description,
      state: "pending",
      encrypted: volume.encrypted,
      kmsKeyId: volume.kmsKeyId,
      ownerId: ACCOUNT_ID,
      startTime: new Date().toISOString(),
      tags,
    };
    await this.register(record);
    this.background.start(
      () => this.complete(record),
      (error) => this.change(record.snapshotId, { state: "error", stateMessage: error.message }),
    );
    return record;
  }

  /** Puts a record as it is: for a snapshot whose bytes are there already. */
  register(record: SnapshotRecord): Promise<void> {
    return this.store.exclusively(() => this.records.put(record.snapshotId, record));
  }

  /** The snapshot of this id; `InvalidSnapshot.NotFound` where there is none. */
  async describe(snapshotId: string): Promise<SnapshotRecord> {
    requireWellFormed("snapshot", snapshotId);
    const record = await this.records.get(snapshotId);
    if (!record) throw notFound("snapshot", snapshotId);
    return record;
  }

  list(): Promise<SnapshotRecord[]> {
    return this.records.list();
  }

  /** DescribeSnapshots: those that pass every filter. */
  async search(filters: Filter[]): Promise<SnapshotRecord[]> {
    filters.forEach(({ name }) => requireKnownFilter(name, FILTERS));
    return (await this.list()).filter((record) => passes(record, filters, FILTERS));
  }

  setTags(snapshotId: string, tags: Tags): Promise<void> {
    requireValidTags(tags);
    return this.change(snapshotId, { tags });
  }

  /** DeleteSnapshot: `InvalidSnapshot.InUse` while an image is registered of it. */
  delete(snapshotId: string): Promise<void> {
    return this.store.exclusively(async () => {
      const record = await this.describe(snapshotId);
      if (record.ownerId !== ACCOUNT_ID) {
        throw new Ec2Error("AuthFailure", `Not authorized for snapshot:${snapshotId}`);
      }
      const images = await this.imagesOf(snapshotId);
      if (images.length > 0) {
        throw new Ec2Error(
          "InvalidSnapshot.InUse",
          `The snapshot ${snapshotId} is currently in use by ${images.join(", ")}`,
        );
      }
      await this.records.remove(snapshotId);
      await this.disks.removeSnapshot(snapshotId);
    });
  }

  private async complete({ volumeId, snapshotId }: SnapshotRecord): Promise<void> {
    await this.disks.takeSnapshot(volumeId, snapshotId);
    await this.change(snapshotId, { state: "completed" });
  }

  private change(snapshotId: string, change: Partial<SnapshotRecord>): Promise<void> {
    return this.store.exclusively(async () => {
      await this.records.put(snapshotId, { ...(await this.describe(snapshotId)), ...change });
    });
  }
}

/** What a volume or an image needs of a snapshot: that its bytes are there. */
export function requireCompleted(snapshot: SnapshotRecord): void {
  if (snapshot.state === "completed") return;
  throw new Ec2Error(
    "IncorrectState",
    `Snapshot '${snapshot.snapshotId}' is in the '${snapshot.state}' state. It must be 'completed'`,
  );
}
