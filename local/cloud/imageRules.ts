import { Ec2Error } from "./errors";
import type { ImageArchitecture, VirtualizationType } from "./instanceTypes";
import { requireCompleted, type SnapshotRecord } from "./snapshots";
import { requireValidTags, type Tags } from "./tags";
import { tooSmall } from "./volumeRules";

/** One line of an image's block device mapping: a snapshot (or blank volume), or an instance-store disk. */
export interface BlockDeviceMapping {
  deviceName: string;
  ebs?: EbsMapping;
  /** `ephemeral0` … : an instance-store disk. Kept and shown; the local cloud makes no disk of it. */
  virtualName?: string;
}

export interface EbsMapping {
  snapshotId?: string;
  volumeSizeGb: number;
  volumeType: string;
  deleteOnTermination: boolean;
  encrypted: boolean;
  iops?: number;
  throughput?: number;
}

/** RegisterImage's parameters, with EC2's defaults named: the hostile ones are `architecture` and `virtualizationType`. */
export interface RegisterImageRequest {
  name: string;
  description?: string;
  /** Default `i386`. */
  architecture?: ImageArchitecture;
  /** Default `paravirtual`. */
  virtualizationType?: VirtualizationType;
  rootDeviceName?: string;
  /**
   * Of an image whose root is an instance store: where in S3 it was uploaded to, `bucket/name.manifest.xml`. Here that is a
   * file below the cloud's folder `s3`, which holds the disk's bytes themselves.
   */
  imageLocation?: string;
  blockDeviceMappings: (Omit<BlockDeviceMapping, "ebs"> & { ebs?: Partial<EbsMapping> })[];
  /** Which PV-GRUB: needed for `paravirtual`, refused for `hvm`. */
  kernelId?: string;
  ramdiskId?: string;
  enaSupport?: boolean;
  /** `simple`: the Intel 82599 VF interface. */
  sriovNetSupport?: string;
  bootMode?: string;
  imdsSupport?: string;
  tpmSupport?: string;
  tags?: Tags;
}

/**
 * PV-GRUB in us-east-1, as published: `hd0` for bare filesystems, `hd00` for partitioned disks.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/UserProvidedKernels.html
 */
export const PV_GRUB_KERNELS: Record<string, { file: string; architecture: ImageArchitecture }> = {
  "aki-8f9dcae6": { file: "pv-grub-hd0_1.04-i386.gz", architecture: "i386" },
  "aki-919dcaf8": { file: "pv-grub-hd0_1.04-x86_64.gz", architecture: "x86_64" },
  "aki-659ccb0c": { file: "pv-grub-hd00_1.04-i386.gz", architecture: "i386" },
  "aki-499ccb20": { file: "pv-grub-hd00_1.04-x86_64.gz", architecture: "x86_64" },
};

/** Refuses what RegisterImage refuses of a request in itself, without looking at what else there is. */
export function requireValidImage(request: RegisterImageRequest): void {
  requireValidName(request.name);
  requireValidTags(request.tags ?? {});
  requireOneOf("architecture", request.architecture, ["i386", "x86_64", "arm64"]);
  requireOneOf("virtualizationType", request.virtualizationType, ["paravirtual", "hvm"]);
  requireOneOf("bootMode", request.bootMode, ["legacy-bios", "uefi", "uefi-preferred"]);
  requireOneOf("imdsSupport", request.imdsSupport, ["v2.0"]);
  requireOneOf("sriovNetSupport", request.sriovNetSupport, ["simple"]);
  if ((request.virtualizationType ?? "paravirtual") === "paravirtual") requireParavirtual(request);
  else requireHvm(request);
}

