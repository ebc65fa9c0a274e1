import type { Reasons } from "../edit";
import { appendWords, hasRoot, nameDevices } from "./kernelArguments";
import type { MenuTarget } from "./menuTarget";

/** Why a menu's lines change: a sentence for each kind of change. */
export const MENU_WHY = {
  device: (device: string) => `(hd0) → ${device}: the filesystem lies on a partition now`,
  label: "uuid LABEL=… → the filesystem's UUID: GRUB 2 knows no label there",
  root: "root= by UUID: the disk is xvda1 on Xen types and nvme0n1p1 on Nitro types",
  missingRoot: "root= added: the entry names none",
  console: "console=tty1 console=ttyS0: HVM has no Xen console, and EC2's console output is ttyS0",
  lock: "lock is left out: without a password it asks for nothing, and GRUB 2 would not read the entry",
  continued: "a continued line made whole: GRUB 2 takes its second half for a command",
};

/** Where in the menu a line stands. */
export interface Line {
  target: MenuTarget;
  reasons: Reasons;
  /** The names of the settings that the menu has in comments. */
  settings: Set<string>;
  /** Index of the entry that it belongs to; -1 before the first one. */
  entry: number;
}

/** `(hd0)` is the menu's partition from now on; `(hd0,N)` keeps its number, since partitions keep theirs. */
export function moveDevice(value: string, { target, reasons }: Pick<Line, "target" | "reasons">): string {
  return reasons.note(value, value.replaceAll("(hd0)", target.device), MENU_WHY.device(target.device));
}

/** A command line, or a setting that becomes part of one, with a root that is found on every family. */
export function nameRoot(
  text: string,
  { target, reasons }: Pick<Line, "target" | "reasons">,
  entry?: number,
): string {
  const named = nameDevices(text, (device, word) => target.nameDevice(device, word, entry));
  const rooted = reasons.note(text, named, MENU_WHY.root);
  if (hasRoot(rooted) || target.missingRoot === undefined) return rooted;
  const missing = target.nameDevice(target.missingRoot, "root", entry);
  return reasons.note(
    rooted,
    afterFile(rooted, (line) => appendWords(line, [`root=${missing}`])),
    MENU_WHY.missingRoot,
  );
}

/** The edit, with a space before what it adds to an empty command line: `kernel FILE` has none to follow. */
export function afterFile(commandLine: string, edit: (text: string) => string): string {
  const edited = edit(commandLine);
  return edited === commandLine || commandLine.trim() !== "" || /^\s/.test(edited) ? edited : ` ${edited}`;
}
