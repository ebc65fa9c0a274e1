import { Ec2Error } from "./errors";
import type { BlockDeviceMapping } from "./imageRules";
import type { CpuOptions, InstanceAttributes } from "./instanceRecord";
import {
  findInstanceType,
  type ImageArchitecture,
  type InstanceType,
  type VirtualizationType,
} from "./instanceTypes";
import type { SnapshotRecord } from "./snapshots";
import type { Tags } from "./tags";
import { tooSmall } from "./volumeRules";

/** RunInstances' parameters, as far as the local cloud has them. */
export interface RunInstancesRequest {
  imageId: string;
  /** EC2's own default, since 2006. */
  instanceType?: string;
  availabilityZone?: string;
  subnetId?: string;
  /** Default: none (EC2 puts it into the VPC's default group, which lets nothing in). */
  securityGroupIds?: string[];
  /** Default true, as the default subnet has it. */
  associatePublicIpAddress?: boolean;
  keyName?: string;
  /** Decoded; 16 KiB at most. */
  userData?: string;
  cpuOptions?: CpuOptions;
  rootBlockDevice?: RootBlockDevice;
  /** What is said otherwise of the image's other devices, and further ones. */
  blockDevices?: LaunchBlockDevice[];
  /** Of every volume that the launch makes. */
  volumeTags?: Tags;
  attributes?: InstanceAttributes;
  reservationId?: string;
  disableApiTermination?: boolean;
  tags?: Tags;
}

/** What is said otherwise of the root volume than in the image. */
export interface RootBlockDevice {
  volumeSizeGb?: number;
  volumeType?: string;
  iops?: number;
  throughput?: number;
  encrypted?: boolean;
  kmsKeyId?: string;
  deleteOnTermination?: boolean;
  tags?: Tags;
}

/** A device of a launch beside the root. */
export interface LaunchBlockDevice {
  deviceName: string;
  ebs?: RootBlockDevice & { snapshotId?: string };
  /** `NoDevice`: the image's device of this name is not made. */
  isLeftOut?: boolean;
  /** `ephemeral0` …: an instance-store disk, of which the local cloud makes none. */
  virtualName?: string;
}

/** What of an image (or of an instance made of it) decides on which types it starts. */
export interface Bootable {
  architecture: ImageArchitecture;
  virtualizationType: VirtualizationType;
  enaSupport: boolean;
  bootMode?: string;
}

/**
 * The type of this name, when an image of this kind starts on it. What EC2 checks, in EC2's order: that the type
 * exists, then architecture, virtualization, ENA, boot mode, and the CPU options.
 */
export function requireStartable(
  image: Bootable,
  instanceType: string,
  cpuOptions: CpuOptions = {},
): InstanceType {
  const type = findInstanceType(instanceType);
  if (!type) throw new Ec2Error("InvalidParameterValue", `Invalid value '${instanceType}' for InstanceType.`);
  requireArchitecture(image, type);
  requireVirtualization(image, type);
  requireEna(image, type);
  requireBootMode(image, type);
  requireCpuOptions(type, cpuOptions);
  return type;
}

function requireArchitecture({ architecture }: Bootable, type: InstanceType): void {
  if (type.architectures.includes(architecture)) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `The architecture '${type.architectures}' of the specified instance type does not match the architecture ` +
      `'${architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and ` +
      "try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the " +
      "instance type or AMI.",
  );
}

function requireVirtualization({ virtualizationType }: Bootable, type: InstanceType): void {
  if (type.virtualizationTypes.includes(virtualizationType)) return;
  const message =
    virtualizationType === "paravirtual"
      ? `Virtualization type 'hvm' is required for instances of type '${type.name}'. ` +
        "Ensure that you are using an AMI with virtualization type 'hvm'. For more information, see " +
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html."
      : "Non-Windows instances with a virtualization type of 'hvm' are currently not supported for this instance type.";
  throw new Ec2Error("InvalidParameterCombination", message);
}

function requireEna({ enaSupport }: Bootable, type: InstanceType): void {
  if (type.enaSupport !== "required" || enaSupport) return;
  throw new Ec2Error(
    "InvalidParameterCombination",
    `Enhanced networking with the Elastic Network Adapter (ENA) is required for the '${type.name}' instance type. ` +
      "Ensure that you are using an AMI that is enabled for ENA.",
  );
}

function requireBootMode({ bootMode }: Bootable, type: InstanceType): void {
  if (bootMode === "uefi" && !type.bootModes.includes("uefi")) {
    throw new Ec2Error(
      "InvalidParameterCombination",
      `The instance type '${type.name}' does not support an AMI with a boot mode of UEFI. Only instance types built on ` +
        "the Nitro System support UEFI. Specify an instance type that supports UEFI, and try again.",
    );
  }
}

function requireCpuOptions(type: InstanceType, { nestedVirtualization }: CpuOptions): void {
  if (nestedVirtualization === undefined) return;
  if (nestedVirtualization !== "enabled" && nestedVirtualization !== "disabled") {
    throw new Ec2Error(
      "InvalidParameterValue",
      `Value (${nestedVirtualization}) for parameter nestedVirtualization is invalid. Expected: enabled, disabled`,
    );
  }
  if (nestedVirtualization === "enabled" && !type.nestedVirtualization) {
    throw new Ec2Error(
      "InvalidParameterCombination",
      `The instance type '${type.name}' does not support nested virtualization. C8i, M8i, R8i and their flex variants do.`,
    );
  }
}

/** Refuses user data over 16 KiB, counted before it is encoded. */
export function requireUserData(userData: string | undefined): void {
  if (Buffer.byteLength(userData ?? "") <= 16384) return;
  throw new Ec2Error("InvalidParameterValue", "User data is limited to 16384 bytes");
}

/** Whether the root volume can be as it is asked for. */
export function requireRootBlockDevice(
  mapping: BlockDeviceMapping,
  root: RootBlockDevice,
  snapshot: SnapshotRecord,
): void {
  const sizeGb = root.volumeSizeGb ?? mapping.ebs?.volumeSizeGb ?? snapshot.volumeSizeGb;
  if (sizeGb < snapshot.volumeSizeGb) {
    throw new Ec2Error("InvalidBlockDeviceMapping", tooSmall(sizeGb, snapshot));
  }
  if (["st1", "sc1"].includes(root.volumeType ?? "")) {
    throw new Ec2Error("InvalidParameterValue", `Volume type '${root.volumeType}' cannot be a root volume`);
  }
}
