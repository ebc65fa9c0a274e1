import type { Reasons } from "../edit";
import { appendWords } from "../commandLine/words";
import { hasRoot, nameDevices } from "../commandLine/devices";
import { splitKernel } from "./menuEntry";
import type { Command } from "./menuGrammar";
import type { MenuTarget } from "./menuTarget";

/** Why a menu's lines change: a sentence for each kind of change. */
export const MENU_WHY = {
  device: (device: string) => `(hd0) → ${device}: the filesystem lies on a partition now`,
  label: "uuid LABEL=… → the filesystem's UUID: GRUB 2 knows no label there",
  root: "root= by UUID: the disk is xvda1 on Xen types and nvme0n1p1 on Nitro types",
  missingRoot: "root= added: the entry names none",
  console: "console=tty1 console=ttyS0: HVM has no Xen console, and EC2's console output is ttyS0",
};

/** What edits of a menu go by. */
export interface MenuEdit {
  target: MenuTarget;
  reasons: Reasons;
}

/** Commands whose argument is, or begins with, a GRUB device. `chainloader (hd0)+1` means the whole disk and is not among them. */
const DEVICE_COMMANDS = [
  ...["root", "rootnoverify", "kernel", "initrd", "module", "modulenounzip", "configfile"],
  // Before the first entry: the pictures of Red Hat and Debian, and of SUSE.
  ...["splashimage", "gfxmenu"],
];

/** The GRUB device that a command names, and what stands before and after it; `undefined` if it names none. */
export function deviceIn({
  name,
  rest,
}: Command): { before: string; device: string; after: string } | undefined {
  if (!DEVICE_COMMANDS.includes(name)) return undefined;
  const before = name === "kernel" ? splitKernel(rest).options : "";
  const [, device, after] = /^(\([^)]*\))(.*)$/s.exec(rest.slice(before.length)) ?? [];
  return device === undefined ? undefined : { before, device, after };
}

/** PV-GRUB's name for the filesystem on a bare disk. For GRUB on the converted disk it is the disk, on which no file is to be found. */
export const WHOLE_DISK = "(hd0)";

/** `(hd0)` is the menu's partition from now on; `(hd0,N)` keeps its number, since partitions keep theirs. */
export function moveDevice(device: string, { target, reasons }: MenuEdit): string {
  return device === WHOLE_DISK ? reasons.note(device, target.device, MENU_WHY.device(target.device)) : device;
}

/** A command line, or a setting that becomes part of one, with a root that is found on every family. */
export function nameRoot(text: string, { target, reasons }: MenuEdit, entry?: number): string {
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
  return edited === commandLine || /[^ \t]/.test(commandLine) || /^[ \t]/.test(edited)
    ? edited
    : ` ${edited}`;
}
