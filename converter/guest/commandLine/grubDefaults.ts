/** `/etc/default/grub`: where update-grub takes its command lines from. */
import type { BootEntryFacts } from "../../types";
import type { Edited, Reasons } from "../edit";
import type { MenuTarget } from "../menu/menuTarget";
import { type Assignment, editAssignments, readAssignments } from "./assignments";
import { changeParameters, removals } from "./changes";
import { withoutPvConsole } from "./consoles";
import { nameDevices } from "./devices";
import { PV_ONLY } from "./pvOnly";
import { ownWords } from "./words";

const WHY = {
  root: "the root by UUID: update-grub writes the menu from here",
  console: "console=tty1 console=ttyS0: update-grub writes the menu from here",
  default: (entry: number) => `GRUB_DEFAULT=${entry}: update-grub writes the menu from here`,
};

/** GRUB_CMDLINE_XEN and its like are the hypervisor's. */
const COMMAND_LINE = /^GRUB_CMDLINE_LINUX(?:_DEFAULT|_RECOVERY|_XEN_REPLACE(?:_DEFAULT)?)?$/;

/**
 * Whether what `/etc/default/grub` says of the command line reaches the menu: the script of Debian 6's images takes three
 * arguments and prints the fourth, so nothing does.
 */
export function reachesMenu(defaults: string, entries: Pick<BootEntryFacts, "arguments">[]): boolean {
  const lines = readAssignments(defaults).filter(({ name }) => name === "GRUB_CMDLINE_LINUX");
  const given = ownWords(lines.at(-1)?.value ?? "");
  return (
    given.length > 0 && entries.some(({ arguments: args }) => given.every((word) => args.includes(word)))
  );
}

/**
 * Its variables lose Xen's console and what only Xen PV bears; other parameters go where every entry is written from,
 * GRUB_CMDLINE_LINUX.
 * @param changesDefault the menu's `default` is another one now, and GRUB_DEFAULT has to say the same
 */
export function editGrubDefaults(text: string, target: MenuTarget, changesDefault = false): Edited {
  return editAssignments(text, (given, reasons) => {
    if (changesDefault && given.name === "GRUB_DEFAULT")
      return reasons.note(given.value, String(target.defaultEntry), WHY.default(target.defaultEntry));
    return editCommandLine(given, target, reasons);
  });
}

function editCommandLine({ name, value }: Assignment, target: MenuTarget, reasons: Reasons): string {
  if (!COMMAND_LINE.test(name)) return value;
  const named = nameDevices(value, (device, word) => target.nameDevice(device, word));
  const consoled = reasons.note(named, withoutPvConsole(reasons.note(value, named, WHY.root)), WHY.console);
  const changes = name === "GRUB_CMDLINE_LINUX" ? target.changes() : removals(target.changes());
  return changeParameters(consoled, changes, reasons);
}

/**
 * The same file where nothing writes the menu in force from it: it would serve whoever installs GRUB 2 later, and a word
 * that HVM does not bear would come back then. Everything else in it stays.
 */
export function cleanGrubDefaults(text: string): Edited {
  return editAssignments(text, ({ name, value }, reasons) =>
    COMMAND_LINE.test(name) ? changeParameters(value, [...PV_ONLY], reasons) : value,
  );
}
