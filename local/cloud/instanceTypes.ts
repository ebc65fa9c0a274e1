import { Ec2Error } from "./errors";

export type ImageArchitecture = "i386" | "x86_64" | "arm64";
export type VirtualizationType = "paravirtual" | "hvm";

/** What DescribeInstanceTypes says of a type, as far as it decides what may run on it. */
export interface InstanceType {
  name: string;
  hypervisor: "xen" | "nitro";
  virtualizationTypes: VirtualizationType[];
  architectures: ImageArchitecture[];
  vcpus: number;
  memoryMb: number;
  /** `required`: an image without the ENA flag does not start on it. */
  enaSupport: "unsupported" | "supported" | "required";
  bootModes: ("legacy-bios" | "uefi")[];
  /** On the 8th Intel generation only: `/dev/kvm` inside the instance. */
  nestedVirtualization: boolean;
  currentGeneration: boolean;
  /** Instance-store disks, in GB each. The local cloud makes none of them. */
  instanceStore?: { count: number; sizeGb: number; type: "hdd" | "ssd" };
}

const XEN = {
  hypervisor: "xen",
  enaSupport: "unsupported",
  bootModes: ["legacy-bios"],
  nestedVirtualization: false,
} as const;
const NITRO = {
  hypervisor: "nitro",
  virtualizationTypes: ["hvm"],
  architectures: ["x86_64"],
  enaSupport: "required",
  bootModes: ["legacy-bios", "uefi"],
  nestedVirtualization: false,
  currentGeneration: true,
} as const;
const NESTED = { ...NITRO, nestedVirtualization: true } as const;

type Row = Readonly<Omit<InstanceType, "virtualizationTypes" | "architectures" | "bootModes">> & {
  readonly virtualizationTypes: readonly VirtualizationType[];
  readonly architectures: readonly ImageArchitecture[];
  readonly bootModes: readonly ("legacy-bios" | "uefi")[];
};

/**
 * One or two types of every kind that a migration meets. From DescribeInstanceTypes and the user guide: PV only on
 * C1, C3, HS1, M1, M2, M3 and T1; 32-bit HVM only on the smaller T2 and c3.large; ENA required on every Nitro type.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html
 */
const ROWS: Row[] = [
  // Xen, paravirtual only.
  {
    name: "t1.micro",
    ...XEN,
    virtualizationTypes: ["paravirtual"],
    architectures: ["i386", "x86_64"],
    vcpus: 1,
    memoryMb: 627,
    currentGeneration: false,
  },
  {
    name: "m1.small",
    ...XEN,
    virtualizationTypes: ["paravirtual"],
    architectures: ["i386", "x86_64"],
    vcpus: 1,
    memoryMb: 1740,
    currentGeneration: false,
    instanceStore: { count: 1, sizeGb: 160, type: "hdd" },
  },
  // Xen, both.
  {
    name: "m3.medium",
    ...XEN,
    virtualizationTypes: ["hvm", "paravirtual"],
    architectures: ["x86_64"],
    vcpus: 1,
    memoryMb: 3840,
    currentGeneration: false,
    instanceStore: { count: 1, sizeGb: 4, type: "ssd" },
  },
  {
    name: "c3.large",
    ...XEN,
    virtualizationTypes: ["hvm", "paravirtual"],
    architectures: ["i386", "x86_64"],
    vcpus: 2,
    memoryMb: 3840,
    currentGeneration: false,
    instanceStore: { count: 2, sizeGb: 16, type: "ssd" },
  },
  // Xen, HVM only.
  {
    name: "t2.micro",
    ...XEN,
    virtualizationTypes: ["hvm"],
    architectures: ["i386", "x86_64"],
    vcpus: 1,
    memoryMb: 1024,
    currentGeneration: true,
  },
  {
    name: "t2.medium",
    ...XEN,
    virtualizationTypes: ["hvm"],
    architectures: ["i386", "x86_64"],
    vcpus: 2,
    memoryMb: 4096,
    currentGeneration: true,
  },
  {
    name: "m4.large",
    ...XEN,
    virtualizationTypes: ["hvm"],
    architectures: ["x86_64"],
    vcpus: 2,
    memoryMb: 8192,
    currentGeneration: true,
  },
  // Nitro.
  { name: "t3.micro", ...NITRO, vcpus: 2, memoryMb: 1024 },
  { name: "t3.small", ...NITRO, vcpus: 2, memoryMb: 2048 },
  { name: "t3.medium", ...NITRO, vcpus: 2, memoryMb: 4096 },
  { name: "m5.large", ...NITRO, vcpus: 2, memoryMb: 8192 },
  { name: "c5.large", ...NITRO, vcpus: 2, memoryMb: 4096 },
  { name: "t4g.small", ...NITRO, architectures: ["arm64"], bootModes: ["uefi"], vcpus: 2, memoryMb: 2048 },
  // Nitro with nested virtualization.
  { name: "m8i.large", ...NESTED, vcpus: 2, memoryMb: 8192 },
  { name: "m8i-flex.large", ...NESTED, vcpus: 2, memoryMb: 8192 },
  { name: "c8i.large", ...NESTED, vcpus: 2, memoryMb: 4096 },
  { name: "c8i-flex.large", ...NESTED, vcpus: 2, memoryMb: 4096 },
  { name: "r8i.large", ...NESTED, vcpus: 2, memoryMb: 16384 },
];

/** Every type that the local cloud knows, oldest first. */
export const INSTANCE_TYPES: readonly InstanceType[] = ROWS.map((row) => ({
  ...row,
  virtualizationTypes: [...row.virtualizationTypes],
  architectures: [...row.architectures],
  bootModes: [...row.bootModes],
}));

/**
 * Whether a zone offers a type. On EC2 the newest are late in some zones, and an old account's machines lie in just those;
 * here they are in every region's first zone alone.
 */
export function isOfferedIn(name: string, zone: string): boolean {
  return !/^[cmr]8i/.test(name) || zone.endsWith("a");
}

/** The type of this name, or undefined. */
export function findInstanceType(name: string): InstanceType | undefined {
  return INSTANCE_TYPES.find((type) => type.name === name);
}

/** As DescribeInstanceTypes: refuses a name that it does not know with `InvalidInstanceType`. */
export function describeInstanceType(name: string): InstanceType {
  const type = findInstanceType(name);
  if (type) return type;
  throw new Ec2Error(
    "InvalidInstanceType",
    `The following supplied instance types do not exist: [${name}]. ` +
      `The local cloud has ${INSTANCE_TYPES.map((known) => known.name).join(", ")}`,
  );
}
