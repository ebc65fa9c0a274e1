import type { BootEntryFacts, Family, GuestFacts, KernelFacts } from "../../types";
import { lackedDrivers } from "./judgeDrivers";

/** The entry that boots and its kernel. */
export interface DefaultBoot {
  entry: BootEntryFacts;
  kernel: KernelFacts;
  /** `entry 0 (Ubuntu 14.04): default is 0` */
  why: string;
}

/** Which entry of the menu boots when it is converted. */
export interface DefaultChoice {
  /** Index in `bootFile.entries`. */
  entry: number;
  why: string;
  /** The kernel that boots now and is no use there: another entry becomes the default, and the menu has to say so. */
  insteadOf?: KernelFacts;
}

type Menu = Pick<GuestFacts, "bootFile" | "kernels">;

/**
 * The default entry, as it is, unless its kernel is PV only or has a driver of the families in no form: then the first
 * entry whose kernel serves them all, as a newer one that was installed beside it. A menu without any keeps its default,
 * and `refuseKernel` or `judgeFamily` says why that is no use; but a PV-only kernel gives way to any that boots as HVM.
 *
 * @param families what the guest is to boot on
 */
export function chooseDefault(menu: Menu, families: Family[]): DefaultChoice {
  const { entries, defaultEntry, defaultWhy } = menu.bootFile;
  const kept = { entry: defaultEntry, why: defaultWhy ?? "the default" };
  const kernel = kernelOf(entries[defaultEntry], menu.kernels);
  if (!kernel || serves(kernel, families)) return kept;
  const chosen = firstServing(menu, families) ?? (kernel.bootsHvm ? undefined : firstBootable(menu));
  const instead = kernelOf(chosen, menu.kernels);
  if (!chosen || !instead) return kept;
  return {
    entry: entries.indexOf(chosen),
    why: `the kernel of entry ${defaultEntry}, ${kernel.version}, ${describeChange(kernel, instead, families)}`,
    insteadOf: kernel,
  };
}

/** The entry that boots, after `chooseDefault`, with the kernel that it starts. `inspect` refuses a guest that has none. */
export function defaultBoot(guest: GuestFacts, families: Family[]): DefaultBoot {
  const { entry: index, why } = chooseDefault(guest, families);
  const entry = guest.bootFile.entries[index];
  const kernel = kernelOf(entry, guest.kernels) ?? guest.kernels[0];
  return { entry, kernel, why: `entry ${index} (${entry.title}): ${why}` };
}

function serves(kernel: KernelFacts | undefined, families: Family[]): boolean {
  return kernel?.bootsHvm === true && lackedDrivers(kernel, families).length === 0;
}

/** None for recovery: a guest that starts by itself today would wait for somebody at its console. */
function firstServing({ bootFile, kernels }: Menu, families: Family[]): BootEntryFacts | undefined {
  return bootFile.entries.find(
    (entry) => serves(kernelOf(entry, kernels), families) && entry.fault === undefined && !isRecovery(entry),
  );
}

/** One for recovery only where there is no other. */
function firstBootable({ bootFile, kernels }: Menu): BootEntryFacts | undefined {
  const bootable = bootFile.entries.filter(
    (entry) => kernelOf(entry, kernels)?.bootsHvm && entry.fault === undefined,
  );
  return bootable.find((entry) => !isRecovery(entry)) ?? bootable[0];
}

function describeChange(kernel: KernelFacts, instead: KernelFacts, families: Family[]): string {
  if (!kernel.bootsHvm) return `is PV only, and ${instead.version} boots as HVM`;
  const lacked = lackedDrivers(kernel, families).join(" and ");
  return `lacks ${lacked}, and ${instead.version} has all drivers for ${families.join(" and ")} types`;
}

function kernelOf(entry: BootEntryFacts | undefined, kernels: KernelFacts[]): KernelFacts | undefined {
  return kernels.find(({ path }) => path === entry?.kernel);
}

function isRecovery({ title, arguments: words }: BootEntryFacts): boolean {
  return /recovery|rescue|single/i.test(title) || words.some((word) => /^(?:single|[sS1])$/.test(word));
}
