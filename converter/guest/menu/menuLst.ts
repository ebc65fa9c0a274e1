import { isLinuxFile, parseMenu } from "./bootFile";
import { Reasons, splitLineEnd, splitLines, type Edited } from "../edit";
import { serialConsole } from "./kernelArguments";
import { changeParameters } from "./kernelParameters";
import { sayDefault } from "./menuDefault";
import { joinContinued } from "./menuGrammar";
import { afterFile, MENU_WHY, moveDevice, nameRoot, type Line } from "./menuLine";
import { completeSettings, editSetting, settingsOf } from "./menuSettings";
import type { MenuTarget } from "./menuTarget";

/**
 * A menu of GRUB legacy for the converted disk: its commands, and the settings in Debian's and Ubuntu's comments
 * (`# groot=`, `# kopt=`, `# defoptions=` …) from which update-grub and update-grub-legacy-ec2 write it anew. Everything
 * else, tabs and line ends included, stays byte for byte.
 */
export function editMenuLst(text: string, target: MenuTarget): Edited {
  const reasons = new Reasons();
  const joined = reasons.note(text, joinContinued(text), MENU_WHY.continued);
  const settings = settingsOf(joined);
  const { hasPassword } = parseMenu(joined);
  let entry = -1;
  const lines = splitLines(joined).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    if (/^\s*title\b/.test(body)) entry++;
    const unlocked = hasPassword ? body : reasons.note(body, body.replace(LOCK, "$1#lock"), MENU_WHY.lock);
    return editLine(unlocked, { target, reasons, settings, entry }) + lineEnd;
  });
  const complete = completeSettings(lines.join(""), target, reasons);
  return { text: sayDefault(complete, target, reasons), why: reasons.list() };
}

/** GRUB legacy asks for nothing there without a password, and GRUB 2 (2.06, 2.12) takes the next line for a part of it. */
const LOCK = /^([ \t]*)lock(?=[ \t]*$)/;

/** Commands whose argument is, or begins with, a GRUB device. `chainloader (hd0)+1` means the whole disk and is not among them. */
const DEVICE_COMMANDS = [
  ...["root", "rootnoverify", "kernel", "initrd", "module", "modulenounzip", "configfile"],
  // Before the first entry: the pictures of Red Hat and Debian, and of SUSE.
  ...["splashimage", "gfxmenu"],
];
const COMMAND = /^(\s*([a-z]\w*)[ \t=]+)(.*)$/s;

function editLine(body: string, line: Line): string {
  const setting = editSetting(body, line);
  if (setting !== undefined) return setting;
  const found = COMMAND.exec(body);
  if (!found) return body;
  const [, start, name, value] = found;
  return start + editCommand(name, value, line);
}

function editCommand(name: string, value: string, line: Line): string {
  const { target, reasons } = line;
  if (name === "uuid")
    return reasons.note(
      value,
      value.replace(/^LABEL=(\S+)/, (all, label: string) => target.uuidOfLabel(label) ?? all),
      MENU_WHY.label,
    );
  if (!DEVICE_COMMANDS.includes(name)) return value;
  const moved = moveDevice(value, line);
  return name === "kernel" ? editKernel(moved, line) : moved;
}

/** `kernel`'s value: options of GRUB's, the file, and the command line. */
const KERNEL = /^((?:--\S+\s+)*)(\S+)(.*)$/s;

function editKernel(value: string, line: Line): string {
  const found = KERNEL.exec(value);
  if (!found || !isLinuxFile(found[2])) return value;
  const [, options, file, commandLine] = found;
  const { target, reasons, entry } = line;
  const rooted = nameRoot(commandLine, line, entry);
  const consoled = reasons.note(rooted, afterFile(rooted, serialConsole), MENU_WHY.console);
  const changed = afterFile(consoled, (text) => changeParameters(text, target.changes(entry), reasons));
  return options + file + changed;
}
