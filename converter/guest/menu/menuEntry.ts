/** An entry of a menu: what GRUB legacy makes of its commands, one after the other. */
import { words } from "../commandLine/words";
import { isSettingAlone } from "./menuCommands";
import { splitDevice, wordsOf, type Command } from "./menuGrammar";
import type { MenuSection } from "./menu";

/** An entry as the menu has it. Files without their GRUB device. */
export interface MenuEntry {
  title: string;
  kernel?: string;
  initrd?: string;
  arguments: string[];
  locked?: boolean;
  nextMenu?: string;
  /** Before the kernel's file, else of the `root` line in force there: `(hd0,1)`. */
  device?: string;
  /** The same for the initrd. */
  initrdDevice?: string;
  /** `uuid`, by which Ubuntu's GRUB legacy and GRUB 2 find the filesystem: what follows it. PV-GRUB passes over it. */
  uuid?: string;
  /** Devices that `root` names, each of which GRUB legacy mounts before it goes on. */
  roots?: string[];
  /** Files that an entry loads before its last kernel takes their place: without them GRUB legacy would not come so far. */
  earlier?: { file: string; device?: string }[];
  /** `savedefault`: writes into the file `default` beside the menu, and fails where there is none. */
  savesDefault?: boolean;
  /** Why GRUB legacy stops in it whatever the files, as a clause. */
  failure?: string;
  /** It stops by waiting for somebody: then no fallback is tried. */
  waits?: boolean;
}

/** An entry while it is read. */
interface Reading {
  entry: MenuEntry;
  /** The filesystem that files without a device come from. */
  root?: string;
  /** `boot` stood where there was nothing to boot yet. */
  hasEarlyBoot?: boolean;
}

export function readEntry({ title, lines }: MenuSection): MenuEntry {
  const reading: Reading = { entry: { title: withoutEnd(title ?? ""), arguments: [] } };
  for (const { command } of lines) {
    // What follows it is never reached.
    if (command?.name === "boot" && reading.entry.kernel !== undefined) break;
    if (command !== undefined && command.name !== "title") readCommand(reading, command);
  }
  return reading.entry;
}

function withoutEnd(text: string): string {
  return text.replace(/ +$/, "");
}

function readCommand(reading: Reading, { name, rest }: Command): void {
  const { entry } = reading;
  switch (name) {
    case "root":
    case "rootnoverify":
      readRoot(reading, name, wordsOf(rest)[0]);
      break;
    case "boot":
      reading.hasEarlyBoot = true;
      break;
    case "uuid":
      entry.uuid = withoutEnd(rest);
      break;
    case "lock":
      entry.locked = true;
      break;
    case "savedefault":
      entry.savesDefault = true;
      break;
    case "configfile":
      entry.nextMenu = splitDevice(rest).path;
      break;
    case "kernel":
      readKernel(reading, rest);
      break;
    case "initrd":
      readInitrd(reading, rest);
      break;
    case "password":
      waitIn(entry, "it asks for a password");
      break;
    case "pause":
      waitIn(entry, "it waits for a key (`pause`)");
      break;
    default:
      if (isSettingAlone(name)) entry.failure ??= `\`${name}\` cannot stand in an entry`;
  }
}

function waitIn(entry: MenuEntry, why: string): void {
  if (entry.failure !== undefined) return;
  entry.failure = why;
  entry.waits = true;
}

function readRoot(reading: Reading, name: string, device: string | undefined): void {
  if (device === undefined) return;
  reading.root = device;
  if (name === "root") (reading.entry.roots ??= []).push(device);
}

/** A kernel's command taken apart: GRUB's own options, the file, and the command line with the white space before it. */
export function splitKernel(rest: string): { options: string; file: string; commandLine: string } {
  const [, options, file, commandLine] = /^((?:--(?:type=|no-mem-option)[^ \t]*[ \t]+)*)([^ \t]*)(.*)$/s.exec(
    rest,
  ) as RegExpExecArray;
  return { options, file, commandLine };
}

function readKernel({ entry, root, hasEarlyBoot }: Reading, rest: string): void {
  if (hasEarlyBoot) entry.failure ??= "its `boot` stands before its `kernel`";
  const { file, commandLine } = splitKernel(rest);
  for (const [one, device] of [
    [entry.kernel, entry.device],
    [entry.initrd, entry.initrdDevice],
  ])
    if (one !== undefined) (entry.earlier ??= []).push({ file: one, device });
  delete entry.initrd;
  delete entry.initrdDevice;
  entry.arguments = words(commandLine);
  if (file === "") return;
  const { device = root, path } = splitDevice(file);
  entry.kernel = path;
  setDevice(entry, "device", device);
}

/** Several files go to Linux as one with GRUB 2's own command; GRUB legacy, and what reads old menus, take the first. */
function readInitrd({ entry, root }: Reading, rest: string): void {
  const [file] = wordsOf(rest);
  if (file === undefined) return;
  if (entry.kernel === undefined) entry.failure ??= "its `initrd` stands before its `kernel`";
  const { device = root, path } = splitDevice(file);
  entry.initrd = path || undefined;
  setDevice(entry, "initrdDevice", device);
}

function setDevice(entry: MenuEntry, name: "device" | "initrdDevice", device: string | undefined): void {
  if (device === undefined) delete entry[name];
  else entry[name] = device;
}
