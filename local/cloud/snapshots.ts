import { ACCOUNT_ID } from "./account";
import type { Background, Begin } from "./background";
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
  /** Another account's, which shares an image of it and not the snapshot: nobody here can read it. */
  isUnshared?: boolean;
  startTime: string;
  /** Where it was moved to last. Absent: it was in the standard tier all the time. */
  tiering?: Tiering;
  tags: Tags;
}

export interface Tiering {
  tier: "standard" | "archive";
  operation: "archival-completed" | "permanent-restore-completed" | "temporary-restore-completed";
  time: string;
  /** When one that was restored for some days is in the archive alone again. */
  expiry?: string;
}

const FILTERS: Record<string, (record: SnapshotRecord) => string> = {
  description: (record) => record.description,
  encrypted: (record) => String(record.encrypted),
  "owner-id": (record) => record.ownerId,
  "snapshot-id": (record) => record.snapshotId,
  "start-time": (record) => record.startTime,
  status: (record) => record.state,
  "storage-tier": tierOf,
  "volume-id": (record) => record.volumeId,
  "volume-size": (record) => String(record.volumeSizeGb),
};

/** A snapshot on its way: whose bytes, and when those were last written at the time of the request. */
interface Taking {
  snapshotId: string;
  volumeId: string;
  writtenMs: number;
  /** Whose machine copies them itself, where the volume is in use. */
  instanceId?: string;
}

/** The bytes of a volume that a running machine writes to, as they were at one moment. */
export interface LiveCopies {
  /** Begins a copy; the instance whose machine is at it, or undefined where the volume's file can be read as it is. */
  begin(volume: VolumeRecord, snapshotId: string): Promise<string | undefined>;
  /** Waits until the copy is in its file. */
  finish(instanceId: string, snapshotId: string): Promise<void>;
}

/** EBS snapshots: copies of a volume's bytes that never change. */
export class Snapshots {
  private readonly records: Collection<SnapshotRecord>;
  private readonly beginTaking: Begin<Taking>;
  private readonly beginDeleting: Begin<Pick<SnapshotRecord, "snapshotId">>;

  /** `imagesOf` gives the ids of images that use a snapshot: such a snapshot cannot go. */
  constructor(
    private readonly store: Store,
    private readonly disks: Disks,
    private readonly background: Background,
    private readonly imagesOf: (snapshotId: string) => Promise<string[]>,
    private readonly copies: LiveCopies,
  ) {
    this.records = store.collection("snapshots");
    this.beginTaking = background.define("take-snapshot", {
      finish: (taking, again) => this.complete(taking, again),
      fail: ({ snapshotId }, error) =>
        this.changePending(snapshotId, { state: "error", stateMessage: error.message }),
    });
    this.beginDeleting = background.define("delete-snapshot", {
      finish: ({ snapshotId }) => this.removeBytes(snapshotId),
      fail: async (_subject, error) => void process.stderr.write(`local cloud: ${error.message}\n`),
    });
  }

  /**
   * CreateSnapshot of a volume that `describeVolume` finds. Answers `pending`; `completed` follows when the bytes are
   * copied. They are those of the moment of the request, as on EC2, where a virtual machine runs from the volume; one
   * that a container writes to is read shortly after it, and must not be written to until the snapshot is completed.
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
    const { snapshotId, volumeId } = record;
    const writtenMs = await this.disks.lastWritten(volumeId);
    const instanceId = await this.copies.begin(volume, snapshotId);
    return this.beginTaking({ snapshotId, volumeId, writtenMs, instanceId }, async () => {
      await this.register(record);
      return record;
    });
  }

  /** Puts a record as it is: for a snapshot whose bytes are there already. */
  register(record: SnapshotRecord): Promise<void> {
    return this.store.exclusively(() => this.records.put(record.snapshotId, record));
  }

  /** The snapshot of this id; `InvalidSnapshot.NotFound` where there is none. */
  async describe(snapshotId: string): Promise<SnapshotRecord> {
    requireWellFormed("snapshot", snapshotId);
    this.background.resumeAbandoned();
    const record = await this.records.get(snapshotId);
    if (!record) throw notFound("snapshot", snapshotId);
    return record;
  }

  /** The same for who asks: one that is not shared is not there. */
  async describeShared(snapshotId: string): Promise<SnapshotRecord> {
    const record = await this.describe(snapshotId);
    if (record.isUnshared) throw notFound("snapshot", snapshotId);
    return record;
  }

  list(): Promise<SnapshotRecord[]> {
    this.background.resumeAbandoned();
    return this.records.list();
  }

  /** DescribeSnapshots: those that pass every filter. */
  async search(filters: Filter[]): Promise<SnapshotRecord[]> {
    filters.forEach(({ name }) => requireKnownFilter(name, FILTERS));
    const shared = (await this.list()).filter(({ isUnshared }) => !isUnshared);
    return shared.filter((record) => passes(record, filters, FILTERS));
  }

  setTags(snapshotId: string, tags: Tags): Promise<void> {
    requireValidTags(tags);
    return this.change(snapshotId, { tags });
  }

