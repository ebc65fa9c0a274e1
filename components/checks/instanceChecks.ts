import { codedVolume, lostLicence } from "./checks";
import type { Problem } from "./problems";

/** What EC2 says of a source instance that matters here. */
export interface InstanceFacts {
  id: string;
  /** EC2's word: `running`, `stopped` … */
  state: string;
  /** The image that it was launched from. */
  imageId: string;
  isParavirtual: boolean;
  /** Its root device is an EBS volume; else it is an instance store. */
  isEbsBacked: boolean;
  /** The volume that is attached as its root device; undefined where there is none now. */
  rootVolumeId?: string;
  /** What EC2 bills beside plain Linux, in words. */
  licences: string[];
  /** It has a product code of AWS Marketplace, one that costs nothing or another. */
  productCode?: "free" | "other";
  /** It is in an Auto Scaling group. */
  isAutoScaled: boolean;
  /** EC2 refuses to stop it (stop protection). */
  isStopProtected: boolean;
}

/** What is asked of a source instance. */
export interface AskedOfInstance {
  stopFirst: boolean;
  /** It is to be connected to. */
  connects: boolean;
}

const PATH = "source.instanceId";

/** Instances of an Auto Scaling group carry this tag (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html). */
export const GROUP_TAG = "aws:autoscaling:groupName";

/** Whether an instance is gone, or on its way: EC2 brings none back from these states. */
export function isEnded(state: string): boolean {
  return state === "shutting-down" || state === "terminated";
}

/** Whether an instance can be migrated, and be asked what it is asked. */
export function checkSourceInstance(instance: InstanceFacts, asked: AskedOfInstance): Problem[] {
  if (isEnded(instance.state)) return [ended(instance)];
  return [
    ...checkVirtualization(instance),
    ...checkRoot(instance),
    ...checkLicence(instance),
    ...checkAsked(instance, asked),
  ];
}

/** Where it is billed for, that it has a code besides changes nothing. */
function checkLicence({ licences, productCode }: InstanceFacts): Problem[] {
  if (licences.length > 0) return [lostLicence(PATH, licences)];
  return productCode ? [codedVolume(PATH, productCode === "free")] : [];
}

function ended({ id, state }: Pick<InstanceFacts, "id" | "state">): Problem {
  return {
    path: PATH,
    reason: `${id} is ${state}`,
    fix: "Give what is left of it: a snapshot of its root volume as snapshotId, or an image of it as imageId.",
    unanswered: "missing",
  };
}

function checkVirtualization({ id, isParavirtual, imageId }: InstanceFacts): Problem[] {
  if (isParavirtual) return [];
  const fix = `There is nothing to migrate: launch its image, ${imageId}, or an image of itself on the type that you want.`;
  return [{ path: PATH, reason: `${id} is HVM already`, fix }];
}

function checkRoot({ id, isEbsBacked, rootVolumeId }: InstanceFacts): Problem[] {
  if (!isEbsBacked) {
    const fix =
      "Copy its root filesystem onto an EBS volume while it runs, detach that, and give it as volumeId: docs/sources.md has the commands.";
    return [
      { path: PATH, reason: `the root device of ${id} is an instance store, which has no snapshots`, fix },
    ];
  }
  if (rootVolumeId !== undefined) return [];
  const fix = "Attach it again, or give the volume itself as volumeId.";
  return [{ path: PATH, reason: `no volume is attached to ${id} as its root device`, fix }];
}

function checkAsked(instance: InstanceFacts, asked: AskedOfInstance): Problem[] {
  const { id, state } = instance;
  // Stopped already, it may be so since an update that ended between stopping and starting: that shall go on.
  if (asked.stopFirst) return checkStop(instance);
  if (asked.connects && ["stopping", "stopped"].includes(state)) {
    const reason = `${id} is ${state}, so there is nothing to connect to`;
    const fix =
      "Start it, or remove connection and prepare: its snapshot is taken and converted as it is either way.";
    return [{ path: "source.connection", reason, fix }];
  }
  return [];
}

function checkStop({ id, isAutoScaled, isStopProtected }: InstanceFacts): Problem[] {
  const problem = (reason: string, first: string): Problem[] => {
    const fix = `${first}, or remove stopFirst: its snapshot is crash-consistent then.`;
    return [{ path: "source.stopFirst", reason, fix }];
  };
  if (isAutoScaled) {
    const reason = `${id} is in an Auto Scaling group, which ends an instance that is stopped`;
    return problem(reason, "Detach it from the group first");
  }
  return isStopProtected
    ? problem(`${id} has stop protection, so EC2 does not stop it`, "Take the protection off")
    : [];
}
