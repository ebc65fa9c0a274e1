import { Reasons, splitLineEnd, splitLines, type Edited } from "./edit";
import {
  hasConsole,
  oldInterfaceNames,
  rootByUuid,
  serialConsole,
  withoutPvConsole,
} from "./kernelArguments";
import type { MenuTarget } from "./menuLst";
import { stableRoot, type RootIdentity } from "./rootDevice";

const WHY = {
  device: "(hd0) → (hd0,0): update-grub writes the menu from here",
  root: "the root by UUID: update-grub writes the menu from here",
  console: "console=tty1 console=ttyS0: update-grub writes the menu from here",
  network: "net.ifnames=0 biosdevname=0: update-grub writes the menu from here",
};

/** `GRUB_CMDLINE_LINUX="…"`, in double, single or no quotes. */
const COMMAND_LINE = /^(GRUB_CMDLINE_LINUX=)(["']?)(.*?)\2(\s*(?:#.*)?)$/;

/**
 * `/etc/default/grub`: its variables lose Xen's console, and the interface names go where every entry is written from,
 * GRUB_CMDLINE_LINUX.
 */
export function editGrubDefaults(text: string, target: MenuTarget): Edited {
  const reasons = new Reasons();
  return mapLines(text, reasons, (line) => {
    if (!line.startsWith("GRUB_CMDLINE_LINUX")) return line;
    const consoled = reasons.note(line, withoutPvConsole(line), WHY.console);
    return target.oldInterfaceNames
      ? reasons.note(consoled, nameInterfaces(consoled), WHY.network)
      : consoled;
  });
}

function nameInterfaces(line: string): string {
  const [, name, quote, value, end] = COMMAND_LINE.exec(line) ?? [];
  const named = name === undefined ? "" : oldInterfaceNames(value);
  return name === undefined || named === value ? line : `${name}${quote || '"'}${named}${quote || '"'}${end}`;
}

/** Whether `/etc/grub.d/40_custom` writes a menu of GRUB legacy, as the builders of Debian 6 and 7 images made it do. */
export function writesLegacyMenu(text: string): boolean {
  return /^\s*title\b/m.test(text);
}

/**
 * `/etc/grub.d/40_custom` of Debian 6 and 7, the script by which update-grub writes menu.lst: it has the device and
 * `(hd0)` written out, and would bring both back. Shell variables stay.
 * @param defaults `/etc/default/grub`. Where neither names a console (Debian 6), the script's kernel lines get one.
 */
export function editGrubScript(text: string, target: MenuTarget, defaults = ""): Edited {
  const reasons = new Reasons();
  const consoleOf = hasConsole(text) || hasConsole(defaults) ? withoutPvConsole : serialConsole;
  return mapLines(text, reasons, (line) => {
    const moved = /^\s*(?:root|kernel|initrd|rootnoverify)\b/.test(line)
      ? reasons.note(line, line.replaceAll("(hd0)", "(hd0,0)"), WHY.device)
      : line;
    const rooted = reasons.note(moved, grubDevice(rootByUuid(moved, target), target), WHY.root);
    return reasons.note(
      rooted,
      (/^\s*kernel\b/.test(rooted) ? consoleOf : withoutPvConsole)(rooted),
      WHY.console,
    );
  });
}

/** `GRUB_DEVICE=/dev/xvda`, quoted or not. */
function grubDevice(line: string, root: RootIdentity): string {
  return line.replace(
    /^(\s*(?:export\s+)?GRUB_DEVICE=["']?)([^\s"']+)/,
    (_, start: string, device: string) => start + stableRoot(device, root),
  );
}

function mapLines(text: string, reasons: Reasons, edit: (line: string) => string): Edited {
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    return edit(body) + lineEnd;
  });
  return { text: lines.join(""), why: reasons.list() };
}
