import type { Advice, Facts, Family, FileEdit } from "../../types";
import type { GuestDevices } from "../devices";
import { editIfThere } from "../edit";
import { chooseDefault } from "../kernel/chooseDefault";
import { menuTarget } from "../menu/menuTarget";
import type { Read } from "../planEdits";
import { cleanGrubDefaults } from "./grubDefaults";
import { warnArguments } from "./harmful";
import { editInstalledKernels } from "./installedKernels";
import type { RootPlan } from "./rootArgument";

/** Where GRUB 2's update-grub takes its command lines from. */
const GRUB_DEFAULTS = "/etc/default/grub";
/** Where kernel-install takes them from. */
const INSTALLED_KERNELS = "/etc/kernel/cmdline";

/**
 * Edits of command lines that the menu in force is not written from, and that serve a kernel that is installed later, or
 * GRUB 2 where somebody installs it.
 */
export function planCommandLines(
  facts: Facts,
  devices: GuestDevices,
  read: Read,
  plan: RootPlan,
): FileEdit[] {
  const target = menuTarget(facts, devices, read, plan);
  return [
    ...editIfThere(GRUB_DEFAULTS, read, cleanGrubDefaults),
    ...editIfThere(INSTALLED_KERNELS, read, (text) => editInstalledKernels(text, target)),
  ];
}

/** What the owner should know of the command line of the entry that boots. */
export function warnOfArguments({ guest }: Facts, families: Family[]): Advice[] {
  const { path, entries } = guest.bootFile;
  return warnArguments(path, entries[chooseDefault(guest, families).entry]?.arguments ?? []);
}
