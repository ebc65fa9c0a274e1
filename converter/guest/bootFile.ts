import type { BootEntryFacts } from "../types";
import { words } from "./kernelArguments";

/**
 * The nine places in which PV-GRUB looks for `menu.lst`, in its order; the first one there is in force (AWS's user guide,
 * "Use your own Linux kernels"). On a disk without a partition table `(hd0)` is the only device there is.
 */
export const PV_GRUB_PLACES: readonly { device: string; path: string }[] = [
  { device: "(hd0)", path: "/boot/grub/menu.lst" },
  ...[0, 1, 2, 3].flatMap((partition) =>
    ["/boot/grub/menu.lst", "/grub/menu.lst"].map((path) => ({ device: `(hd0,${partition})`, path })),
  ),
];

/** A menu in the syntax of GRUB legacy, as far as it decides what boots. */
export interface Menu {
  default: number | "saved";
  /** Entries to try, in order, where the default one cannot be started. */
  fallback: number[];
  entries: BootEntryFacts[];
}

/** One command of GRUB legacy: its name ends at white space or `=`. */
export function parseCommand(line: string): { name: string; rest: string } | undefined {
  const found = /^\s*([A-Za-z]\w*)(?:[ \t=]+(.*?))?\s*$/.exec(line);
  return found ? { name: found[1].toLowerCase(), rest: found[2] ?? "" } : undefined;
}

/** Reads a menu. Lines that it does not know are passed over, as GRUB does. */
export function parseMenu(text: string): Menu {
  const menu: Menu = { default: 0, fallback: [], entries: [] };
  for (const line of text.split(/\r?\n/)) {
    const command = parseCommand(line);
    if (command) readCommand(menu, command);
  }
  return menu;
}

function readCommand(menu: Menu, { name, rest }: { name: string; rest: string }): void {
  if (name === "title") {
    menu.entries.push({ title: rest, arguments: [] });
    return;
  }
  const entry = menu.entries.at(-1);
  if (entry) readEntryCommand(entry, name, rest);
  else if (name === "default") menu.default = rest === "saved" ? "saved" : Number.parseInt(rest, 10) || 0;
  else if (name === "fallback") menu.fallback = words(rest).map(Number).filter(Number.isInteger);
}

function readEntryCommand(entry: BootEntryFacts, name: string, rest: string): void {
  if (name === "initrd") entry.initrd = withoutDevice(rest);
  if (name !== "kernel") return;
  const [file, ...args] = words(rest).filter((word) => !word.startsWith("--"));
  if (file !== undefined) entry.kernel = withoutDevice(file);
  entry.arguments = args;
}

/** `(hd0)/boot/vmlinuz` is `/boot/vmlinuz`. */
function withoutDevice(file: string): string {
  return file.replace(/^\([^)]*\)/, "");
}

/**
 * The entry that GRUB legacy starts, and why, in words.
 * @param saved the entry that `savedefault` last wrote (`/boot/grub/default`)
 * @param boots whether an entry's files are there
 */
export function chooseEntry(
  menu: Menu,
  saved: number,
  boots: (entry: BootEntryFacts) => boolean,
): { index: number; why: string } {
  const asked = menu.default === "saved" ? saved : menu.default;
  const first = asked < menu.entries.length ? asked : 0;
  const why = menu.default === "saved" ? `the saved default is ${saved}` : `default is ${menu.default}`;
  const entry = menu.entries[first];
  if (!entry || boots(entry)) return { index: first, why };
  const second = menu.fallback.find((index) => menu.entries[index] && boots(menu.entries[index]));
  return second === undefined
    ? { index: first, why: `${why}, although its kernel is missing` }
    : { index: second, why: `${why}, its kernel is missing, and fallback is ${second}` };
}

/** Whether a text is a GRUB 2 script. Debian 6 and 7 keep a legacy menu under the name `grub.cfg`: the name says nothing. */
export function isGrub2Script(text: string): boolean {
  return (
    /^\s*(?:menuentry|submenu|linux(?:16|efi)?|set\s+\w+=|insmod)\b/m.test(text) && !/^\s*title\b/m.test(text)
  );
}

/** Whether an entry starts a second boot loader (CoreOS's `pvboot`, NixOS's and Flatcar's `grub.xen`) instead of Linux. */
export function chainLoads(entry: BootEntryFacts): boolean {
  const name = entry.kernel?.split("/").at(-1) ?? "";
  return /^(?:pvboot|pv-?grub)|grub.*xen|^core.*xen/i.test(name);
}

/** Whether `kernel` starts Linux: memtest86+ and the Xen hypervisor are started by it too, and take other arguments. */
export function isLinuxFile(file: string): boolean {
  return !/^(?:memtest|xen)/.test(file.split("/").at(-1) ?? "");
}
