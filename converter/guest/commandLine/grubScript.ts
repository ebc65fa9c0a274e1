/** `/etc/grub.d/40_custom` of Debian 6 and 7: the script by which update-grub writes a menu of GRUB legacy. */
import type { Edited } from "../edit";
import type { MenuTarget } from "../menu/menuTarget";
import { editLines } from "./assignments";
import { changeParameters, removals } from "./changes";
import { serialConsole, withoutPvConsole } from "./consoles";
import { nameDevices } from "./devices";

const WHY = {
  device: (device: string) => `(hd0) → ${device}: update-grub writes the menu from here`,
  root: "the root by UUID: update-grub writes the menu from here",
  console: "console=tty1 console=ttyS0: update-grub writes the menu from here",
};

/** Whether `/etc/grub.d/40_custom` writes a menu of GRUB legacy, as the builders of Debian 6 and 7 images made it do. */
export function writesLegacyMenu(text: string): boolean {
  return /^\s*(?:(?:echo|printf)\s+["'])?title\s/m.test(text);
}

/**
 * The script has the device and `(hd0)` written out, and would bring both back. Shell variables stay.
 * @param defaultsReach whether `/etc/default/grub` serves its command lines; where not, the script's own kernel lines get
 *   their console and parameters here
 */
export function editGrubScript(text: string, target: MenuTarget, defaultsReach = false): Edited {
  return editLines(text, (line, reasons) => {
    if (/^\s*#/.test(line)) return line;
    const moved = reasons.note(line, line.replaceAll("(hd0)", target.device), WHY.device(target.device));
    const rooted = reasons.note(moved, grubDevice(nameRoots(moved, target), target), WHY.root);
    const isWhole = isKernelLine(rooted) && !defaultsReach;
    const consoled = (isWhole ? serialConsole : withoutPvConsole)(rooted, "shell");
    const changes = isWhole ? target.changes() : removals(target.changes());
    return changeParameters(reasons.note(rooted, consoled, WHY.console), changes, reasons, "shell");
  });
}

/** A line of the script that becomes an entry's `kernel` line: its file is in it, or a variable. */
function isKernelLine(line: string): boolean {
  return /^\s*kernel\s+\S/.test(line);
}

/** Devices written out in the script; those in its variables stay, and so does printf's `%s`. */
function nameRoots(line: string, target: MenuTarget): string {
  const name = (device: string, word: "root" | "resume") =>
    /[$`%]/.test(device) ? device : target.nameDevice(device, word);
  return nameDevices(line, name, "shell");
}

/** `GRUB_DEVICE=/dev/xvda`, quoted or not. */
function grubDevice(line: string, target: MenuTarget): string {
  return line.replace(
    /^(\s*(?:export\s+)?GRUB_DEVICE=["']?)([^\s"'$`]+)/,
    (_, start: string, device: string) => start + target.nameDevice(device, "root"),
  );
}
