import type { BootEntryFacts, Facts, GuestFacts, KernelFacts } from "../../types";
import { parseFstab } from "../configuration/fstabLines";
import type { Read } from "../planEdits";
import { type ParameterChange, WITHOUT_QUOTES } from "./changes";
import { PV_ONLY } from "./pvOnly";
import { argumentOf } from "./words";

/**
 * What a kernel's command line must say on the converted disk, and must not, besides `root=` and the consoles.
 *
 * @param kernel the one that the line starts; left out for a setting that serves all of them (`# kopt=`,
 *   `GRUB_CMDLINE_LINUX`): then only what is right for every kernel that boots
 */
export function kernelParameters(facts: Facts, read: Read, kernel?: KernelFacts): ParameterChange[] {
  const kernels = kernel ? [kernel] : facts.guest.kernels.filter(({ bootsHvm }) => bootsHvm);
  return [
    WITHOUT_QUOTES,
    ...PV_ONLY,
    ...interfaceNames(facts),
    ...nvmeTimeout(kernels),
    ...waitForRoot(kernels),
    ...diskLetters(facts, kernels, read),
  ];
}

/** Old names for network cards: what a guest with `eth0` in its configuration needs from systemd 197 on (CentOS 7 on Nitro: `ens5`). */
function interfaceNames({ guest }: Facts): ParameterChange[] {
  if (!guest.predictableNames || guest.networkByName.length === 0) return [];
  const why = `net.ifnames=0 biosdevname=0: ${guest.networkByName[0]} names the card eth0, which Nitro types would have as ens5`;
  return ["net.ifnames=0", "biosdevname=0"].map((add) => ({ add, why }));
}

/** EBS answers late at times, and after the driver's 30 s the root would be read-only: its maker asks for the longest. */
function nvmeTimeout(kernels: KernelFacts[]): ParameterChange[] {
  const limits = kernels.flatMap((kernel) => kernel.nvmeTimeout ?? []);
  const names = [...new Set(limits.map(({ parameter }) => parameter))];
  return names.map((name) => {
    // One byte before Linux 4.15: a larger value, and the module refuses to load at all.
    const most = Math.min(...limits.filter(({ parameter }) => parameter === name).map(({ max }) => max));
    const why = `${name}=${most}: an EBS volume that answers late must not turn the root read-only, as it does after 30 s on Nitro types`;
    return { add: `${name}=${most}`, why };
  });
}

/** An initramfs waits for its root by itself; a kernel without one looks once, and NVMe disks come up in the background. */
function waitForRoot(kernels: KernelFacts[]): ParameterChange[] {
  if (kernels.length === 0 || kernels.some(({ initrd }) => initrd !== undefined)) return [];
  const why =
    "rootwait: without an initramfs the kernel looks for its root once, before a disk of Nitro types is there";
  return [{ add: "rootwait", why }];
}

const SDA_IS_XVDA = "xen_blkfront.sda_is_xvda";

/**
 * Red Hat 6's blkfront moves the letters of sd disks four on (sda is xvde) unless it is told not to. A guest that calls its
 * root xvda is told so from now on, whatever the image's root device is registered as; one that names further disks by
 * letters keeps what it has, since they would move (jtriley/StarCluster#257). Later kernels stop booting with it.
 */
function diskLetters({ guest }: Facts, kernels: KernelFacts[], read: Read): ParameterChange[] {
  if (kernels.length === 0) return [];
  if (!kernels.every(({ version }) => /^2\.6\.32-.*\.el6/.test(version))) {
    const why = `${SDA_IS_XVDA} goes: kernels after Red Hat 6's do not boot with it`;
    return kernels.some(({ version }) => /^2\./.test(version)) ? [] : [{ remove: SDA_IS_XVDA, why }];
  }
  if (!guest.bootFile.entries.some(isTold) && !isSafeToTell(guest, read)) return [];
  const why = `${SDA_IS_XVDA}=1: the guest knows its disk as xvda, which Red Hat 6 may call xvde`;
  return [{ add: `${SDA_IS_XVDA}=1`, why }];
}

/** What one entry says holds for the others: grubby copies it to the next kernel's. */
function isTold({ arguments: words }: BootEntryFacts): boolean {
  return words.includes(`${SDA_IS_XVDA}=1`);
}

function isSafeToTell({ bootFile }: GuestFacts, read: Read): boolean {
  const inFstab = parseFstab(read("/etc/fstab") ?? "").map(({ device }) => device);
  const inMenu = bootFile.entries.flatMap((entry) =>
    entry.arguments.map(argumentOf).flatMap(({ name, value }) => (name === "root" ? (value ?? []) : [])),
  );
  const isRoot = [...inFstab, ...inMenu].some((name) => /^\/dev\/xvda\d*$/.test(name));
  return isRoot && !inFstab.some((device) => /^\/dev\/(?:sd|xvd)[b-z]/.test(device));
}
