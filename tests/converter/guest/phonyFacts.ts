/** Facts of guests that nobody inspected: what the planning is tried with. */
import type { GuestFacts, KernelFacts } from "../../../converter/types";

const ALL = [
  "xen-platform-pci",
  "xen-blkfront",
  "xen-netfront",
  "nvme",
  "ena",
  "ixgbevf",
  "ata_piix",
  "e1000",
];

/** A kernel that lacks nothing, with changes. */
export function phonyKernelFacts(changes: Partial<KernelFacts> = {}): KernelFacts {
  const version = changes.version ?? "3.13.0-48-generic";
  return {
    version,
    path: `/boot/vmlinuz-${version}`,
    initrd: `/boot/initrd.img-${version}`,
    initrdBytes: 20_000_000,
    bootsHvm: true,
    evidence: "a test",
    bootsPv: true,
    earlyDrivers: ["xen-platform-pci", "xen-blkfront", "nvme"],
    availableDrivers: ALL,
    ...changes,
  };
}

/** A guest whose menu starts these kernels, one entry each, with changes. */
export function phonyGuestFacts(kernels: KernelFacts[], changes: Partial<GuestFacts> = {}): GuestFacts {
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
        ...{ title: version, kernel: path, initrd },
        arguments: ["root=LABEL=root"],
      })),
    },
    kernels,
    files: [],
    networkByName: [],
    predictableNames: false,
    bootFreeBytes: 1_000_000_000,
    initramfsTool: "update-initramfs",
    packageManager: "dpkg",
    ...changes,
  };
}
