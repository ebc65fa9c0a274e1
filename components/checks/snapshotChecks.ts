import type { Problem } from "./problems";

/** What `DescribeSnapshots` says of a snapshot that matters here. */
export interface SnapshotFacts {
  id: string;
  /** EC2's word: `completed`, `pending` … */
  state?: string;
  /** `standard`, or `archive`. */
  storageTier?: string;
}

/** Whether a volume can be made of a snapshot. EC2 would say so only when everything before that volume has been made. */
export function checkSnapshotState(path: string, { id, state, storageTier }: SnapshotFacts): Problem[] {
  if (state !== undefined && state !== "" && state !== "completed") {
    return [{ path, reason: `snapshot ${id} is ${state}, not completed`, fix: fixOf(id, state) }];
  }
  if (storageTier !== "archive") return [];
  const reason = `snapshot ${id} is archived, and no volume can be made of it`;
  const restore = `aws ec2 restore-snapshot-tier --snapshot-id ${id} --permanent-restore`;
  return [{ path, reason, fix: `Restore it, which takes up to 72 hours: ${restore}` }];
}

function fixOf(id: string, state: string): string {
  switch (state) {
    case "pending":
      return `Wait until it is: aws ec2 wait snapshot-completed --snapshot-ids ${id}`;
    case "recoverable":
      return `It is in the Recycle Bin. Restore it: aws ec2 restore-snapshot-from-recycle-bin --snapshot-id ${id}`;
    case "recovering":
      return "It is on its way out of the Recycle Bin: wait until it is completed.";
    default:
      return "Take another snapshot of the volume, and give that.";
  }
}
