import type { Advice, Family, GuestFacts, InitramfsPlan, KernelFacts, Options, Verdict } from "../../types";
import { DRIVER_NAMES, ROOT_DRIVERS, type Driver } from "./drivers";
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

/** What a new initramfs gets besides, as far as the guest has it: the rehearsal's hardware, and the network's. */
const WELCOME: Driver[] = [
  ...(["nvme", "ata_piix", "virtio_pci", "virtio_blk", "e1000"] as const),
  ...(["virtio_net", "xen-netfront", "ena"] as const),
];

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
    drivers: DRIVER_NAMES.filter((driver) => rebuilt.some((plan) => wanted(guest, plan).includes(driver))),
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
    ? [planRebuild(guest, kernel, { ...plan, action: "rebuild", missing })]
    : [{ ...plan, action: "keep", missing: [] }];
}

function planRebuild(guest: GuestFacts, kernel: KernelFacts, plan: InitramfsPlan): InitramfsPlan {
  const tool = guest.initramfsTool;
  if (tool === undefined) return plan;
  const modules = modulesFor(kernel, wantedOf(kernel, plan));
  const knows = guest.initramfsToolKnows ?? [];
  const keep = [
    ...ROOT_DRIVERS.filter((driver) => kernel.earlyDrivers.includes(driver)),
    ...(kernel.initrdHasLvm ? ["lvm"] : []),
  ];
  const build = GENERATORS[tool].build({ kernel: plan.kernel, path: plan.path, modules, knows });
  return { ...plan, tool, keep, ...build };
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

function wanted(guest: GuestFacts, plan: InitramfsPlan): Driver[] {
  const kernel = guest.kernels.find(({ version }) => version === plan.kernel);
  return kernel ? wantedOf(kernel, plan) : [];
}

/** What is missing, and what else is welcome. */
function wantedOf({ availableDrivers, earlyDrivers }: KernelFacts, { missing }: InitramfsPlan): Driver[] {
  return DRIVER_NAMES.filter(
    (driver) =>
      missing.includes(driver) ||
      (WELCOME.includes(driver) && availableDrivers.includes(driver) && !earlyDrivers.includes(driver)),
  );
}
