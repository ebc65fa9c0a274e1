import type { Advice, Family, GuestFacts, InitramfsPlan, KernelFacts, Verdict } from "../types";
import { DRIVER_NAMES, type Driver } from "./drivers";
import { canRebuild, FAMILY_DRIVERS, judgeFamily, verdict } from "./judgeDrivers";

/** Disks that QEMU has too: without one of these early the result cannot be rehearsed. In the order of preference. */
const REHEARSAL_DISKS: Driver[] = ["nvme", "ata_piix", "virtio_blk", "ahci"];

/** What a new initramfs gets besides, as far as the guest has it: the rehearsal's hardware, and the network's. */
const WELCOME: Driver[] = [
  "nvme",
  "ata_piix",
  "virtio_pci",
  "virtio_blk",
  "e1000",
  "virtio_net",
  "xen-netfront",
  "ena",
];

const MEGABYTE = 1_000_000;
/** Room for the new image beside the old one, and for what the generator keeps there meanwhile. */
const BOOT_RESERVE_BYTES = 10 * MEGABYTE;

export interface DriverPlan {
  initramfs: InitramfsPlan[];
  /** What the guest's own initramfs configuration must name. Empty where nothing is rebuilt. */
  drivers: Driver[];
  refusals: Advice[];
  warnings: Advice[];
  verdicts: Verdict[];
}

/**
 * Which drivers each kernel that may boot lacks, and whether its initramfs can be rebuilt with them. What the default
 * kernel cannot do is a refusal; what another one cannot do is a warning.
 */
export function planDrivers(guest: GuestFacts, defaultKernel: KernelFacts, families: Family[]): DriverPlan {
  const others = bootableKernels(guest).filter((kernel) => kernel !== defaultKernel);
  const plans = [defaultKernel, ...others].flatMap((kernel) => planInitramfs(guest, kernel, families));
  const rebuilt = plans.filter(({ action }) => action === "rebuild");
  const judged = (kernel: KernelFacts) => families.flatMap((family) => judgeFamily(guest, kernel, family));
  return {
    initramfs: plans,
    drivers: DRIVER_NAMES.filter((driver) => rebuilt.some((plan) => additions(guest, plan).includes(driver))),
    refusals: [...judged(defaultKernel), ...judgeSpace(guest, rebuilt)],
    warnings: [...others.flatMap(judged), ...judgeRehearsal(defaultKernel, rebuilt)],
    verdicts: families.map((family) => verdict(guest, defaultKernel, family)),
  };
}

/** Kernels that the menu starts and that boot as HVM, each once. */
function bootableKernels(guest: GuestFacts): KernelFacts[] {
  const inMenu = (kernel: KernelFacts) =>
    guest.bootFile.entries.some((entry) => entry.kernel === kernel.path);
  return guest.kernels.filter((kernel) => kernel.bootsHvm && inMenu(kernel));
}

/** Nothing for a kernel without an initramfs. Where none can be rebuilt it stays, and refusals or warnings say what it lacks. */
function planInitramfs(guest: GuestFacts, kernel: KernelFacts, families: Family[]): InitramfsPlan[] {
  if (kernel.initrd === undefined) return [];
  const plan = { kernel: kernel.version, path: kernel.initrd };
  const missing = missingDrivers(kernel, families);
  return missing.length > 0 && canRebuild(guest, kernel)
    ? [{ ...plan, action: "rebuild", tool: guest.initramfsTool, missing }]
    : [{ ...plan, action: "keep", missing: [] }];
}

/** Drivers that the kernel could have early and has not: each family's disk, and one disk of QEMU's. */
function missingDrivers(kernel: KernelFacts, families: Family[]): Driver[] {
  const addable = (driver: Driver) =>
    kernel.availableDrivers.includes(driver) && !kernel.earlyDrivers.includes(driver);
  const disks = families.map((family) => FAMILY_DRIVERS[family].disk).filter(addable);
  const early = [...kernel.earlyDrivers, ...disks];
  const rehearsable = REHEARSAL_DISKS.some((disk) => early.includes(disk));
  return rehearsable ? disks : [...disks, ...REHEARSAL_DISKS.filter(addable).slice(0, 1)];
}

function additions(guest: GuestFacts, plan: InitramfsPlan): string[] {
  const kernel = guest.kernels.find(({ version }) => version === plan.kernel);
  const available = kernel?.availableDrivers ?? [];
  const early = kernel?.earlyDrivers ?? [];
  return [
    ...plan.missing,
    ...WELCOME.filter((driver) => available.includes(driver) && !early.includes(driver)),
  ];
}

/** A new initramfs is written beside the old one (field reports: ENOSPC in a /boot 84 % full). */
function judgeSpace(guest: GuestFacts, rebuilt: InitramfsPlan[]): Advice[] {
  if (rebuilt.length === 0) return [];
  const sizes = guest.kernels
    .filter(({ version }) => rebuilt.some((plan) => plan.kernel === version))
    .map(({ initrdBytes }) => initrdBytes ?? 0);
  const needed = 2 * Math.max(...sizes) + BOOT_RESERVE_BYTES;
  if (guest.bootFreeBytes >= needed) return [];
  const found = `${megabytes(guest.bootFreeBytes)} free, ${megabytes(needed)} needed to rebuild the initramfs.`;
  return [{ subject: "/boot", found, advice: "Remove old kernels in the source." }];
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE)} MB`;
}

/** Whether the rehearsal will find the root: it has no Xen bus to offer. */
function judgeRehearsal(kernel: KernelFacts, rebuilt: InitramfsPlan[]): Advice[] {
  const early = [
    ...kernel.earlyDrivers,
    ...(rebuilt.find((plan) => plan.kernel === kernel.version)?.missing ?? []),
  ];
  if (REHEARSAL_DISKS.some((disk) => early.includes(disk))) return [];
  const found = `its early boot has none of ${REHEARSAL_DISKS.join(", ")}, so QEMU has no disk for it.`;
  return [
    {
      subject: `kernel ${kernel.version}`,
      found,
      advice:
        "It can be converted, and fails in the rehearsal: rebuild its initramfs with nvme or ata_piix in the source, since nothing is published that has not booted.",
    },
  ];
}
