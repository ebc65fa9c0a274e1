import type { Advice, Family, GuestFacts, KernelFacts, Verdict } from "../types";
import type { Driver } from "./drivers";

/** What a kernel must have on each family: the root disk's driver before the root is mounted, the network's at all. */
export const FAMILY_DRIVERS: Record<Family, { disk: Driver; network: Driver }> = {
  xen: { disk: "xen-blkfront", network: "xen-netfront" },
  nitro: { disk: "nvme", network: "ena" },
};

/** By update-initramfs alone so far: the other generators take their drivers from files that are not edited yet. */
export function canRebuild(guest: GuestFacts, kernel: KernelFacts): boolean {
  return kernel.initrd !== undefined && guest.initramfsTool === "update-initramfs";
}

/** Why the kernel will not boot on the family, or have no network there; empty where it will. */
export function judgeFamily(guest: GuestFacts, kernel: KernelFacts, family: Family): Advice[] {
  const { disk, network } = FAMILY_DRIVERS[family];
  const reasons: Advice[] = [];
  if (!kernel.earlyDrivers.includes(disk)) reasons.push(...judgeDisk(guest, kernel, family, disk));
  if (!kernel.availableDrivers.includes(network)) {
    const found = `no ${network} driver, built in or as a module: on ${family} types it would have no network.`;
    reasons.push({
      subject: `kernel ${kernel.version}`,
      found,
      advice: `Install a kernel with ${network} in the source, or ${without(family)}.`,
    });
  }
  if (family === "nitro" && guest.architecture === "i386") {
    const found = "it is a 32-bit (i386) kernel, and Nitro types start x86_64 images alone.";
    reasons.push({ subject: `kernel ${kernel.version}`, found, advice: `To go on, ${without("nitro")}.` });
  }
  return reasons;
}

function judgeDisk(guest: GuestFacts, kernel: KernelFacts, family: Family, disk: Driver): Advice[] {
  const subject = `kernel ${kernel.version}`;
  if (!kernel.availableDrivers.includes(disk)) {
    const found = `no ${disk} driver, built in or as a module: on ${family} types it would not find its root.`;
    return [
      { subject, found, advice: `Install a kernel with ${disk} in the source, or ${without(family)}.` },
    ];
  }
  if (canRebuild(guest, kernel)) return [];
  if (kernel.initrd === undefined) {
    const found = `${disk} is a module, and the menu names no initrd that could bring it before the root is mounted.`;
    return [
      { subject, found, advice: `Give the entry an initrd with ${disk} in the source, or build ${disk} in.` },
    ];
  }
  const problem = kernel.initrdProblem ? ` (it could not be read: ${kernel.initrdProblem})` : "";
  const found = `${kernel.initrd} lacks ${disk}${problem}, and ${toolFound(guest)}.`;
  return [{ subject, found, advice: `Rebuild it with ${disk} in the source, or ${without(family)}.` }];
}

function toolFound({ initramfsTool }: GuestFacts): string {
  return initramfsTool === undefined
    ? "the guest has no program that builds one"
    : `this version rebuilds with update-initramfs alone, not with the guest's ${initramfsTool}`;
}

function without(family: Family): string {
  return `leave ${family} out (--for ${family === "nitro" ? "xen" : "nitro"}; with Pulumi, guest.families)`;
}

/** Whether the kernel boots on the family, in a sentence. */
export function verdict(guest: GuestFacts, kernel: KernelFacts, family: Family): Verdict {
  const reasons = judgeFamily(guest, kernel, family);
  if (reasons.length > 0) return { family, boots: false, why: reasons.map(({ found }) => found).join(" ") };
  const { disk, network } = FAMILY_DRIVERS[family];
  const how = kernel.earlyDrivers.includes(disk)
    ? `${disk} is there early`
    : `${disk} comes with the rebuilt initramfs`;
  return {
    family,
    boots: kernel.bootsHvm,
    why: kernel.bootsHvm ? `${how}, and ${network} is there.` : `the kernel is PV only (${kernel.evidence}).`,
  };
}