function requireValidName(name: string): void {
  if (/^[A-Za-z0-9 ()[\]./'@_-]{3,128}$/.test(name)) return;
  throw new Ec2Error(
    "InvalidAMIName.Malformed",
    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, " +
      "'(', ')', '.', '-', '/' and '_'",
  );
}

function requireOneOf(parameter: string, value: string | undefined, allowed: string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${value}) for parameter ${parameter} is invalid. Expected: ${allowed.join(", ")}`,
  );
}

function requireParavirtual({ kernelId, architecture = "i386", ...request }: RegisterImageRequest): void {
  if (request.enaSupport) throw onlyForHvm("enaSupport");
  if (request.sriovNetSupport) throw onlyForHvm("sriovNetSupport");
  if (request.bootMode) throw onlyForHvm("bootMode");
  if (kernelId === undefined) {
    throw new Ec2Error(
      "MissingParameter",
      "The request must contain the parameter kernelId for a paravirtual image",
    );
  }
  const kernel = PV_GRUB_KERNELS[kernelId];
  if (!kernel) throw new Ec2Error("InvalidAMIID.NotFound", `The image id '[${kernelId}]' does not exist`);
  if (kernel.architecture === architecture) return;
  throw new Ec2Error(
    "InvalidParameterCombination",
    `The kernel ${kernelId} (${kernel.file}) is for ${kernel.architecture}, the image is for ${architecture}`,
  );
}

function onlyForHvm(parameter: string): Ec2Error {
  return new Ec2Error(
    "InvalidParameterCombination",
    `The parameter ${parameter} is only supported for images with a virtualization type of 'hvm', got 'paravirtual'`,
  );
}

function requireHvm({ kernelId, ramdiskId }: RegisterImageRequest): void {
  if (!kernelId && !ramdiskId) return;
  throw new Ec2Error(
    "InvalidParameterCombination",
    "The parameters kernelId and ramdiskId are not supported for images with a virtualization type of 'hvm'",
  );
}

/** The mapping with every default filled in. `snapshots` holds each snapshot that it names. */
export function planMappings(
  request: RegisterImageRequest,
  snapshots: Map<string, SnapshotRecord>,
): BlockDeviceMapping[] {
  const names = request.blockDeviceMappings.map(({ deviceName }) => deviceName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw invalidMapping(`The device '${twice}' is used in more than one block-device mapping`);
  const root = request.blockDeviceMappings.find(({ deviceName }) => deviceName === request.rootDeviceName);
  if (!root?.ebs?.snapshotId && request.imageLocation === undefined)
    throw invalidMapping("No root snapshot specified in device mapping.");
  return request.blockDeviceMappings.map((mapping) => planMapping(mapping, snapshots));
}

function planMapping(
  { deviceName, virtualName, ebs }: RegisterImageRequest["blockDeviceMappings"][number],
  snapshots: Map<string, SnapshotRecord>,
): BlockDeviceMapping {
  if (!ebs) {
    if (/^ephemeral([0-9]|1[0-9]|2[0-3])$/.test(virtualName ?? "")) return { deviceName, virtualName };
    throw invalidMapping(
      `Invalid virtual device name '${virtualName}' for ${deviceName}. Expected: ephemeral0 to ephemeral23`,
    );
  }
  const snapshot = ebs.snapshotId === undefined ? undefined : snapshots.get(ebs.snapshotId);
  return { deviceName, ebs: planEbs(deviceName, ebs, snapshot) };
}

function planEbs(deviceName: string, ebs: Partial<EbsMapping>, snapshot?: SnapshotRecord): EbsMapping {
  // EC2 takes the encryption of the snapshot and lets nobody name it again.
  if (snapshot && ebs.encrypted !== undefined) {
    throw new Ec2Error(
      "InvalidParameterCombination",
      "The parameter encrypted cannot be used with the parameter snapshotId.",
    );
  }
  if (snapshot) requireCompleted(snapshot);
  const volumeSizeGb = ebs.volumeSizeGb ?? snapshot?.volumeSizeGb;
  if (volumeSizeGb === undefined) throw invalidMapping(`${deviceName} names neither a snapshot nor a size`);
  if (snapshot && volumeSizeGb < snapshot.volumeSizeGb)
    throw invalidMapping(tooSmall(volumeSizeGb, snapshot));
  return {
    volumeType: "standard",
    deleteOnTermination: true,
    ...ebs,
    volumeSizeGb,
    encrypted: snapshot?.encrypted ?? ebs.encrypted ?? false,
  };
}

function invalidMapping(message: string): Ec2Error {
  return new Ec2Error("InvalidBlockDeviceMapping", message);
}
