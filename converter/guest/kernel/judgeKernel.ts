/** What else speaks against a kernel, or should be known of it, beside the drivers of an instance family. */
import type { Advice, Family, GuestFacts, InitramfsPlan, KernelFacts } from "../../types";
import type { Driver } from "./drivers";

/** Disks that QEMU has too: without one of these early the result cannot be rehearsed. In the order of preference. */
export const REHEARSAL_DISKS: Driver[] = ["nvme", "ata_piix", "virtio_blk", "ahci"];

/**
 * The verdict *cannot be rehearsed*: the kernel boots with no disk that QEMU has, which offers no Xen bus. A refusal, and for
 * those who leave the rehearsal out a warning. Empty if it can be.
 */
export function refuseUnrehearsable(kernel: KernelFacts, rebuilt: InitramfsPlan[]): Advice[] {
  const added = rebuilt.find((plan) => plan.kernel === kernel.version)?.missing ?? [];
  const early = [...kernel.earlyDrivers, ...added];
  if (REHEARSAL_DISKS.some((disk) => early.includes(disk))) return [];
  const found = `it cannot be rehearsed: its early boot has none of ${REHEARSAL_DISKS.join(", ")}, so QEMU has no disk for it.`;
  const advice =
    "Rebuild its initramfs with nvme or ata_piix in the source, or leave the rehearsal out " +
    "(--no-rehearsal; with Pulumi, rehearsal.skip) and try the image yourself before you rely on it.";
  return [{ subject: `kernel ${kernel.version}`, found, advice }];
}

/** What the user should know of a kernel that can boot. */
export function warnOfKernel(guest: GuestFacts, kernel: KernelFacts, families: Family[]): Advice[] {
  const subject = `kernel ${kernel.version}`;
  const found = [...warnXenBus(kernel, families), ...warnModules(kernel), ...warnGrowers(guest, kernel)];
  return found.map((advice) => ({ subject, ...advice }));
}

type Finding = Omit<Advice, "subject">;

function warnXenBus({ xenHvm }: KernelFacts, families: Family[]): Finding[] {
  if (xenHvm !== false || !families.includes("xen")) return [];
  return [
    {
      found:
        "it has no driver for Xen's platform device (CONFIG_XEN_PVHVM, Linux 2.6.36 and later): as HVM it sees Xen's disks by IDE emulation at best, and no network card.",
      advice: "Try it on a Xen type before you rely on it, or install a later kernel in the source.",
    },
  ];
}

/**
 * A Xen type with enhanced networking shows its card, and no other, to an image that is registered for it (sriovNetSupport):
 * a guest without the driver is then not to be reached. One that is not registered so gets Xen's own card there.
 */
export function warnEnhancedNetworking(kernels: KernelFacts[], families: Family[]): Advice[] {
  if (!families.includes("xen")) return [];
  return kernels
    .filter(({ availableDrivers }) => !availableDrivers.includes("ixgbevf"))
    .map(({ version }) => ({
      subject: `kernel ${version}`,
      found:
        "no ixgbevf driver: an image registered for enhanced networking (sriovNetSupport) would have no network on C3, C4, D2, I2, M4 and R3.",
      advice:
        "Register it without, as the component does: these types then give it Xen's own network card. For the fast one, install ixgbevf in the source.",
    }));
}

function warnModules({ moduleFolder, initrd }: KernelFacts): Finding[] {
  if (moduleFolder === undefined) return [];
  const { path, there, indexed } = moduleFolder;
  if (!there)
    return [
      {
        found: `there is no ${path}: it boots without any module that is not in its initramfs.`,
        advice: "Install the kernel's own package in the source where more is needed.",
      },
    ];
  if (indexed || initrd !== undefined) return [];
  return [
    {
      found: `${path} was never indexed (no modules.dep), so that it loads no module.`,
      advice: "Run depmod for it in the source.",
    },
  ];
}

function warnGrowers({ os }: GuestFacts, { initrd, initrdGrowsRoot }: KernelFacts): Finding[] {
  if (!initrdGrowsRoot?.length) return [];
  const off = os.id === "ubuntu" ? "create /etc/growroot-disabled" : "remove the hook";
  return [
    {
      found: `${initrd} grows the root when it boots (${initrdGrowsRoot[0]}); old versions name an NVMe disk's partition wrongly, and some then do not boot.`,
      advice: `The rehearsal shows whether it boots. Where it does not, ${off} in the source.`,
    },
  ];
}

const MEGABYTE = 1_000_000;
/** Room for what the generator keeps there meanwhile. */
const BOOT_RESERVE_BYTES = 10 * MEGABYTE;
/** What is reckoned for an image that could not be read. */
const USUAL_IMAGE_BYTES = 20 * MEGABYTE;

/**
 * Each new image may be twice as large as the old one, and lies beside it until it was judged (field reports: ENOSPC in a
 * /boot 84 % full).
 */
export function judgeBootSpace(guest: GuestFacts, rebuilt: InitramfsPlan[]): Advice[] {
  if (rebuilt.length === 0) return [];
  const sizes = guest.kernels
    .filter(({ version }) => rebuilt.some((plan) => plan.kernel === version))
    .map(({ initrdBytes }) => initrdBytes ?? USUAL_IMAGE_BYTES);
  const growth = sizes.reduce((sum, size) => sum + size, 0);
  const needed = growth + Math.max(...sizes, 0) + BOOT_RESERVE_BYTES;
  if (guest.bootFreeBytes >= needed) return [];
  const found = `${megabytes(guest.bootFreeBytes)} free, ${megabytes(needed)} needed to rebuild ${sizes.length === 1 ? "the initramfs" : `${sizes.length} initramfs`}.`;
  return [{ subject: "/boot", found, advice: "Remove old kernels in the source." }];
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE)} MB`;
}
