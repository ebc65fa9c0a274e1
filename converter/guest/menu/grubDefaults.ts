import type { BootEntryFacts } from "../../types";
import { Reasons, splitLineEnd, splitLines, type Edited } from "../edit";
import { nameDevices, serialConsole, withoutPvConsole, words } from "./kernelArguments";
import { changeParameters } from "./kernelParameters";
import type { MenuTarget } from "./menuTarget";

const WHY = {
  device: (device: string) => `(hd0) → ${device}: update-grub writes the menu from here`,
  root: "the root by UUID: update-grub writes the menu from here",
  console: "console=tty1 console=ttyS0: update-grub writes the menu from here",
  default: (entry: number) => `GRUB_DEFAULT=${entry}: update-grub writes the menu from here`,
};

/** `GRUB_CMDLINE_LINUX="…"`, in double, single or no quotes. */
const COMMAND_LINE = /^(GRUB_CMDLINE_LINUX(?:_DEFAULT)?=)(["']?)(.*?)\2(\s*(?:#.*)?)$/;

/**
 * Whether what `/etc/default/grub` says of the command line reaches the menu: the script of Debian 6's images takes three
 * arguments and prints the fourth, so nothing does.
 */
export function reachesMenu(defaults: string, entries: Pick<BootEntryFacts, "arguments">[]): boolean {
  const given = commandLineWords(defaults, "GRUB_CMDLINE_LINUX=");
  return (
    given.length > 0 && entries.some(({ arguments: args }) => given.every((word) => args.includes(word)))
  );
}

function commandLineWords(defaults: string, name: string): string[] {
  const lines = defaults.split(/\r?\n/).flatMap((line) => {
    const [, start, , value] = COMMAND_LINE.exec(line) ?? [];
    return start === name ? [value] : [];
  });
  return words(lines.at(-1) ?? "");
}

/**
 * `/etc/default/grub`: its variables lose Xen's console, and other parameters go where every entry is written from,
 * GRUB_CMDLINE_LINUX.
 * @param changesDefault the menu's `default` is another one now, and GRUB_DEFAULT has to say the same
 */
export function editGrubDefaults(text: string, target: MenuTarget, changesDefault = false): Edited {
  const reasons = new Reasons();
  return mapLines(text, reasons, (line) => {
    if (changesDefault && line.startsWith("GRUB_DEFAULT="))
      return reasons.note(line, `GRUB_DEFAULT=${target.defaultEntry}`, WHY.default(target.defaultEntry));
    if (!line.startsWith("GRUB_CMDLINE_LINUX")) return line;
    const named = nameDevices(line, (device, word) => target.nameDevice(device, word));
    const consoled = reasons.note(named, withoutPvConsole(reasons.note(line, named, WHY.root)), WHY.console);
    return line.startsWith("GRUB_CMDLINE_LINUX=") ? addParameters(consoled, target, reasons) : consoled;
  });
}

function addParameters(line: string, target: MenuTarget, reasons: Reasons): string {
  const [, name, quote, value, end] = COMMAND_LINE.exec(line) ?? [];
  if (name === undefined) return line;
  const changed = changeParameters(value, target.changes(), reasons);
  return changed === value ? line : `${name}${quote || '"'}${changed}${quote || '"'}${end}`;
}

/** Whether `/etc/grub.d/40_custom` writes a menu of GRUB legacy, as the builders of Debian 6 and 7 images made it do. */
export function writesLegacyMenu(text: string): boolean {
  return /^\s*(?:(?:echo|printf)\s+["'])?title\s/m.test(text);
}

/**
 * `/etc/grub.d/40_custom` of Debian 6 and 7, the script by which update-grub writes menu.lst: it has the device and
 * `(hd0)` written out, and would bring both back. Shell variables stay.
 * @param defaultsReach whether `/etc/default/grub` serves its command lines; where not, the script's own kernel lines get
 *   their console and parameters here
 */
export function editGrubScript(text: string, target: MenuTarget, defaultsReach = false): Edited {
  const reasons = new Reasons();
  return mapLines(text, reasons, (line) => {
    if (/^\s*#/.test(line)) return line;
    const moved = reasons.note(line, line.replaceAll("(hd0)", target.device), WHY.device(target.device));
    const rooted = reasons.note(moved, grubDevice(nameRoots(moved, target), target), WHY.root);
    return isKernelLine(rooted) && !defaultsReach
      ? changeParameters(reasons.note(rooted, serialConsole(rooted), WHY.console), target.changes(), reasons)
      : reasons.note(rooted, withoutPvConsole(rooted), WHY.console);
  });
}

/** A line of the script that becomes an entry's `kernel` line: its file is in it, or a variable. */
function isKernelLine(line: string): boolean {
  return /^\s*kernel\s+\S/.test(line);
}

/** Devices written out in the script; those in its variables stay, and so does printf's `%s`. */
function nameRoots(line: string, target: MenuTarget): string {
  return nameDevices(line, (device, word) =>
    /[$`%]/.test(device) ? device : target.nameDevice(device, word),
  );
}

/** `GRUB_DEVICE=/dev/xvda`, quoted or not. */
function grubDevice(line: string, target: MenuTarget): string {
  return line.replace(
    /^(\s*(?:export\s+)?GRUB_DEVICE=["']?)([^\s"'$`]+)/,
    (_, start: string, device: string) => start + target.nameDevice(device, "root"),
  );
}

function mapLines(text: string, reasons: Reasons, edit: (line: string) => string): Edited {
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    return edit(body) + lineEnd;
  });
  return { text: lines.join(""), why: reasons.list() };
}
