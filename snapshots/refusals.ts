/** What AWS answers in place of an answer, in words. */
import { explained, isThrottled } from "../cli/aws/errors";
import { isDenied, plainWords } from "../components/denied";
import { FailedError, RefusedError } from "../converter/errors";
import { missing } from "./find";

export interface Asked {
  /** What was asked about: `snap-…` or `ami-…`. */
  subject: string;
  region: string;
  /** The key that the snapshot is encrypted with, where that is known. */
  kmsKeyId?: string;
  /** Whose the snapshot is. */
  ownerId?: string;
}

/** The error that is to be told. What is none of AWS' stays as it is. */
export function tellable(error: Error, asked: Asked): Error {
  const { subject, region } = asked;
  if (error instanceof RefusedError || error instanceof FailedError) return error;
  if (error.name === "ResourceNotFoundException") return new RefusedError([missing(subject, region)]);
  if (isDenied(error.name)) return new RefusedError([{ subject, ...denied(error, asked) }]);
  if (isThrottled(error)) {
    return new FailedError(
      `${subject}: AWS takes no more requests at this time (${error.name}: ${plainWords(error.message)}), asked again and again with growing pauses. Wait until other programs ask less, or ask for a higher quota (Service Quotas, EBS: GetSnapshotBlock requests). Then run the same command again: what was read is kept.`,
    );
  }
  if (error.name === "ValidationException") {
    return new RefusedError([
      { subject, found: `EBS refuses it: ${plainWords(error.message)}.`, advice: STATE_CHANGED },
    ]);
  }
  return explained(error, region);
}

const STATE_CHANGED =
  "Look at its state (aws ec2 describe-snapshots), and run the same command again once it is completed and in the standard tier.";

function denied(error: Error, { kmsKeyId, ownerId }: Asked): { found: string; advice: string } {
  const found = `AWS does not let the caller read it (${error.name}: ${plainWords(error.message)}).`;
  const { Reason: reason } = error as { Reason?: string };
  if (/kms:/i.test(error.message) || reason === "DEPENDENCY_ACCESS_DENIED") {
    const key = kmsKeyId === undefined ? "its key" : `its key ${kmsKeyId}`;
    return {
      found,
      advice: `It is encrypted: let the caller use ${key} (kms:Decrypt, in a policy of the caller's and in the key's own).`,
    };
  }
  if (reason === "UNAUTHORIZED_ACCOUNT") {
    return {
      found,
      advice: `It is ${ownerId === undefined ? "another account's" : `the account ${ownerId}'s`}, and EBS serves no public snapshots so. Copy it (aws ec2 copy-snapshot), and inspect the copy; or have it shared with this account.`,
    };
  }
  return {
    found,
    advice: "Give the caller the rights of policies/inspect-snapshot.json (docs/rights.md).",
  };
}
