/** Which snapshot is meant, and whether it can be read: what EC2 says of it, before a block is asked for. */
import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  type Image,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { RefusedError } from "../converter/errors";
import type { Log } from "../converter/progress";
import type { Advice } from "../converter/types";
import type { Identity } from "./blocks/cache";

export interface Found extends Identity {
  /** The key that it is encrypted with. */
  kmsKeyId?: string;
  /** Whose it is. */
  ownerId?: string;
}

/** @param source `snap-…`, or `ami-…` for the snapshot of its root. Throws `RefusedError` for one that cannot be read. */
export async function findSnapshot(
  source: string,
  { ec2, region, log }: { ec2: EC2Client; region: string; log: Log },
): Promise<Found> {
  const snapshotId = source.startsWith("ami-") ? await rootOf(source, ec2, region, log) : source;
  const snapshot = await snapshotOf(snapshotId, ec2);
  if (!snapshot) throw refused(missing(snapshotId, region));
  const advice = whyUnreadable(snapshotId, snapshot);
  if (advice) throw refused(advice);
  return {
    snapshotId,
    startTime: snapshot.StartTime?.toISOString() ?? "",
    sizeGb: snapshot.VolumeSize ?? 0,
    kmsKeyId: snapshot.KmsKeyId,
    ownerId: snapshot.OwnerId,
  };
}

/** What is said of one that is not there, at first or in the middle of the work. */
export function missing(subject: string, region: string): Advice {
  return {
    subject,
    found: `is not in ${region}, or it is not shared with this account.`,
    advice:
      "Look at the id, the region (--region) and the account (aws sts get-caller-identity); who owns it can share it.",
  };
}

function refused(advice: Advice): RefusedError {
  return new RefusedError([advice]);
}

async function rootOf(imageId: string, ec2: EC2Client, region: string, log: Log): Promise<string> {
  const image = await imageOf(imageId, ec2);
  if (!image) throw refused(missing(imageId, region));
  if (image.RootDeviceType === "instance-store") throw refused({ subject: imageId, ...INSTANCE_STORE });
  const snapshotId = rootMapping(image)?.Ebs?.SnapshotId;
  if (snapshotId === undefined) throw refused({ subject: imageId, ...NO_ROOT });
  if (image.VirtualizationType === "hvm") log(`${imageId} is registered as HVM already`);
  log(`the root of ${imageId} is ${snapshotId}`);
  return snapshotId;
}

const INSTANCE_STORE = {
  found: "has its root on an instance store, and so no snapshot.",
  advice: "Copy the root to a volume first: docs/sources.md, a root on an instance store.",
};

const NO_ROOT = {
  found: "names no snapshot for its root device.",
  advice: "Find the snapshot of its root by hand (aws ec2 describe-images), and name that.",
};

/** Old images name `/dev/sda1` for their root and map `/dev/sda`, and EC2 starts them. */
export function rootMapping({ RootDeviceName = "", BlockDeviceMappings = [] }: Image) {
  const withSnapshot = BlockDeviceMappings.filter(({ Ebs }) => Ebs?.SnapshotId !== undefined);
  const named = withSnapshot.find(({ DeviceName }) => DeviceName === RootDeviceName);
  if (named || withSnapshot.length === 1) return named ?? withSnapshot[0];
  return withSnapshot.find(({ DeviceName = "?" }) => RootDeviceName.startsWith(DeviceName));
}

async function imageOf(id: string, ec2: EC2Client): Promise<Image | undefined> {
  const request = new DescribeImagesCommand({ ImageIds: [id], IncludeDisabled: true });
  const { Images = [] } = await unlessNotFound(ec2.send(request), {});
  return Images[0];
}

async function snapshotOf(id: string, ec2: EC2Client): Promise<Snapshot | undefined> {
  const request = new DescribeSnapshotsCommand({ SnapshotIds: [id] });
  const { Snapshots = [] } = await unlessNotFound(ec2.send(request), {});
  return Snapshots[0];
}

/** `InvalidSnapshot.NotFound`, `InvalidAMIID.NotFound`, `InvalidAMIID.Unavailable` */
async function unlessNotFound<T extends object>(
  answer: Promise<T>,
  otherwise: Partial<T>,
): Promise<Partial<T>> {
  return answer.catch((error: Error) => {
    if (/\.(NotFound|Unavailable)$/.test(error.name)) return otherwise;
    throw error;
  });
}

function whyUnreadable(subject: string, { State, StorageTier, Progress, StateMessage }: Snapshot) {
  if (State === "pending") {
    const found = `is still being made (${Progress ?? "0%"}).`;
    return {
      subject,
      found,
      advice: `Wait for it: aws ec2 wait snapshot-completed --snapshot-ids ${subject}`,
    };
  }
  if (State === "error") {
    const found = `was not made: ${StateMessage ?? "EC2 does not say why"}.`;
    return { subject, found, advice: "Take another snapshot of its volume, and name that." };
  }
  if (StorageTier === "archive") {
    const found = "is in the archive tier, where it cannot be read.";
    const advice = `Restore it for some days, and wait until that is done (up to three days): aws ec2 restore-snapshot-tier --snapshot-id ${subject} --temporary-restore-days 3`;
    return { subject, found, advice };
  }
  if (State === "completed") return undefined;
  const found = `is in the state ${State ?? "that EC2 does not name"}, and only a completed one can be read.`;
  return { subject, found, advice: "Take it back out of the Recycle Bin or wait, until it is completed." };
}
