import type { Facts, KernelFacts } from "../../types";
import type { GuestDevices } from "../devices";
import { kernelParameters } from "../commandLine/parameters";
import { type ParameterChange } from "../commandLine/changes";
import { deviceOfPart } from "./menuGrammar";
import type { Read } from "../planEdits";
import { otherSystemByName } from "../kernel/whatFileIs";
import { chooseDefault } from "../kernel/chooseDefault";
import { rootArgument, stableArgument, type RootPlan } from "../commandLine/rootArgument";

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
  /** Whether `kernel` starts Linux: an entry's by what its file is, any other by the file's name. */
  startsLinux(file: string, entry?: number): boolean;
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
  const kernels = new Map(guest.kernels.map((kernel) => [kernel.path, kernel]));
  const kernelOf = (entry?: number) =>
    kernels.get((entry === undefined ? undefined : entries[entry]?.kernel) ?? "");
  // Entries by the hundred start the same few kernels.
  const changes = new Map<KernelFacts | undefined, ParameterChange[]>();
  const changesFor = (kernel?: KernelFacts) => {
    const known = changes.get(kernel) ?? kernelParameters(facts, read, kernel);
    changes.set(kernel, known);
    return known;
  };
  return {
    device: deviceOfPart(part),
    uuidOfLabel: (label) => devices.find(`LABEL=${label}`)?.uuid ?? menusFilesystem.filesystem.uuid,
    nameDevice: (device, word, entry) => {
      const isWithoutInitrd = entry !== undefined && entries[entry]?.initrd === undefined;
      const kernel = isWithoutInitrd ? kernelOf(entry) : undefined;
      if (!kernel || word === "resume") return stableArgument(devices, device, word);
      return rootArgument(kernel, mounts[0].part, plan) ?? device;
    },
    ...(missingRoot === "" ? {} : { missingRoot }),
    startsLinux: (file, entry) => {
      const known = entry === undefined ? undefined : entries[entry];
      return (known ? known.otherSystem : otherSystemByName(file)) === undefined;
    },
    changes: (entry) => changesFor(kernelOf(entry)),
    ...{ defaultEntry, defaultWhy },
  };
}
