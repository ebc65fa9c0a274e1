import type { Facts, FileEdit } from "../../types";
import type { GuestDevices } from "../devices";
import { editIfThere, fileEdit, type Edited } from "../edit";
import { editGrubDefaults, reachesMenu } from "../commandLine/grubDefaults";
import { editGrubScript, writesLegacyMenu } from "../commandLine/grubScript";
import { readAsGrub2 } from "./grub2Reading";
import { firstChoice, parseMenu } from "./menu";
import { GRUB_DEFAULTS, MENU_SCRIPT } from "./menuFiles";
import { editMenuLst } from "./menuLst";
import { editBootloaderDefaults } from "../commandLine/bootloaderDefaults";
import { editDefaultKernel, editDeviceMap } from "./menuSources";
import { menuTarget, type MenuTarget } from "./menuTarget";
import type { Read } from "../planEdits";
import type { RootPlan } from "../commandLine/rootArgument";
import { editUcfRecord, UCF_RECORD } from "./ucfRecord";

/**
 * Edits of the menu in force and of everything that writes it anew, so that the next kernel update does not bring back
 * what was changed.
 * @param plan what a kernel without an initramfs is told its root by (`rootArgument`); by its families the default entry is chosen too
 */
export function planMenu(facts: Facts, devices: GuestDevices, read: Read, plan: RootPlan): FileEdit[] {
  const target = menuTarget(facts, devices, read, plan);
  const edit = (path: string, change: (text: string) => Edited) => editIfThere(path, read, change);
  return [
    ...planMenuFile(facts, target, read),
    ...planMenuScript(facts, target, read),
    ...edit("/etc/sysconfig/bootloader", (text) => editBootloaderDefaults(text, target)),
    ...(bootsXenPackage(facts) ? [] : edit("/etc/sysconfig/kernel", editDefaultKernel)),
    ...(facts.source.table === "none" ? edit("/boot/grub/device.map", editDeviceMap) : []),
  ];
}

/** The menu in force, ucf's record of it, and menus beside it that grubby or update-grub would go on from. */
function planMenuFile({ guest }: Facts, target: MenuTarget, read: Read): FileEdit[] {
  const { resolvedPath, twins = [] } = guest.bootFile;
  const before = read(resolvedPath);
  if (before === undefined) return [];
  const after = editMenuLst(before, target);
  const menu = fileEdit(resolvedPath, before, after);
  return [
    ...(menu ? [menu] : []),
    ...editIfThere(UCF_RECORD, read, (record) => editUcfRecord(record, before, after.text)),
    ...twins.flatMap((twin) =>
      editIfThere(twin, read, (text) => editMenuLst(text, targetOfTwin(target, text))),
    ),
  ];
}

/** Another menu has entries of its own: only what is right for all of them is said in it, and its default stays. */
function targetOfTwin(target: MenuTarget, text: string): MenuTarget {
  return {
    ...target,
    nameDevice: (device, word) => target.nameDevice(device, word),
    startsLinux: (file) => target.startsLinux(file),
    changes: () => target.changes(),
    defaultEntry: firstChoice(parseMenu(text), 0),
    defaultWhy: "as it is now",
  };
}

/** Where update-grub writes the menu from a script of the image's builder (Debian 6 and 7), that script has to agree. */
function planMenuScript({ guest }: Facts, target: MenuTarget, read: Read): FileEdit[] {
  const script = read(MENU_SCRIPT);
  if (script === undefined || !writesLegacyMenu(script)) return [];
  const reaches = reachesMenu(read(GRUB_DEFAULTS) ?? "", guest.bootFile.entries);
  const menu = read(guest.bootFile.resolvedPath) ?? "";
  const changesDefault = readAsGrub2(menu).default !== target.defaultEntry;
  return [
    ...editIfThere(MENU_SCRIPT, read, (text) => editGrubScript(text, target, reaches)),
    ...editIfThere(GRUB_DEFAULTS, read, (text) => editGrubDefaults(text, target, changesDefault)),
  ];
}

function bootsXenPackage({ guest }: Facts): boolean {
  return guest.kernels.every(({ bootsHvm }) => !bootsHvm);
}

export { warnOfMenu } from "./warnMenu";