  /** DeleteSnapshot: `InvalidSnapshot.InUse` while an image is registered of it. */
  async delete(snapshotId: string): Promise<void> {
    await this.beginDeleting(
      { snapshotId },
      () =>
        this.store.exclusively(async () => {
          requireOwn(await this.describe(snapshotId));
          requireUnused(snapshotId, await this.imagesOf(snapshotId));
          await this.records.remove(snapshotId);
        }),
      "done",
    );
  }

  /** Refuses what DeleteSnapshot refuses. */
  async requireDeletable(snapshotId: string): Promise<void> {
    requireOwn(await this.describe(snapshotId));
    requireUnused(snapshotId, await this.imagesOf(snapshotId));
  }

  /** Refuses what ModifySnapshotTier refuses: the snapshot of an image is read whenever that is launched. */
  async requireArchivable(snapshotId: string): Promise<void> {
    await this.requireDeletable(snapshotId);
    requireCompleted(await this.describe(snapshotId));
  }

  /** ModifySnapshotTier and RestoreSnapshotTier. Only its record moves. */
  setTier(snapshotId: string, tiering: Tiering): Promise<void> {
    return this.change(snapshotId, { tiering });
  }

  private async removeBytes(snapshotId: string): Promise<void> {
    if (!(await this.records.get(snapshotId))) await this.disks.removeSnapshot(snapshotId);
  }

  private async complete(taking: Taking, again: boolean): Promise<void> {
    const { snapshotId } = taking;
    const record = await this.records.get(snapshotId);
    if (record?.state !== "pending") return;
    if (taking.instanceId === undefined) await this.copyFromFile(taking, again);
    else await this.takeFromMachine(taking.instanceId, record);
    await this.changePending(snapshotId, { state: "completed" });
    // Deleted while it was copied: nothing would know of the bytes.
    await this.removeBytes(snapshotId);
  }

  /**
   * EC2 freezes the bytes at the request. Here a copy that was cut short cannot be made again once the volume has been
   * written to: it would be of another time than the snapshot says.
   */
  private async copyFromFile({ volumeId, snapshotId, writtenMs }: Taking, again: boolean): Promise<void> {
    if (again && (await this.disks.lastWritten(volumeId)) !== writtenMs) {
      throw new Error(
        `The copy of ${volumeId} was cut short, and the volume has been written to since. Take another snapshot`,
      );
    }
    await this.disks.takeSnapshot(volumeId, snapshotId);
  }

  /** The machine goes on with its copy, whoever asked for it: only its own end cuts it short. */
  private async takeFromMachine(instanceId: string, record: SnapshotRecord): Promise<void> {
    const { snapshotId, volumeSizeGb } = record;
    try {
      if (!this.disks.hasWholeCopy(snapshotId)) {
        await this.copies.finish(instanceId, snapshotId);
        await this.disks.markCopyWhole(snapshotId);
      }
      await this.disks.takeSnapshotOfCopy(snapshotId, volumeSizeGb);
    } finally {
      await this.disks.removeCopy(snapshotId);
    }
  }

  private changePending(snapshotId: string, change: Partial<SnapshotRecord>): Promise<void> {
    return this.store.exclusively(async () => {
      const record = await this.records.get(snapshotId);
      if (record?.state === "pending") await this.records.put(snapshotId, { ...record, ...change });
    });
  }

  private change(snapshotId: string, change: Partial<SnapshotRecord>): Promise<void> {
    return this.store.exclusively(async () => {
      await this.records.put(snapshotId, { ...(await this.describe(snapshotId)), ...change });
    });
  }
}

function requireOwn({ snapshotId, ownerId }: SnapshotRecord): void {
  if (ownerId === ACCOUNT_ID) return;
  throw new Ec2Error("AuthFailure", `Not authorized for snapshot:${snapshotId}`);
}

function requireUnused(snapshotId: string, images: string[]): void {
  if (images.length === 0) return;
  throw new Ec2Error(
    "InvalidSnapshot.InUse",
    `The snapshot ${snapshotId} is currently in use by ${images.join(", ")}`,
  );
}

/** The tier that it is in at this time. */
export function tierOf({ tiering }: SnapshotRecord): "standard" | "archive" {
  if (tiering?.expiry !== undefined && new Date(tiering.expiry) <= new Date()) return "archive";
  return tiering?.tier ?? "standard";
}

/** What a volume or an image needs of a snapshot: that its bytes are there, and can be read. */
export function requireCompleted(snapshot: SnapshotRecord): void {
  if (tierOf(snapshot) === "archive") {
    throw new Ec2Error(
      "IncorrectState",
      `Snapshot '${snapshot.snapshotId}' is in the 'archive' storage tier. Restore it first: aws ec2 restore-snapshot-tier`,
    );
  }
  if (snapshot.state === "completed") return;
  throw new Ec2Error(
    "IncorrectState",
    `Snapshot '${snapshot.snapshotId}' is in the '${snapshot.state}' state. It must be 'completed'`,
  );
}
