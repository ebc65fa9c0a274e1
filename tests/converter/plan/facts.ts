/** Facts for plans: a guest with everything on a bare disk, and what a test changes of it. */
import { planConversion } from "../../../converter/plan";
import type {
  Facts,
  FilesystemFacts,
  GuestFacts,
  KernelFacts,
  MountFacts,
  Options,
  Plan,
} from "../../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../guest/phonyFacts";

export const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
export const GIB = 1024 ** 3;
const ALL = ["xen-blkfront", "xen-netfront", "nvme", "ena", "ixgbevf", "ata_piix", "e1000"];
const OPTIONS: Options = { for: ["xen", "nitro"], layout: "mbr", grow: false };

export const kernelWith = (changes: Partial<KernelFacts> = {}): KernelFacts =>
  phonyKernelFacts({ earlyDrivers: ["xen-blkfront", "nvme"], availableDrivers: ALL, ...changes });

export function guestWith(kernels: KernelFacts[], changes: Partial<GuestFacts> = {}): GuestFacts {
  return phonyGuestFacts(kernels, { bootFreeBytes: GIB, ...changes });
}

export interface Input {
  kernels?: KernelFacts[];
  guest?: Partial<GuestFacts>;
  filesystem?: Partial<FilesystemFacts>;
  sizeBytes?: number;
  destination?: Facts["destination"];
  helper?: Facts["helper"];
  options?: Partial<Options>;
  files?: Record<string, string>;
}

export function plan({
  kernels = [kernelWith()],
  guest = {},
  filesystem = {},
  sizeBytes = 8 * GIB,
  destination,
  helper,
  options = {},
  files = {},
}: Input = {}): Plan {
  const root: FilesystemFacts = {
    ...{ type: "ext4", uuid: UUID, label: "root", blockSizeBytes: 4096, blockCount: 2_000_000 },
    ...{ freeBlocks: 1_500_000, features: [], needsRecovery: false, health: "clean" },
    ...filesystem,
  };
  const mounts: MountFacts[] = [{ point: "/", part: 0, filesystem: root }];
  const bare = {
    number: 0,
    startBytes: 0,
    sizeBytes,
    content: { kind: "filesystem" as const, filesystem: root },
  };
  const facts: Facts = {
    source: { path: "/dev/nvme1n1", sizeBytes, table: "none", parts: [bare] },
    mounts,
    guest: guestWith(kernels, guest),
    ...(destination && { destination }),
    ...(helper && { helper }),
  };
  return planConversion({ facts, read: (path) => files[path], options: { ...OPTIONS, ...options } });
}
