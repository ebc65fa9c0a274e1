/** EC2's answers to the look-ups of a migration that is in order. Tests change what they are about. */

export const IDS = {
  image: "ami-0aaaaaaaaaaaaaaaa",
  snapshot: "snap-0bbbbbbbbbbbbbbbb",
  subnet: "subnet-0cccccccccccccccc",
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

const NITRO = {
  bootModes: ["legacy-bios", "uefi"],
  ebsNvmeSupport: "required",
  enaSupport: "required",
  hypervisor: "nitro",
  supportedArchitectures: ["x86_64"],
  supportedCpuFeatures: [] as string[],
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
  "t3.micro": NITRO,
  "t4g.small": { ...NITRO, bootModes: ["uefi"], supportedArchitectures: ["arm64"] },
  "t2.micro": { ...XEN, supportedArchitectures: ["i386", "x86_64"] },
  "m4.large": XEN,
  "m1.small": {
    ...XEN,
    supportedArchitectures: ["i386", "x86_64"],
    supportedVirtualizationTypes: ["paravirtual"],
  },
};

/** A refusal as it reaches the program: the SDK reads gRPC's `details`. */
export function ec2Error(message: string): Error {
  return Object.assign(new Error(message), { details: message });
}
