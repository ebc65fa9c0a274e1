import type { Advice, Family, GuestFacts, KernelFacts } from "../../types";
import { chooseDefault, type DefaultBoot } from "./chooseDefault";
import { kernelPackage } from "./kernelPackage";
import { compareVersions } from "./kernelVersion";

/** Why the kernel that boots cannot do so as HVM, with the way out: another installed one, or the package that brings one. */
export function refuseKernel(
  guest: GuestFacts,
  { kernel }: Pick<DefaultBoot, "kernel">,
  families: Family[],
): Advice[] {
  if (kernel.bootsHvm) return [];
  const found = `it is a PV-only kernel and cannot boot as HVM (${kernel.evidence}).`;
  return [{ subject: `kernel ${kernel.version}`, found, advice: wayOut(guest, families) }];
}

function wayOut(guest: GuestFacts, families: Family[]): string {
  const other = newestFirst(guest.kernels).find(({ bootsHvm }) => bootsHvm);
  if (!other)
    return `Only Xen PV kernels are installed in this guest. Install ${kernelPackage(guest, families)} in the source, with an entry in ${guest.bootFile.path}.`;
  return `${other.path} is installed and boots as HVM: add an entry for it to ${guest.bootFile.path} in the source.`;
}

/**
 * What the user should know of the guest's other kernels.
 *
 * @param families what the guest is to boot on
 */
export function warnNewerKernels(
  guest: GuestFacts,
  boot: Pick<DefaultBoot, "kernel">,
  families: Family[],
): Advice[] {
  return [...warnUnlisted(guest, boot), ...warnChanged(guest, families), ...warnNeverBooted(guest, boot)];
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

function warnChanged(guest: GuestFacts, families: Family[]): Advice[] {
  const { entry, why, insteadOf } = chooseDefault(guest, families);
  if (!insteadOf) return [];
  const found = `${why}: entry ${entry} becomes the default.`;
  return [{ subject: guest.bootFile.path, found, advice: adviceOnOldDefault(guest, insteadOf, families) }];
}

/** A PV-only kernel has a package of its own, with updates of its own; one that is merely old is followed by newer ones. */
function adviceOnOldDefault(
  guest: GuestFacts,
  { bootsHvm, version }: KernelFacts,
  families: Family[],
): string {
  return bootsHvm
    ? `The entry of ${version} stays in the menu: remove that kernel's package in the guest later.`
    : `Remove the PV-only kernel's package in the guest later, or its next update makes it the default again: ${kernelPackage(guest, families)} is the one to keep.`;
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
