import { isLinuxFile } from "./bootFile";
import { Reasons, splitLineEnd, splitLines, type Edited } from "./edit";
import { oldInterfaceNames, rootByUuid, serialConsole, withoutPvConsole } from "./kernelArguments";
import type { RootIdentity } from "./rootDevice";

/** What a menu must say on the converted disk. */
export interface MenuTarget extends RootIdentity {
  /** The guest configures eth0 by name, and its udev would name it otherwise. */
  oldInterfaceNames: boolean;
  /** The entry in `/boot/grub/default`: GRUB 2 does not read that file. 0 where there is none. */
  savedEntry: number;
}

/** The filesystem is the first partition of the converted disk; GRUB legacy counts from 0. */
const DEVICE = "(hd0,0)";

const WHY = {
  device: `(hd0) → ${DEVICE}: the filesystem is now the first partition`,
  label: "uuid LABEL=… → the filesystem's UUID: GRUB 2 knows no label there",
  root: "root= by UUID: the disk is xvda1 on Xen types and nvme0n1p1 on Nitro types",
  console: "console=tty1 console=ttyS0: HVM has no Xen console, and EC2's console output is ttyS0",
  network: "net.ifnames=0 biosdevname=0: eth0 is configured by name",
  saved: "default saved → its number: GRUB 2 does not read /boot/grub/default",
};

/**
 * A menu of GRUB legacy for the converted disk: its commands, and the settings in Debian's and Ubuntu's comments
 * (`# groot=`, `# kopt=`, `# defoptions=` …) from which update-grub and update-menu-lst write it anew. Everything else,
 * tabs and line ends included, stays byte for byte.
 */
export function editMenuLst(text: string, target: MenuTarget): Edited {
  const reasons = new Reasons();
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    return (editSetting(body, target, reasons) ?? editCommand(body, target, reasons)) + lineEnd;
  });
  return { text: lines.join(""), why: reasons.list() };
}

/** A setting in a comment; only this exact form is one (`## e.g. kopt=…` explains it). */
const SETTING = /^(# (groot|kopt(?:_\w+)?|defoptions|altoptions)=)(.*)$/s;

function editSetting(line: string, target: MenuTarget, reasons: Reasons): string | undefined {
  const found = SETTING.exec(line);
  if (!found) return undefined;
  const [, start, name, value] = found;
  switch (name) {
    case "groot":
      return start + rewriteDevice(value, reasons);
    case "defoptions":
    // The recovery entries are made of kopt and altoptions: without a console they would stay silent.
    case "altoptions":
      return start + reasons.note(value, serialConsole(value), WHY.console);
    default:
      return start + editKopt(value, target, reasons);
  }
}

function editKopt(value: string, target: MenuTarget, reasons: Reasons): string {
  const rooted = reasons.note(value, rootByUuid(value, target), WHY.root);
  // defoptions names the console; here only one of Xen's is taken out.
  const consoled = reasons.note(rooted, withoutPvConsole(rooted), WHY.console);
  return addInterfaceNames(consoled, target, reasons);
}

/** Commands whose argument is, or begins with, a GRUB device. `chainloader (hd0)+1` means the whole disk and is not among them. */
const DEVICE_COMMANDS = [
  "root",
  "rootnoverify",
  "kernel",
  "initrd",
  "module",
  "modulenounzip",
  "splashimage",
  "configfile",
];
const COMMAND = /^(\s*([A-Za-z]\w*)[ \t=]+)(.*)$/s;

function editCommand(line: string, target: MenuTarget, reasons: Reasons): string {
  const found = COMMAND.exec(line);
  if (!found) return line;
  const [, start, command, value] = found;
  const name = command.toLowerCase();
  if (name === "uuid")
    return start + reasons.note(value, value.replace(/^LABEL=\S+/, target.rootUuid), WHY.label);
  if (name === "default") return start + editDefault(value, target, reasons);
  if (!DEVICE_COMMANDS.includes(name)) return line;
  const moved = rewriteDevice(value, reasons);
  return start + (name === "kernel" ? editKernel(moved, target, reasons) : moved);
}

function editDefault(value: string, { savedEntry }: MenuTarget, reasons: Reasons): string {
  // Without an environment file GRUB 2 takes entry 0 for `saved`, so only another one must be written down.
  return savedEntry === 0
    ? value
    : reasons.note(value, value.replace(/^saved\b/, String(savedEntry)), WHY.saved);
}

/** `kernel`'s value: options of GRUB's, the file, and the command line. */
const KERNEL = /^((?:--\S+\s+)*)(\S+)(.*)$/s;

function editKernel(value: string, target: MenuTarget, reasons: Reasons): string {
  const found = KERNEL.exec(value);
  if (!found || !isLinuxFile(found[2])) return value;
  const [, options, file, commandLine] = found;
  const rooted = reasons.note(commandLine, rootByUuid(commandLine, target), WHY.root);
  const consoled = reasons.note(rooted, afterFile(rooted, serialConsole), WHY.console);
  return options + file + afterFile(consoled, (text) => addInterfaceNames(text, target, reasons));
}

function addInterfaceNames(text: string, target: MenuTarget, reasons: Reasons): string {
  if (!target.oldInterfaceNames) return text;
  return reasons.note(text, oldInterfaceNames(text), WHY.network);
}

/** The edit, with a space before what it adds to an empty command line: `kernel FILE` has none to follow. */
function afterFile(commandLine: string, edit: (text: string) => string): string {
  const edited = edit(commandLine);
  return edited === commandLine || commandLine.trim() !== "" || /^\s/.test(edited) ? edited : ` ${edited}`;
}

function rewriteDevice(value: string, reasons: Reasons): string {
  return reasons.note(value, value.replaceAll("(hd0)", DEVICE), WHY.device);
}
