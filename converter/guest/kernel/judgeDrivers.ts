import type { Advice, Family, GuestFacts, KernelFacts, MountFacts, Verdict } from "../../types";
import type { Driver } from "./drivers";
import { GENERATORS } from "../initramfs/generators";

/** What a kernel must have on each family: the root disk's driver before the root is mounted, the network's at all. */
export const FAMILY_DRIVERS: Record<Family, { disk: Driver; network: Driver }> = {
  xen: { disk: "xen-blkfront", network: "xen-netfront" },
  nitro: { disk: "nvme", network: "ena" },
};

/** Drivers of the families that the kernel has in no form: no rebuilt initramfs brings them, only another kernel. */
export function lackedDrivers(
  { availableDrivers }: Pick<KernelFacts, "availableDrivers">,
  families: Family[],
): Driver[] {
  const needed = families.flatMap((family) => Object.values(FAMILY_DRIVERS[family]));
  return needed.filter((driver) => !availableDrivers.includes(driver));
}

/** The root, as far as a generator has to know. Absent: not LVM, and nothing known of the rest. */
export type Root =
  | (Pick<MountFacts, "logicalVolume"> &
      Partial<Pick<MountFacts, "filesystem">> & {
        /** What the guest's fstab calls it once it is edited. Absent: it has no line for `/`. */
        name?: string;
      })
  | undefined;

/** Whether the guest has the means to make the kernel's initramfs anew, here, without its own devices. */
export function canRebuild(guest: GuestFacts, kernel: KernelFacts, root: Root): boolean {
  return kernel.initrd !== undefined && whyNotRebuilt(guest, kernel, root) === undefined;
}

/** Why an initramfs cannot be rebuilt, as a clause; `undefined` if it can. */
function whyNotRebuilt(guest: GuestFacts, kernel: KernelFacts, root: Root): string | undefined {
  const { initramfsTool } = guest;
  if (initramfsTool === undefined)
    return "the guest has no program that builds one (dracut, mkinitrd, update-initramfs, mkinitcpio)";
  if (kernel.moduleFolder?.there === false)
    return `there is no ${kernel.moduleFolder.path} to take modules from`;
  const { program, findsLvm, whyNot } = GENERATORS[initramfsTool];
  if (root?.logicalVolume !== undefined && !findsLvm)
    return `the guest's ${program} finds the volume group of ${root.logicalVolume} only on the running machine`;
  return whyNot?.({ knows: guest.initramfsToolKnows ?? [], rootName: root?.name });
}

/** Why the kernel will not boot on the family, or have no network there; empty if it will. */
export function judgeFamily(guest: GuestFacts, kernel: KernelFacts, family: Family, root?: Root): Advice[] {
  const { disk, network } = FAMILY_DRIVERS[family];
  const reasons: Advice[] = [];
  if (!kernel.earlyDrivers.includes(disk)) reasons.push(...judgeDisk(guest, kernel, family, root));
  if (!kernel.availableDrivers.includes(network)) {
    const found = `no ${network} driver, built in or as a module${withoutFolder(kernel)}: on ${family} types it would have no network.`;
    reasons.push({
      subject: `kernel ${kernel.version}`,
      found,
      advice: `Install a kernel with ${network} in the source${driverHint(network)}, or ${without(family)}.`,
    });
  }
  if (family === "nitro" && guest.architecture === "i386") {
    const found = "it is a 32-bit (i386) kernel, and Nitro types start x86_64 images alone.";
    reasons.push({ subject: `kernel ${kernel.version}`, found, advice: `To go on, ${without("nitro")}.` });
  }
  return reasons;
}

function judgeDisk(guest: GuestFacts, kernel: KernelFacts, family: Family, root: Root): Advice[] {
  const subject = `kernel ${kernel.version}`;
  const { disk } = FAMILY_DRIVERS[family];
  if (!kernel.availableDrivers.includes(disk)) {
    const found = `no ${disk} driver, built in or as a module${withoutFolder(kernel)}: on ${family} types it would not find its root.`;
    return [
      { subject, found, advice: `Install a kernel with ${disk} in the source, or ${without(family)}.` },
    ];
  }
  const why = whyNotRebuilt(guest, kernel, root);
  if (kernel.initrd === undefined) {
    const found = `${disk} is a module, and the menu names no initrd that could bring it before the root is mounted.`;
    return [
      { subject, found, advice: `Give the entry an initrd with ${disk} in the source, or build ${disk} in.` },
    ];
  }
  if (why === undefined) return [];
  const problem = kernel.initrdProblem ? ` (it could not be read: ${kernel.initrdProblem})` : "";
  const found = `${kernel.initrd} lacks ${disk}${problem}, and ${why}.`;
  return [{ subject, found, advice: `Rebuild it with ${disk} in the source, or ${without(family)}.` }];
}

/** Most often the kernel came from outside the image, or was copied without its modules. */
function withoutFolder({ moduleFolder }: KernelFacts): string {
  return moduleFolder?.there === false ? ` (there is no ${moduleFolder.path})` : "";
}

/** Old kernels get the driver from Amazon's own sources. */
function driverHint(network: Driver): string {
  return network === "ena" ? " (or the driver's own package: amzn-drivers, by DKMS)" : "";
}

function without(family: Family): string {
  return `leave ${family} out (--for ${family === "nitro" ? "xen" : "nitro"}; with Pulumi, guest.families)`;
}

/** Whether the kernel boots on the family, in a sentence. */
export function verdict(guest: GuestFacts, kernel: KernelFacts, family: Family, root?: Root): Verdict {
  if (!kernel.bootsHvm) return { family, boots: false, why: `the kernel is PV only (${kernel.evidence}).` };
  const reasons = judgeFamily(guest, kernel, family, root);
  if (reasons.length > 0) return { family, boots: false, why: reasons.map(({ found }) => found).join(" ") };
  const { disk, network } = FAMILY_DRIVERS[family];
  const how = kernel.earlyDrivers.includes(disk)
    ? `${disk} is there early`
    : `${disk} comes with the rebuilt initramfs`;
  return {
    family,
    boots: true,
    why: `${how}, and ${network} is there.${describeFastCard(kernel, family)}`,
  };
}

function describeFastCard({ availableDrivers }: KernelFacts, family: Family): string {
  if (family !== "xen") return "";
  return availableDrivers.includes("ixgbevf")
    ? " Enhanced networking: ixgbevf is there."
    : " Enhanced networking: it lacks ixgbevf.";
}

/** The network card of each family's larger types: on Xen ones a choice of the image's, on Nitro ones the only card. */
const FAST_CARDS = { xen: "ixgbevf", nitro: "ena" } as const satisfies Record<Family, Driver>;

/** Which of the kernels that may boot have no driver for the family's fast network card. */
export function judgeEnhancedNetworking(
  kernels: KernelFacts[],
  family: Family,
): NonNullable<Verdict["enhancedNetworking"]> {
  const driver = FAST_CARDS[family];
  const lacking = kernels.filter(({ availableDrivers }) => !availableDrivers.includes(driver));
  return { driver, lackedBy: lacking.map(({ version }) => version) };
}
