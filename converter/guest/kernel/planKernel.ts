import type { Advice, BootEntryFacts, GuestFacts, KernelFacts } from "../../types";
import { kernelPackage } from "./kernelPackage";
import { compareVersions } from "./kernelVersion";

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
  /** Another one than boots now: the menu has to say so. */
  change: boolean;
}

/**
 * The default entry, as it is; where its kernel is PV only, the first entry that boots as HVM, one for recovery only where
 * there is no other. A menu without any keeps its default, and `refuseKernel` says why that is no use.
 */
export function chooseDefault({
  bootFile,
  kernels,
}: Pick<GuestFacts, "bootFile" | "kernels">): DefaultChoice {
  const { entries, defaultEntry, defaultWhy } = bootFile;
  const kept = { entry: defaultEntry, why: defaultWhy ?? "the default", change: false };
  const kernel = kernelOf(entries[defaultEntry], kernels);
  if (kernel?.bootsHvm !== false) return kept;
  const bootable = entries.filter((entry) => kernelOf(entry, kernels)?.bootsHvm && entry.fault === undefined);
  const chosen = bootable.find((entry) => !isRecovery(entry)) ?? bootable[0];
  if (!chosen) return kept;
  return {
    entry: entries.indexOf(chosen),
    why: `the kernel of entry ${defaultEntry}, ${kernel.version}, is PV only, and ${kernelOf(chosen, kernels)?.version} boots as HVM`,
    change: true,
  };
}

/** The entry that boots, after `chooseDefault`, with the kernel that it starts. `inspect` refuses a guest that has none. */
export function defaultBoot(guest: GuestFacts): DefaultBoot {
  const { entry: index, why } = chooseDefault(guest);
  const entry = guest.bootFile.entries[index];
  const kernel = kernelOf(entry, guest.kernels) ?? guest.kernels[0];
  return { entry, kernel, why: `entry ${index} (${entry.title}): ${why}` };
}

function kernelOf(entry: BootEntryFacts | undefined, kernels: KernelFacts[]): KernelFacts | undefined {
  return kernels.find(({ path }) => path === entry?.kernel);
}

function isRecovery({ title, arguments: words }: BootEntryFacts): boolean {
  return /recovery|rescue|single/i.test(title) || words.some((word) => /^(?:single|[sS1])$/.test(word));
}

/** Why the kernel that boots cannot do so as HVM, with the way out: another installed one, or the package that brings one. */
export function refuseKernel(guest: GuestFacts, { kernel }: Pick<DefaultBoot, "kernel">): Advice[] {
  if (kernel.bootsHvm) return [];
  const found = `it is a PV-only kernel and cannot boot as HVM (${kernel.evidence}).`;
  return [{ subject: `kernel ${kernel.version}`, found, advice: wayOut(guest) }];
}

function wayOut(guest: GuestFacts): string {
  const other = newestFirst(guest.kernels).find(({ bootsHvm }) => bootsHvm);
  if (!other)
    return `Only Xen PV kernels are installed in this guest. Install ${kernelPackage(guest)} in the source, with an entry in ${guest.bootFile.path}.`;
  return `${other.path} is installed and boots as HVM: add an entry for it to ${guest.bootFile.path} in the source.`;
}

/** What the user should know of the guest's other kernels. */
export function warnNewerKernels(guest: GuestFacts, boot: Pick<DefaultBoot, "kernel">): Advice[] {
  return [...warnUnlisted(guest, boot), ...warnChanged(guest), ...warnNeverBooted(guest, boot)];
}

/** Installed kernels that no entry starts although they are newer than the one that boots (a menu kept by hand is not regenerated: canonical/cloud-init#2444). */
function warnUnlisted(guest: GuestFacts, { kernel }: Pick<DefaultBoot, "kernel">): Advice[] {
  const inMenu = new Set(guest.bootFile.entries.map((entry) => entry.kernel));
  const newer = guest.kernels.filter(
    (other) => !inMenu.has(other.path) && compareVersions(other.version, kernel.version) > 0,
  );
  return newer.map(({ version }) => ({
    subject: guest.bootFile.path,
    found: `kernel ${version} is installed and has no entry; ${kernel.version} will boot.`,
    advice: "Where the newer one is wanted, update the menu in the source.",
  }));
}

function warnChanged(guest: GuestFacts): Advice[] {
  const { entry, why, change } = chooseDefault(guest);
  if (!change) return [];
  return [
    {
      subject: guest.bootFile.path,
      found: `${why}: entry ${entry} becomes the default.`,
      advice: `Remove the PV-only kernel's package in the guest later, or its next update makes it the default again: ${kernelPackage(guest)} is the one to keep.`,
    },
  ];
}

/** Old PV-GRUB cannot unpack every kernel (turnkeylinux/tracker#509): the newest one may never have run here. */
function warnNeverBooted(guest: GuestFacts, { kernel }: Pick<DefaultBoot, "kernel">): Advice[] {
  const last = guest.kernels.find(({ lastBooted }) => lastBooted);
  const isOlder = last !== undefined && compareVersions(last.version, kernel.version) < 0;
  if (kernel.lastBooted !== false || !isOlder) return [];
  return [
    {
      subject: `kernel ${kernel.version}`,
      found: `the guest's log says that it last booted ${last.version}: this newer one may never have run on it.`,
      advice:
        "The rehearsal shows whether it boots. To be sure of what runs on it, boot the source once before.",
    },
  ];
}

function newestFirst(kernels: KernelFacts[]): KernelFacts[] {
  return [...kernels].sort((one, other) => compareVersions(other.version, one.version));
}
