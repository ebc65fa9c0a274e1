import type { Advice, Family, GuestFacts, InitramfsPlan, KernelFacts, Options, Verdict } from "../../types";
import { CARD_DRIVERS, DISK_DRIVERS, DRIVER_NAMES, ROOT_DRIVERS, type Driver } from "./drivers";
import { GENERATORS } from "../initramfs/generators";
import { modulesFor } from "../initramfs/initramfsConfiguration";
import {
  canRebuild,
  FAMILY_DRIVERS,
  judgeEnhancedNetworking,
  judgeFamily,
  verdict,
  type Root,
} from "./judgeDrivers";
import {
  judgeBootSpace,
  refuseUnrehearsable,
  REHEARSAL_DISKS,
  warnEnhancedNetworking,
  warnOfKernel,
} from "./judgeKernel";

export interface DriverPlan {
  initramfs: InitramfsPlan[];
  /** What the guest's own initramfs configuration must name. Empty if no program is known that makes one. */
  drivers: Driver[];
  refusals: Advice[];
  warnings: Advice[];
  verdicts: Verdict[];
}

/**
 * Which drivers each kernel that may boot lacks, and whether its initramfs can be rebuilt with them. What the default
 * kernel cannot do is a refusal; what another one cannot do is a warning.
 */
export function planDrivers(
  guest: GuestFacts,
  defaultKernel: KernelFacts,
  options: Pick<Options, "for" | "rehearse">,
  root?: Root,
): DriverPlan {
  const families = options.for;
  const others = bootableKernels(guest).filter((kernel) => kernel !== defaultKernel);
  const plans = [defaultKernel, ...others].flatMap((kernel) => planInitramfs(guest, kernel, families, root));
  const rebuilt = plans.filter(({ action }) => action === "rebuild");
  const judged = (kernel: KernelFacts) =>
    families.flatMap((family) => judgeFamily(guest, kernel, family, root));
  const unrehearsable = refuseUnrehearsable(defaultKernel, rebuilt);
  const isRehearsed = options.rehearse !== false;
  return {
    initramfs: plans,
    drivers: namedDrivers(guest, [defaultKernel, ...others], root),
    refusals: [
      ...judged(defaultKernel),
      ...judgeBootSpace(guest, rebuilt),
      ...(isRehearsed ? unrehearsable : []),
    ],
    warnings: [
      ...others.flatMap(judged),
      ...warnEnhancedNetworking([defaultKernel, ...others], families),
      ...[defaultKernel, ...others].flatMap((kernel) => warnOfKernel(guest, kernel, families)),
      ...(isRehearsed ? [] : unrehearsable),
    ],
    verdicts: families.map((family) => ({
      ...verdict(guest, defaultKernel, family, root),
      enhancedNetworking: judgeEnhancedNetworking([defaultKernel, ...others], family),
    })),
  };
}

/** Kernels that the menu starts and that boot as HVM, each once. */
function bootableKernels(guest: GuestFacts): KernelFacts[] {
  const inMenu = (kernel: KernelFacts) =>
    guest.bootFile.entries.some((entry) => entry.kernel === kernel.path);
  return guest.kernels.filter((kernel) => kernel.bootsHvm && inMenu(kernel));
}

/** Nothing for a kernel without an initramfs. Where none can be rebuilt it stays, and refusals or warnings say what it lacks. */
function planInitramfs(
  guest: GuestFacts,
  kernel: KernelFacts,
  families: Family[],
  root: Root,
): InitramfsPlan[] {
  const { initrd, moduleFolder } = kernel;
  if (initrd === undefined) return [];
  // Without the index modprobe finds no module at all, and a generator makes an empty image (compute-image-tools#1139).
  const isUnindexed = moduleFolder?.there === true && !moduleFolder.indexed;
  const plan = { kernel: kernel.version, path: initrd, ...(isUnindexed ? { depmod: true } : {}) };
  const missing = missingDrivers(kernel, families);
  return missing.length > 0 && canRebuild(guest, kernel, root)
    ? [planRebuild(guest, kernel, root, { ...plan, action: "rebuild", missing })]
    : [{ ...plan, action: "keep", missing: [] }];
}

function planRebuild(guest: GuestFacts, kernel: KernelFacts, root: Root, plan: InitramfsPlan): InitramfsPlan {
  const tool = guest.initramfsTool;
  if (tool === undefined) return plan;
  const old = ROOT_DRIVERS.filter((driver) => kernel.earlyDrivers.includes(driver));
  const modules = modulesFor(kernel, [...new Set([...wantedDrivers(kernel, root), ...old])]);
  const knows = guest.initramfsToolKnows ?? [];
  const configured = guest.initramfsToolNames ?? [];
  const { kernel: version, path } = plan;
  const target = { kernel: version, path, modules, knows, configured, rootName: root?.name };
  return { ...plan, tool, keep: kept(kernel), ...GENERATORS[tool].build(target) };
}

/** What the old image has and the new one must not lack: the way to the root, and every bus and disk that can be had again. */
function kept({ earlyDrivers, driverModules, initrdHasLvm }: KernelFacts): string[] {
  const again = (driver: Driver) => driverModules === undefined || driverModules[driver] !== undefined;
  const early = [...DISK_DRIVERS.filter(again), ...ROOT_DRIVERS].filter((driver) =>
    earlyDrivers.includes(driver),
  );
  return [...early, ...(initrdHasLvm ? ["lvm"] : [])];
}

/** Drivers that the kernel could have early and has not: each family's disk, and one disk of QEMU's. */
function missingDrivers(kernel: KernelFacts, families: Family[]): Driver[] {
  const addable = (driver: Driver) =>
    kernel.availableDrivers.includes(driver) && !kernel.earlyDrivers.includes(driver);
  const bus: Driver[] = families.includes("xen") ? ["xen-platform-pci"] : [];
  const disks = [...bus, ...families.map((family) => FAMILY_DRIVERS[family].disk)].filter(addable);
  const early = [...kernel.earlyDrivers, ...disks];
  const rehearsable = REHEARSAL_DISKS.some((disk) => early.includes(disk));
  return rehearsable ? disks : [...disks, ...REHEARSAL_DISKS.filter(addable).slice(0, 1)];
}

/** What the generator's configuration must name for the next kernel, which is like those that may boot now. */
function namedDrivers(guest: GuestFacts, kernels: KernelFacts[], root: Root): Driver[] {
  if (guest.initramfsTool === undefined) return [];
  const wanted = kernels
    .filter(({ bootsHvm, initrd }) => bootsHvm && initrd !== undefined)
    .flatMap((kernel) => wantedDrivers(kernel, root));
  return DRIVER_NAMES.filter((driver) => wanted.includes(driver));
}

/**
 * Bus, disks and cards, and what the root is made of, of what the kernel has. Nothing here hangs on the image that is there: a
 * rebuilt one may hold more than the old one, and the configuration must not grow when it is looked at again.
 */
function wantedDrivers({ availableDrivers }: KernelFacts, root: Root): Driver[] {
  const has = (driver: Driver) => availableDrivers.includes(driver);
  const type = root?.filesystem?.type;
  // ext4's driver mounts all three, where a kernel has no other (Fedora 14 and later for ext3).
  const filesystem = type === undefined || has(type) ? type : "ext4";
  const wanted: (Driver | undefined)[] = [
    ...[...DISK_DRIVERS, ...CARD_DRIVERS, filesystem],
    root?.logicalVolume === undefined ? undefined : "dm_mod",
  ];
  return DRIVER_NAMES.filter((driver) => wanted.includes(driver) && has(driver));
}
