import type { FileEdit, GuestFacts } from "../../types";
import { DRIVERS, type Driver } from "../kernel/drivers";
import { GENERATORS } from "./generators";

/**
 * The guest's own configuration of its initramfs generator, so that an initramfs made by a later kernel update has the
 * drivers too. Nothing where no driver is wanted.
 */
export function planInitramfsConfiguration(
  guest: Pick<GuestFacts, "initramfsTool" | "initramfsToolKnows" | "kernels">,
  drivers: Driver[],
  read: (path: string) => string | undefined,
): FileEdit[] {
  if (drivers.length === 0 || guest.initramfsTool === undefined) return [];
  const modules = new Set(guest.kernels.flatMap((kernel) => modulesFor(kernel, drivers)));
  return GENERATORS[guest.initramfsTool].configure([...modules], read, guest.initramfsToolKnows ?? []);
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
