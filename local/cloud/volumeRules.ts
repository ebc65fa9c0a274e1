import { REGION } from "./account";
import { Ec2Error } from "./errors";
import { requireZone } from "./network";
import { defaultKmsKey, type AccountSettings } from "./settings";
import type { SnapshotRecord } from "./snapshots";
import { requireValidTags, type Tags } from "./tags";

export interface VolumeRequest {
  availabilityZone: string;
  /** GiB. Default: the snapshot's. */
  sizeGb?: number;
  snapshotId?: string;
  /** Default false, or as the snapshot is. */
  encrypted?: boolean;
  /** ARN; needs `encrypted`. Default: the account's key for EBS. */
  kmsKeyId?: string;
  /** Default `gp2`. */
  volumeType?: string;
  iops?: number;
  throughput?: number;
  /** MiB/s at which a snapshot's blocks are fetched; 100 to 300. Nothing is fetched here: all are there at once. */
  volumeInitializationRate?: number;
  tags?: Tags;
}

/** GiB, and the IOPS and throughput (MiB/s) that come with the type where none are asked for. */
interface TypeRules {
  minimumGb: number;
  maximumGb: number;
  iops?: number;
  throughput?: number;
  takesIops: boolean;
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html */
const TYPES: Record<string, TypeRules> = {
  standard: { minimumGb: 1, maximumGb: 1024, takesIops: false },
  gp2: { minimumGb: 1, maximumGb: 16384, iops: 100, takesIops: false },
  gp3: { minimumGb: 1, maximumGb: 65536, iops: 3000, throughput: 125, takesIops: true },
  io1: { minimumGb: 4, maximumGb: 16384, takesIops: true },
  io2: { minimumGb: 4, maximumGb: 65536, takesIops: true },
  st1: { minimumGb: 125, maximumGb: 16384, takesIops: false },
  sc1: { minimumGb: 125, maximumGb: 16384, takesIops: false },
};

/** Where a volume is made, and what it is where nobody says. */
export interface VolumeSurroundings extends Pick<AccountSettings, "encryptsByDefault" | "kmsKeyId"> {
  region: string;
}

const NOTHING_SETTLED: VolumeSurroundings = {
  region: REGION,
  encryptsByDefault: false,
  kmsKeyId: defaultKmsKey(REGION),
};

/** What a request comes to when every default is filled in; refuses what CreateVolume refuses. */
export interface VolumeShape {
  sizeGb: number;
  volumeType: string;
  encrypted: boolean;
  kmsKeyId?: string;
  iops?: number;
  throughput?: number;
  volumeInitializationRate?: number;
}

export function planVolume(
  request: VolumeRequest,
  snapshot?: SnapshotRecord,
  surroundings: VolumeSurroundings = NOTHING_SETTLED,
): VolumeShape {
  requireZone(request.availabilityZone, surroundings.region);
  requireValidTags(request.tags ?? {});
  const volumeType = request.volumeType ?? "gp2";
  const sizeGb = chooseSize(request.sizeGb, snapshot);
  requireValidPerformance(volumeType, sizeGb, request);
  return {
    sizeGb,
    volumeType,
    iops: request.iops ?? TYPES[volumeType].iops,
    throughput: request.throughput ?? TYPES[volumeType].throughput,
    ...(request.volumeInitializationRate !== undefined && {
      volumeInitializationRate: initializationRate(request.volumeInitializationRate, snapshot),
    }),
    ...chooseEncryption(request, snapshot, surroundings),
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html */
function initializationRate(rate: number, snapshot?: SnapshotRecord): number {
  if (!snapshot) {
    throw new Ec2Error(
      "InvalidParameterCombination",
      "The parameter volumeInitializationRate needs a snapshotId: a blank volume has nothing to be initialized with.",
    );
  }
  if (Number.isInteger(rate) && rate >= 100 && rate <= 300) return rate;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${rate}) for parameter volumeInitializationRate is invalid. Expected: 100 to 300 MiB/s`,
  );
}

function chooseSize(asked: number | undefined, snapshot?: SnapshotRecord): number {
  const sizeGb = asked ?? snapshot?.volumeSizeGb;
  if (sizeGb === undefined) {
    throw new Ec2Error("MissingParameter", "The request must contain the parameter size/snapshot");
  }
  if (snapshot && sizeGb < snapshot.volumeSizeGb) {
    throw new Ec2Error("InvalidParameterValue", tooSmall(sizeGb, snapshot));
  }
  return sizeGb;
}

/** EC2's words for a volume that cannot hold its snapshot. */
export function tooSmall(sizeGb: number, snapshot: SnapshotRecord): string {
  const { snapshotId, volumeSizeGb } = snapshot;
  return `Volume of size ${sizeGb}GB is smaller than snapshot '${snapshotId}', expect size >= ${volumeSizeGb}GB`;
}

/** Refuses a type that does not exist, a size that it does not come in, and a rate that it does not take. */
export function requireValidPerformance(
  type: string,
  sizeGb: number,
  rates: { iops?: number; throughput?: number },
): void {
  const rules = TYPES[type];
  if (!rules)
    throw new Ec2Error(
      "InvalidParameterValue",
      `Volume type '${type}' is unknown. Known: ${Object.keys(TYPES)}`,
    );
  if (!Number.isInteger(sizeGb) || sizeGb < rules.minimumGb || sizeGb > rules.maximumGb) {
    throw new Ec2Error(
      "InvalidParameterValue",
      `Volume of ${sizeGb}GiB is not possible for volume type ${type}; minimum is ${rules.minimumGb}GiB, maximum is ${rules.maximumGb}GiB.`,
    );
  }
  if (rates.iops !== undefined && !rules.takesIops) {
    throw new Ec2Error(
      "InvalidParameterCombination",
      `The parameter iops is not supported for ${type} volumes.`,
    );
  }
  if (rates.iops === undefined && type.startsWith("io")) {
    throw new Ec2Error(
      "MissingParameter",
      `The request must contain the parameter iops for ${type} volumes.`,
    );
  }
  if (rates.throughput !== undefined && type !== "gp3") {
    throw new Ec2Error(
      "InvalidParameterCombination",
      `The parameter throughput is not supported for ${type} volumes.`,
    );
  }
}

/** An encrypted snapshot makes an encrypted volume, whatever is asked for. The bytes on this machine stay plain. */
function chooseEncryption(
  request: VolumeRequest,
  snapshot: SnapshotRecord | undefined,
  { encryptsByDefault, kmsKeyId }: VolumeSurroundings,
): Pick<VolumeShape, "encrypted" | "kmsKeyId"> {
  if (request.kmsKeyId !== undefined && !request.encrypted && !snapshot?.encrypted) {
    throw new Ec2Error(
      "InvalidParameterDependency",
      "The parameter KmsKeyId requires the parameter Encrypted to be set.",
    );
  }
  const encrypted = Boolean(request.encrypted || snapshot?.encrypted || encryptsByDefault);
  if (!encrypted) return { encrypted };
  return { encrypted, kmsKeyId: request.kmsKeyId ?? snapshot?.kmsKeyId ?? kmsKeyId };
}
