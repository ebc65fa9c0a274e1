import { words } from "./kernelArguments";
import { joinContinued, parseCommand, splitDevice, type Command } from "./menuGrammar";
import type { GuestTree } from "../tree";

/**
 * The nine places in which PV-GRUB looks for `menu.lst`, in its order; the first one there is in force (AWS's user guide,
 * "Use your own Linux kernels"). On a disk without a partition table `(hd0)` is the only device there is.
 */
export const PV_GRUB_PLACES: readonly { device: string; part: number; path: string }[] = [
  { device: "(hd0)", part: 0, path: "/boot/grub/menu.lst" },
  ...[1, 2, 3, 4].flatMap((part) =>
    ["/boot/grub/menu.lst", "/grub/menu.lst"].map((path) => ({ device: `(hd0,${part - 1})`, part, path })),
  ),
];

/** A filesystem that PV-GRUB can look into, mounted by itself. */
export interface BootCandidate {
  /** Partition number; 0: the bare disk. */
  part: number;
  tree: GuestTree;
}

/**
 * The boot file in force, its path on the filesystem that it lies on. PV-GRUB knows no mounts: a link leads through that
 * filesystem alone, so an absolute `/boot/grub/grub.conf` on a /boot of its own leads nowhere, and a circle too.
 */
export function findBootFile(candidates: BootCandidate[]): { part: number; path: string } | undefined {
  const found = PV_GRUB_PLACES.find(({ part, path }) =>
    candidates.some((candidate) => candidate.part === part && isReadable(candidate.tree, path)),
  );
  return found && { part: found.part, path: found.path };
}

/** Whether there is a regular file at the end of a path's links. */
export function isReadable(tree: GuestTree, path: string): boolean {
  try {
    return tree.read(path) !== undefined;
  } catch {
    return false;
  }
}

/** An entry as the menu has it. Files without their GRUB device. */
export interface MenuEntry {
  title: string;
  kernel?: string;
  initrd?: string;
  arguments: string[];
  locked?: boolean;
  nextMenu?: string;
  /** Of the `kernel` line, else of the `root` line: `(hd0,1)`. */
  device?: string;
  /** `uuid`, by which Ubuntu's GRUB legacy finds the filesystem: what follows it. */
  uuid?: string;
}

/** A menu in the syntax of GRUB legacy, as far as it decides what boots. */
export interface Menu {
  default: number | "saved";
  /** Entries to try, in order, where the default one cannot be started. */
  fallback: number[];
  /** Asks for one before a locked entry. */
  hasPassword?: boolean;
  entries: MenuEntry[];
}

/** Reads a menu. Lines that it does not know are passed over, as GRUB does. */
export function parseMenu(text: string): Menu {
  const menu: Menu = { default: 0, fallback: [], entries: [] };
  for (const line of joinContinued(text).split(/\r?\n/)) {
    const command = parseCommand(line);
    if (command) readCommand(menu, command);
  }
  return menu;
}

function readCommand(menu: Menu, { name, rest }: Command): void {
  const entry = menu.entries.at(-1);
  if (name === "title") menu.entries.push({ title: rest, arguments: [] });
  else if (entry) readEntryCommand(entry, name, rest);
  else if (name === "default") menu.default = rest === "saved" ? "saved" : Number.parseInt(rest, 10) || 0;
  else if (name === "fallback") menu.fallback = words(rest).map(Number).filter(Number.isInteger);
  else if (name === "password") menu.hasPassword = true;
}

function readEntryCommand(entry: MenuEntry, name: string, rest: string): void {
  switch (name) {
    case "root":
    case "rootnoverify":
      entry.device = words(rest)[0];
      break;
    case "uuid":
      entry.uuid = rest;
      break;
    case "lock":
      entry.locked = true;
      break;
    case "configfile":
      entry.nextMenu = splitDevice(rest).path;
      break;
    case "initrd":
      // Several files go to the kernel as one; the first one is what it was built with.
      entry.initrd = splitDevice(words(rest)[0] ?? "").path || undefined;
      break;
    case "kernel":
      readKernel(entry, rest);
  }
}

function readKernel(entry: MenuEntry, rest: string): void {
  const [file, ...args] = words(rest).filter((word) => !word.startsWith("--"));
  entry.arguments = args;
  if (file === undefined) return;
  const { device, path } = splitDevice(file);
  entry.kernel = path;
  if (device !== undefined) entry.device = device;
}

/**
 * The entry that GRUB legacy starts, and why, in words. For a number past the end it takes the first fallback, and
 * entry 0 where there is none.
 * @param saved the entry that `savedefault` last wrote (`/boot/grub/default`)
 * @param fault why an entry cannot be started; `undefined` where it can
 */
export function chooseEntry<Entry>(
  menu: { default: Menu["default"]; fallback: number[]; entries: Entry[] },
  saved: number,
  fault: (entry: Entry) => string | undefined,
): { index: number; why: string } {
  const { entries } = menu;
  const fallback = menu.fallback.filter((index) => index >= 0 && index < entries.length);
  const asked = menu.default === "saved" ? saved : menu.default;
  const said = menu.default === "saved" ? `the saved default is ${saved}` : `default is ${menu.default}`;
  const isThere = asked >= 0 && asked < entries.length;
  const first = isThere ? asked : (fallback[0] ?? 0);
  const why = isThere || entries.length === 0 ? said : `${said}, past the last entry: ${first} is taken`;
  const problem = first < entries.length ? fault(entries[first]) : undefined;
  if (problem === undefined) return { index: first, why };
  const second = fallback.find((index) => fault(entries[index]) === undefined);
  return second === undefined
    ? { index: first, why: `${why}, although ${problem}` }
    : { index: second, why: `${why}, where ${problem}, and fallback is ${second}` };
}

/** Whether a text is a GRUB 2 script. Debian 6 and 7 keep a legacy menu under the name `grub.cfg`: the name says nothing. */
export function isGrub2Script(text: string): boolean {
  return (
    /^\s*(?:menuentry|submenu|linux(?:16|efi)?|set\s+\w+=|insmod)\b/m.test(text) && !/^\s*title\b/m.test(text)
  );
}

/** Whether an entry starts a second boot loader (CoreOS's `pvboot`, NixOS's and Flatcar's `grub.xen`) instead of Linux. */
export function chainLoads(entry: { kernel?: string }): boolean {
  const name = entry.kernel?.split("/").at(-1) ?? "";
  return /^(?:pvboot|pv-?grub)|grub.*xen|^core.*xen|^core\.img$/i.test(name);
}

/** Whether `kernel` starts Linux: memtest86+ and the Xen hypervisor are started by it too, and take other arguments. */
export function isLinuxFile(file: string): boolean {
  return !/^(?:memtest|xen)/.test(file.split("/").at(-1) ?? "");
}
