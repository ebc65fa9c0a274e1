/** What a converted guest's files must say, told from the files and from the disk alone. */
import * as fs from "node:fs";
import * as path from "node:path";
import { checkDrivers } from "./drivers";
import { type Finding, none } from "./finding";
import { type MenuEntry, readMenu } from "./menu";
import { type Volume, resolve } from "./volumes";

/** The guest as it lies on the converted disk. */
export interface Converted {
  /** Where its tree is mounted. */
  root: string;
  volumes: Volume[];
  /** The filesystem of `/`, and that of `/boot`, which may be the same. */
  system: Volume;
  boot: Volume;
}

/** A line of /etc/fstab that is not a comment. */
interface Mount {
  device: string;
  point: string;
  type: string;
  options: string[];
  pass: number;
}

/** The mounts of /etc/fstab: lines with a device, a place and a type at least. */
export function readFstab(text: string): Mount[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .filter(({ length }) => length >= 3)
    .map(([device, point, type, options, , pass]) => ({
      device,
      point,
      type,
      options: (options ?? "defaults").split(","),
      pass: Number(pass ?? 0),
    }));
}

const PSEUDO = ["proc", "sysfs", "devpts", "tmpfs", "devtmpfs", "none"];

/** With one of these the boot goes on without it: `nobootwait` is upstart's word on Ubuntu. */
const SPARED = ["nofail", "nobootwait", "noauto"];

/** Every device of /etc/fstab is on this disk, or may be absent. */
export function checkFstab({ root, volumes, system }: Converted): Finding[] {
  const mounts = readFstab(text(root, "/etc/fstab")).filter(({ type }) => !PSEUDO.includes(type));
  const found = (mount: Mount) => resolve(mount.device, volumes);
  const needed = mounts.filter(({ options }) => !SPARED.some((word) => options.includes(word)));
  const wanting = needed.filter((mount) => !found(mount));
  const spared = mounts.filter((mount) => !found(mount) && mount.pass !== 0);
  const first = mounts.find(({ point }) => point === "/");
  return [
    {
      name: "/ in /etc/fstab is the root filesystem",
      ok: !!first && found(first) === system,
      seen: first?.device ?? "no line",
    },
    none(
      "every line of /etc/fstab resolves on this disk, or may fail",
      wanting.map(({ device }) => device),
    ),
    none(
      "no check at boot of what may be absent",
      spared.map(({ device }) => device),
    ),
  ];
}

/** Every entry of the menu can be started, by kernels and devices of this disk. */
export function checkMenu(guest: Converted, menuFile: string, families: string[]): Finding[] {
  const menu = readMenu(fs.readFileSync(menuFile, "utf8"));
  const started = menu.entries[menu.byDefault];
  const device = `(hd0,${guest.boot.partition - 1})`;
  const consoles = started?.arguments.filter((word) => /^(console|xencons)=/.test(word)) ?? [];
  const pv = /(?:=|\/)(?:hvc|xvc)\d/;
  return [
    none(
      "every device of the menu is the partition with the menu",
      menu.devices.filter((one) => one !== device),
    ),
    none(
      "every kernel and initrd of the menu is there",
      menu.entries.flatMap((entry) => missingFiles(entry, guest)),
    ),
    none(
      "every root= of the menu is the root filesystem",
      menu.entries.flatMap((entry) => wrongRoot(entry, guest)),
    ),
    none(
      "no entry writes to Xen's console",
      menu.entries.flatMap((one) => one.arguments.filter((word) => pv.test(word))),
    ),
    {
      name: "the default entry's last console is ttyS0",
      ok: /^console=ttyS0/.test(consoles.at(-1) ?? ""),
      seen: consoles.join(" "),
    },
    ...(started?.kernel === undefined ? [] : [driversOf(started, started.kernel, guest, families)]),
  ];
}

function missingFiles(entry: MenuEntry, guest: Converted): string[] {
  if (entry.kernel === undefined) return [`${entry.title}: no kernel`];
  return [entry.kernel, ...(entry.initrd === undefined ? [] : [entry.initrd])].filter(
    (name) => !fs.existsSync(onMenuFilesystem(name, guest)),
  );
}

/** The menu's paths begin at the filesystem that it lies on. */
function onMenuFilesystem(name: string, { root, boot, system }: Converted): string {
  const plain = name.replace(/^\([^)]*\)/, "");
  return path.join(root, boot === system ? "" : "boot", plain);
}

function driversOf(entry: MenuEntry, kernel: string, guest: Converted, families: string[]): Finding {
  const initrd = entry.initrd === undefined ? undefined : onMenuFilesystem(entry.initrd, guest);
  return checkDrivers(guest.root, onMenuFilesystem(kernel, guest), initrd, families);
}

/** Debian's and Ubuntu's menus start memtest86+ too, which asks for no root. */
const NO_LINUX = /\/memtest[^/]*$/;

function wrongRoot(
  { arguments: words, title, kernel = "" }: MenuEntry,
  { volumes, system }: Converted,
): string[] {
  if (NO_LINUX.test(kernel)) return [];
  const roots = words.flatMap((word) => /^(?:real_)?root=(?!\/dev\/ram0)(.*)$/.exec(word)?.[1] ?? []);
  if (roots.length === 0) return [`${title}: no root=`];
  return roots.filter((name) => resolve(name, volumes) !== system);
}

/** Files that tie a guest to PV, or to the instance that it was. */
export function checkConsolesAndNetwork({ root }: Converted): Finding[] {
  const inittab = text(root, "/etc/inittab")
    .split("\n")
    .filter((line) => /^[^#].*\b(?:hvc|xvc)\d/.test(line));
  const links = list(root, "/etc/systemd/system/getty.target.wants").filter((name) => /hvc|xvc/.test(name));
  const rules =
    text(root, "/etc/udev/rules.d/70-persistent-net.rules").match(/^[^#\n].*ATTR\{address\}.*$/gm) ?? [];
  return [
    none("no getty on Xen's console", [...inittab, ...links]),
    none("no name of a network card is tied to a MAC address", [...rules]),
  ];
}

function text(root: string, name: string): string {
  return fs.existsSync(path.join(root, name)) ? fs.readFileSync(path.join(root, name), "utf8") : "";
}

function list(root: string, name: string): string[] {
  return fs.existsSync(path.join(root, name)) ? fs.readdirSync(path.join(root, name)) : [];
}
