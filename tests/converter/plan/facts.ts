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

export const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
export const GIB = 1024 ** 3;
const ALL = ["xen-blkfront", "xen-netfront", "nvme", "ena", "ixgbevf", "ata_piix", "e1000"];
const OPTIONS: Options = { for: ["xen", "nitro"], layout: "mbr", grow: false };

export const kernelWith = (changes: Partial<KernelFacts> = {}): KernelFacts => ({
  version: "3.13.0-48-generic",
  path: "/boot/vmlinuz-3.13.0-48-generic",
  initrd: "/boot/initrd.img-3.13.0-48-generic",
  initrdBytes: 20_000_000,
  bootsHvm: true,
  evidence: "a test",
  bootsPv: true,
  earlyDrivers: ["xen-blkfront", "nvme"],
  availableDrivers: ALL,
  ...changes,
});

export function guestWith(kernels: KernelFacts[], changes: Partial<GuestFacts> = {}): GuestFacts {
  return {
    os: { id: "ubuntu", version: "14.04", name: "Ubuntu 14.04" },
    architecture: "x86_64",
    init: "upstart",
    bootFile: {
      path: "/boot/grub/menu.lst",
      part: 0,
      prefix: "",
      resolvedPath: "/boot/grub/menu.lst",
      defaultEntry: 0,
      defaultWhy: "default is 0",
      entries: kernels.map(({ path, initrd, version }) => ({
        title: version,
        kernel: path,
        initrd,
        arguments: ["root=LABEL=root"],
      })),
    },
    kernels,
    files: [],
    networkByName: [],
    predictableNames: false,
    bootFreeBytes: GIB,
    initramfsTool: "update-initramfs",
    packageManager: "dpkg",
    ...changes,
  };
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
