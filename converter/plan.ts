import { refuseForGrub } from "./boot/grubFilesystems";
import { planLayout, refuseBootOnLogicalVolume, refuseLayout, warnOfLayout } from "./disk/table/layout";
import { editFstab } from "./guest/configuration/fstab";
import { optionalWord } from "./guest/configuration/optionalMounts";
import { fstabDevice } from "./guest/decideMounts";
import { parseFstab } from "./guest/configuration/fstabLines";
import { GuestDevices } from "./guest/devices";
import { type DriverPlan, planDrivers } from "./guest/kernel/planDrivers";
import { refuseKernel, warnNewerKernels } from "./guest/kernel/planKernel";
import { planEdits, warnOfFiles, type Read } from "./guest/planEdits";
import { type DefaultBoot, defaultBoot } from "./guest/kernel/chooseDefault";
import { refuseRoot, type RootPlan } from "./guest/commandLine/rootArgument";
import { refuseStores } from "./guest/refuseStores";
import { refuseSharedUuids, warnNamesakes } from "./guest/sharedUuids";
import { refusePrograms } from "./guest/vsyscall";
import { refuseFullRoot, refuseFullTemporary } from "./guest/rootSpace";
import { planCopy } from "./planCopy";
import type { Advice, DestinationPlan, Facts, GuestFacts, MountFacts, Options, Plan } from "./types";

export interface PlanInput {
  facts: Facts;
  /** A file of the guest as text, by its absolute path inside; `undefined` if there is none. */
  read: Read;
  /** Where a path of the guest leads by its links; without it, to itself. */
  resolve?: (path: string) => string;
  options: Options;
}

/** Decides everything about a conversion, and does nothing. With refusals in it, nothing may be written. */
export function planConversion({ facts, read, resolve = String, options }: PlanInput): Plan {
  const { guest, source, mounts } = facts;
  const named = namesIn(facts, read);
  const devices = new GuestDevices(source, mounts, named.root, named.all);
  const boot = defaultBoot(guest, options.for);
  const root = { ...mounts[0], name: rootNameOf(guest, devices, read) };
  const drivers = planDrivers(guest, boot.kernel, options, root);
  const size = facts.destination?.sizeBytes;
  const destination = planLayout(source, mounts[0], options, size);
  const edits = planEdits(facts, drivers.drivers, devices, read, { options, destination });
  return {
    format: 1,
    options,
    refusals: [
      ...refuseBoot(facts, boot, drivers, { options, destination }),
      ...refuseBootOnLogicalVolume(mounts),
      ...refuseForGrub(mounts, guest.bootFile),
      ...refuseSharedUuids(devices.volumes, mounts),
      ...refuseLayout(source, mounts[0], options, destination, size),
      ...refuseFullRoot(guest, options, edits),
      ...refuseStores(edits, resolve),
      ...refuseFullTemporary(guest, options, drivers.initramfs),
    ],
    warnings: [
      ...warnNewerKernels(guest, boot, options.for),
      ...drivers.warnings,
      ...warnOfLayout(source, mounts[0], options, destination),
      ...warnNamesakes(devices, named.root, named.all),
      ...warnOfFiles(facts, devices, read, options.for),
    ],
    destination,
    copy: planCopy(facts, destination),
    boot: { ...planMenuPlace(facts, destination), ...planBoot(boot) },
    edits,
    initramfs: drivers.initramfs,
    verdicts: drivers.verdicts,
  };
}

/** What a PV-only kernel lacks besides is of no interest: another one has to take its place. */
function refuseBoot(facts: Facts, boot: DefaultBoot, drivers: DriverPlan, plan: RootPlan): Advice[] {
  const { guest, helper } = facts;
  const pvOnly = refuseKernel(guest, boot, plan.options.for);
  if (pvOnly.length > 0) return pvOnly;
  return [
    ...refuseRoot(facts, boot, plan),
    ...drivers.refusals,
    ...refusePrograms(guest, helper, drivers.initramfs),
  ];
}

/** The guest's names for its root, as its menu and its fstab have them, and all that its fstab names. */
function namesIn({ guest }: Facts, read: Read): { root: string[]; all: string[] } {
  const { entries, defaultEntry } = guest.bootFile;
  const named = [entries[defaultEntry], ...entries].flatMap((entry) =>
    entry.arguments.flatMap((one) => (one.startsWith("root=") ? [one.slice("root=".length)] : [])),
  );
  const mounts = parseFstab(read("/etc/fstab") ?? "");
  const inFstab = mounts.filter(({ point }) => point === "/").map(({ device }) => device);
  return { root: [...named, ...inFstab.slice(0, 1)], all: mounts.map(({ device }) => device) };
}

/** What fstab calls the root when it was edited: generators that are told the root get that name. */
function rootNameOf(guest: GuestFacts, devices: GuestDevices, read: Read): string | undefined {
  const { text } = editFstab(read("/etc/fstab") ?? "", { devices, optional: optionalWord(guest) });
  return fstabDevice(text, "/");
}

/** Where GRUB finds the menu: a filesystem of its own where `/boot` is one. */
function planMenuPlace(
  { guest, mounts }: Facts,
  { partitions }: DestinationPlan,
): Pick<Plan["boot"], "menuFile" | "device" | "filesystemUuid"> {
  const { part, prefix, resolvedPath } = guest.bootFile;
  const onPart = (mount: MountFacts) => mount.part === part && mount.logicalVolume === undefined;
  const partition = partitions.find(({ from }) => from === part);
  return {
    menuFile: resolvedPath.slice(prefix.length),
    // GRUB legacy counts partitions from 0.
    device: `(hd0,${(partition?.number ?? 1) - 1})`,
    filesystemUuid: (mounts.find(onPart) ?? mounts[0]).filesystem.uuid,
  };
}

function planBoot({
  kernel,
  why,
}: ReturnType<typeof defaultBoot>): Pick<Plan["boot"], "kernel" | "initrd" | "why"> {
  return {
    kernel: kernel.path,
    ...(kernel.initrd === undefined ? {} : { initrd: kernel.initrd }),
    why,
  };
}
