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
  /** The volume that it was made from. `vol-ffffffff` if there was none, as on EC2. */
  volumeId: string;
  volumeSizeGb: number;
  description: string;
  state: "pending" | "completed" | "error";
  stateMessage?: string;
  encrypted: boolean;
  kmsKeyId?: string;
  ownerId: string;
  /** It belongs to another account, which shares only the image: this account cannot read the snapshot. */
  isUnshared?: boolean;
  startTime: string;
  /** The tier that it was moved to last. Absent if it was always in the standard tier. */
  tiering?: Tiering;
  tags: Tags;
}

export interface Tiering {
  tier: "standard" | "archive";
  operation: "archival-completed" | "permanent-restore-completed" | "temporary-restore-completed";
  time: string;
  /** When a temporary restore ends: from then on the snapshot is in the archive only. */
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

/** A snapshot that is being made: the volume, and the time of its last write before the request. */
interface Taking {
  snapshotId: string;
  volumeId: string;
  writtenMs: number;
  /** The instance whose machine makes the copy, if the volume is in use. */
  instanceId?: string;
}

/** Copies the bytes of a volume as they are at one moment, while a running machine writes to it. */
export interface LiveCopies {
  /** Begins a copy. Returns the instance whose machine makes it; undefined if the volume's file can simply be read. */
  begin(volume: VolumeRecord, snapshotId: string): Promise<string | undefined>;
  /** Waits until the copy is in its file. */
  finish(instanceId: string, snapshotId: string): Promise<void>;
}

/** EBS snapshots: copies of a volume's bytes that never change. */
export class Snapshots {
  private readonly records: Collection<SnapshotRecord>;
  private readonly beginTaking: Begin<Taking>;
  private readonly beginDeleting: Begin<Pick<SnapshotRecord, "snapshotId">>;

  /** `imagesOf` gives the ids of the images that use a snapshot: such a snapshot cannot be deleted. */
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
   * copied. If a virtual machine uses the volume, they are the bytes at the moment of the request, as on EC2. If a container
   * uses it, they are read shortly after that: the volume must not be written to until the snapshot is completed.
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

  /** Stores a record as it is: for a snapshot whose bytes are there already. */
  register(record: SnapshotRecord): Promise<void> {
    return this.store.exclusively(() => this.records.put(record.snapshotId, record));
  }

  /** The snapshot of this id. `InvalidSnapshot.NotFound` if there is none. */
  async describe(snapshotId: string): Promise<SnapshotRecord> {
    requireWellFormed("snapshot", snapshotId);
    this.background.resumeAbandoned();
    const record = await this.records.get(snapshotId);
    if (!record) throw notFound("snapshot", snapshotId);
    return record;
  }

  /** The same for a client: it does not see snapshots that are not shared with it. */
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

  /** DeleteSnapshot: `InvalidSnapshot.InUse` while an image uses it. */
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

  /** Refuses what ModifySnapshotTier refuses: every launch of an image reads its snapshot. */
  async requireArchivable(snapshotId: string): Promise<void> {
    await this.requireDeletable(snapshotId);
    requireCompleted(await this.describe(snapshotId));
  }

  /** ModifySnapshotTier and RestoreSnapshotTier. Only the record changes, no bytes move. */
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
    // The snapshot was deleted during the copy: nothing else would remove the bytes.
    await this.removeBytes(snapshotId);
  }

  /**
   * EC2 freezes the bytes at the request. Here, a copy that was cut short cannot be repeated if the volume was written to since:
   * it would hold bytes of a later time.
   */
  private async copyFromFile({ volumeId, snapshotId, writtenMs }: Taking, again: boolean): Promise<void> {
    if (again && (await this.disks.lastWritten(volumeId)) !== writtenMs) {
      throw new Error(
        `The copy of ${volumeId} was cut short, and the volume has been written to since. Take another snapshot`,
      );
    }
    await this.disks.takeSnapshot(volumeId, snapshotId);
  }

  /** The machine continues its copy also if the process that asked for it ends. Only the machine's own end stops it. */
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

/** Refuses a snapshot for a volume or an image if its bytes are not there yet, or cannot be read. */
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
