import type { Advice, FileEdit, GuestFacts, KernelFacts } from "../../types";
import { CARD_DRIVERS, DISK_DRIVERS, DRIVERS, type Driver } from "../kernel/drivers";
import { composeEdits } from "../mergeEdits";
import { GENERATORS, type Configured } from "./generators";

type Guest = Pick<GuestFacts, "initramfsTool" | "initramfsToolKnows" | "kernels" | "files">;

/**
 * The guest's own configuration of its initramfs generator, so that an initramfs made by a later kernel update has the
 * drivers too: they are named, and nothing leaves them out. Nothing where no driver is wanted.
 */
export function planInitramfsConfiguration(
  guest: Guest,
  drivers: Driver[],
  read: (path: string) => string | undefined,
): FileEdit[] {
  const modules = modulesOfAll(guest, drivers);
  if (modules.length === 0 || guest.initramfsTool === undefined) return [];
  const generator = GENERATORS[guest.initramfsTool];
  const needed = modulesOfAll(
    guest,
    drivers.filter((driver) => !isOwnersChoice(driver)),
  );
  return composeEdits(read, [
    (now) => generator.lift?.(needed, configuredBy(guest, now)) ?? [],
    (now) => generator.configure(modules, configuredBy(guest, now)),
  ]);
}

/** What a later kernel update would lose although the conversion brings it. */
export function warnInitramfsConfiguration(
  guest: Guest,
  read: (path: string) => string | undefined,
): Advice[] {
  if (guest.initramfsTool === undefined) return warnUnknownGenerator(guest);
  if (modulesOfAll(guest, [...DISK_DRIVERS]).length === 0) return [];
  const lost = GENERATORS[guest.initramfsTool].whyNotKept?.(configuredBy(guest, read));
  if (lost === undefined) return [];
  const { path, found, advice } = lost;
  return [{ subject: path, found: `a later kernel's initrd would lack the drivers: ${found}`, advice }];
}

/** Gentoo's genkernel, a script of the owner's: what made the image is not known here, so nothing tells it what to put in. */
function warnUnknownGenerator({ kernels }: Guest): Advice[] {
  return kernels.flatMap((kernel) => {
    const names = loadedEarly(kernel);
    if (names.length === 0) return [];
    return {
      subject: `kernel ${kernel.version}`,
      found: `${kernel.initrd} has ${names.join(", ")}, and what made it is none of the programs that are known here (dracut, mkinitrd, update-initramfs, mkinitcpio).`,
      advice:
        "See to it in the guest that the initramfs of the next kernel has them too (genkernel: its list of modules).",
    };
  });
}

/** Without these a later kernel finds no root on a family's machines; what the rehearsal needs besides matters there alone. */
const FAMILY_DISKS: Driver[] = ["xen-platform-pci", "xen-blkfront", "nvme"];

/** Disks that an HVM kernel loads out of its initramfs, of those that are modules. */
function loadedEarly({ bootsHvm, initrd, earlyDrivers, driverModules }: KernelFacts): Driver[] {
  if (!bootsHvm || initrd === undefined) return [];
  return FAMILY_DISKS.filter(
    (driver) => driverModules?.[driver] !== undefined && earlyDrivers.includes(driver),
  );
}

/** A card that is kept out of an image is found later, when the root is there. */
function isOwnersChoice(driver: Driver): boolean {
  return CARD_DRIVERS.includes(driver);
}

function configuredBy({ initramfsToolKnows, files }: Guest, read: Configured["read"]): Configured {
  return { read, files, knows: initramfsToolKnows ?? [] };
}

function modulesOfAll({ kernels }: Guest, drivers: Driver[]): string[] {
  return [...new Set(kernels.flatMap((kernel) => modulesFor(kernel, drivers)))];
}

/** The modules to name for these drivers, in the kernel's own spelling. What is built in, or not there, has none. */
export function modulesFor(
  { bootsHvm, driverModules }: Pick<GuestFacts["kernels"][number], "bootsHvm" | "driverModules">,
  drivers: Driver[],
): string[] {
  if (!bootsHvm) return [];
  const names = (driver: Driver) =>
    driverModules === undefined
      ? [...DRIVERS[driver].with, DRIVERS[driver].modules[0]]
      : (driverModules[driver] ?? []);
  return [...new Set(drivers.flatMap(names))];
}
