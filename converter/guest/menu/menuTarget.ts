import type { Facts, KernelFacts } from "../../types";
import type { GuestDevices } from "../devices";
import { kernelParameters, type ParameterChange } from "./kernelParameters";
import { deviceOfPart } from "./menuGrammar";
import type { Read } from "../planEdits";
import { chooseDefault } from "../kernel/chooseDefault";
import { rootArgument, stableArgument, type RootPlan } from "./rootArgument";

/** What a menu, and whatever writes it, must say on the converted disk. */
export interface MenuTarget {
  /** GRUB legacy's name for the partition that the menu lies on: `(hd0,0)`. */
  device: string;
  /** The UUID of the filesystem with this label; of the menu's own where there is none. */
  uuidOfLabel(label: string): string | undefined;
  /** A device's name in an entry's command line; without an entry, in a setting that serves all of them. */
  nameDevice(device: string, word: "root" | "resume", entry?: number): string;
  /** What to name as the root where a command line names none. */
  missingRoot?: string;
  /** Other parameters of an entry's command line, or of a setting that serves all of them. */
  changes(entry?: number): ParameterChange[];
  /** The entry that boots, and why it is another one than the menu says. */
  defaultEntry: number;
  defaultWhy: string;
}

/** @param plan what a kernel without an initramfs is told its root by; by its families the default entry is chosen too */
export function menuTarget(facts: Facts, devices: GuestDevices, read: Read, plan: RootPlan): MenuTarget {
  const { guest, mounts } = facts;
  const { part, entries } = guest.bootFile;
  const menusFilesystem = mounts.find((mount) => mount.part === part && !mount.logicalVolume) ?? mounts[0];
  const { entry: defaultEntry, why: defaultWhy } = chooseDefault(guest, plan.options.for);
  const missingRoot = devices.stableRoot("");
  return {
    device: deviceOfPart(part),
    uuidOfLabel: (label) => devices.find(`LABEL=${label}`)?.uuid ?? menusFilesystem.filesystem.uuid,
    nameDevice: (device, word, entry) => {
      const kernel = entry === undefined ? undefined : kernelWithoutInitrd(facts, entry);
      if (!kernel || word === "resume") return stableArgument(devices, device, word);
      return rootArgument(kernel, mounts[0].part, plan) ?? device;
    },
    ...(missingRoot === "" ? {} : { missingRoot }),
    changes: (entry) =>
      kernelParameters(
        facts,
        read,
        entry === undefined ? undefined : kernelOf(facts, entries[entry]?.kernel),
      ),
    ...{ defaultEntry, defaultWhy },
  };
}

function kernelWithoutInitrd(facts: Facts, entry: number): KernelFacts | undefined {
  const { kernel, initrd } = facts.guest.bootFile.entries[entry] ?? {};
  return initrd === undefined ? kernelOf(facts, kernel) : undefined;
}

function kernelOf({ guest }: Facts, path: string | undefined): KernelFacts | undefined {
  return guest.kernels.find((kernel) => kernel.path === path);
}
