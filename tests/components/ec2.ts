/** EC2's answers to the look-ups of a migration that is in order. Tests change what they are about. */

export const IDS = {
  image: "ami-0aaaaaaaaaaaaaaaa",
  snapshot: "snap-0bbbbbbbbbbbbbbbb",
  subnet: "subnet-0cccccccccccccccc",
  instance: "i-0aaaaaaaaaaaaaaaa",
  root: "vol-00000000000000001",
  data: "vol-00000000000000002",
  source: "vol-00000000000000005",
  destination: "vol-00000000000000006",
} as const;

/** An image as getAmi gives it: paravirtual, of EBS, without licences. */
export const SOURCE_IMAGE = {
  id: IDS.image,
  imageId: IDS.image,
  name: "old-web",
  architecture: "x86_64",
  kernelId: "aki-919dcaf8",
  platform: "",
  platformDetails: "Linux/UNIX",
  productCodes: [] as { productCodeId: string; productCodeType: string }[],
  rootDeviceName: "/dev/sda1",
  rootDeviceType: "ebs",
  rootSnapshotId: IDS.snapshot,
  usageOperation: "RunInstances",
  virtualizationType: "paravirtual",
};

/** A running paravirtual instance with a second volume, as getInstance gives it. */
export const SOURCE_INSTANCE = {
  id: IDS.instance,
  instanceId: IDS.instance,
  ami: IDS.image,
  availabilityZone: "us-east-1a",
  instanceState: "running",
  instanceType: "m1.small",
  publicIp: "203.0.113.20",
  privateIp: "10.0.0.20",
  disableApiStop: false,
  tags: {} as Record<string, string>,
  rootBlockDevices: [{ deviceName: "/dev/sda1", volumeId: IDS.root, volumeSize: 8 }],
  ebsBlockDevices: [{ deviceName: "/dev/sdf", volumeId: IDS.data, volumeSize: 100 }],
};

/** What a paravirtual instance passes of the filters that are asked, by name. */
export const PASSES: Record<string, boolean> = {
  "virtualization-type": true,
  "root-device-type": true,
  architecture: false,
  "platform-details": true,
  "usage-operation": true,
  "product-code.type": false,
  "product-code": false,
};

/** A root volume that is attached to nothing, as getVolume gives it. */
export const SOURCE_VOLUME = { volumeId: IDS.root, size: 8, availabilityZone: "us-east-1a" };

/** Debian's own image, as getAmi gives it. */
export const DEBIAN_IMAGE = {
  ...SOURCE_IMAGE,
  id: "ami-0dddddddddddddddd",
  imageId: "ami-0dddddddddddddddd",
  name: "debian-13-amd64-20261101-2300",
  kernelId: "",
  rootDeviceName: "/dev/xvda",
  virtualizationType: "hvm",
};

/** Zones in which every type is to be had. */
export const ZONES = ["us-east-1a", "us-east-1b"];

/** A subnet of the account's own, as getSubnet gives it. */
export const SUBNET = {
  id: IDS.subnet,
  vpcId: "vpc-0eeeeeeeeeeeeeeee",
  availabilityZone: "us-east-1a",
  ipv6Native: false,
  outpostArn: "",
  ownerId: "123456789012",
};

const NITRO = {
  bootModes: ["legacy-bios", "uefi"],
  ebsNvmeSupport: "required",
  enaSupport: "required",
  hypervisor: "nitro",
  supportedArchitectures: ["x86_64"],
  supportedCpuFeatures: [] as string[],
  currentGeneration: true,
  instanceStorageSupported: false,
  totalInstanceStorage: 0,
  supportedVirtualizationTypes: ["hvm"],
};

const XEN = {
  ...NITRO,
  bootModes: ["legacy-bios"],
  ebsNvmeSupport: "unsupported",
  enaSupport: "unsupported",
  hypervisor: "xen",
};

/** Instance types as DescribeInstanceTypes has them, as far as the component asks. */
export const TYPES: Record<string, typeof NITRO> = {
  "m8i-flex.large": { ...NITRO, supportedCpuFeatures: ["nested-virtualization"] },
  "c8i.large": { ...NITRO, supportedCpuFeatures: ["nested-virtualization"] },
  "t3.micro": NITRO,
  "t4g.small": { ...NITRO, bootModes: ["uefi"], supportedArchitectures: ["arm64"] },
  "t2.micro": { ...XEN, supportedArchitectures: ["i386", "x86_64"] },
  "m4.large": XEN,
  "m1.small": {
    ...XEN,
    currentGeneration: false,
    instanceStorageSupported: true,
    totalInstanceStorage: 160,
    supportedArchitectures: ["i386", "x86_64"],
    supportedVirtualizationTypes: ["paravirtual"],
  },
};

/** A refusal as it reaches the program: the SDK reads gRPC's `details`. */
export function ec2Error(message: string): Error {
  return Object.assign(new Error(message), { details: message });
}
