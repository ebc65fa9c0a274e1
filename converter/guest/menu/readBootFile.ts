import fs from "node:fs";
import path from "node:path";
import { RefusedError } from "../../errors";
import type { BootEntryFacts, BootFileFacts, MountFacts } from "../../types";
import { chooseEntry, isGrub2Script, isReadable, parseMenu, type Menu, type MenuEntry } from "./bootFile";
import { grub2Syntax, judgeDefault, noBootFile } from "./bootFileRefusals";
import { partOfDevice } from "./menuGrammar";
import { GuestTree } from "../tree";

/** Where the boot file in force was found. */
export interface BootFilePlace {
  /** Partition number; 0: the bare disk. */
  part: number;
  /** Absolute in the guest. */
  path: string;
  /** Where the guest mounts that filesystem: `/boot`, or empty for the root. */
  prefix: string;
}

/**
 * The boot file in force, and which entry of it boots.
 * @param tree the guest put together: its filesystems mounted below its root
 * @param mounts which partition is mounted where, for entries that name another one than the menu's own
 * Throws a `RefusedError` where there is none, or none that says which Linux boots.
 */
export function readBootFile(
  tree: GuestTree,
  where: BootFilePlace | undefined,
  mounts: MountFacts[] = [],
): BootFileFacts {
  if (!where) throw new RefusedError([noBootFile(tree)]);
  const view = new GrubView(tree, where, mounts);
  const resolvedPath = view.resolve(where.path.slice(where.prefix.length), where.prefix);
  const text = tree.read(resolvedPath) ?? "";
  const menu = parseMenu(text);
  const entries = menu.entries.map((entry) => entryFacts(view, entry, menu));
  const saved = savedEntry(tree, path.posix.dirname(where.path));
  const { index, why } = chooseEntry({ ...menu, entries }, saved, ({ fault }) => fault);
  const bootFile: BootFileFacts = {
    ...{ ...where, resolvedPath, defaultEntry: index, defaultWhy: why, entries },
    ...(menu.default === "saved" ? { savedEntry: saved } : {}),
    ...{ twins: twinsOf(tree, resolvedPath) },
  };
  const reasons = isGrub2Script(text) ? [grub2Syntax(bootFile)] : judgeDefault(tree, bootFile);
  if (reasons.length > 0) throw new RefusedError(reasons);
  return bootFile;
}

/** How PV-GRUB sees the guest: one filesystem at a time, each with a root of its own. */
class GrubView {
  constructor(
    private readonly tree: GuestTree,
    private readonly where: BootFilePlace,
    private readonly mounts: MountFacts[],
  ) {}

  /** Where the guest mounts the filesystem that an entry takes its files from; `undefined` where it does not. */
  prefixOf({ device, uuid }: MenuEntry): string | undefined {
    if (uuid !== undefined && device === undefined) return this.prefixOfUuid(uuid);
    const part = device === undefined ? this.where.part : partOfDevice(device);
    // `(hd0)` can mean nothing but the menu's own filesystem, and so does (hd0,0) on a bare disk.
    if (part === this.where.part || part === 0 || this.where.part === 0) return this.where.prefix;
    return this.pointOf((mount) => mount.part === part && mount.logicalVolume === undefined);
  }

  private prefixOfUuid(uuid: string): string | undefined {
    const [, label] = /^LABEL=(.*)$/.exec(uuid) ?? [];
    if (this.mounts.length === 0) return this.where.prefix;
    return this.pointOf(({ filesystem }) =>
      label === undefined ? filesystem.uuid.toLowerCase() === uuid.toLowerCase() : filesystem.label === label,
    );
  }

  private pointOf(is: (mount: MountFacts) => boolean): string | undefined {
    const point = this.mounts.find(is)?.point;
    return point === "/" ? "" : point;
  }

  /** A path of that filesystem after its links, absolute in the guest. Throws a `RefusedError` for a circle of links. */
  resolve(file: string, prefix: string): string {
    const view = prefix === "" ? this.tree : new GuestTree(this.tree.hostPath(prefix));
    return prefix + view.resolve(file);
  }

  /** Whether there is something at a path of the guest. */
  has(path: string): boolean {
    return this.tree.exists(path);
  }
}

/** An entry with its files' places in the guest, and why it cannot be started. */
function entryFacts(view: GrubView, entry: MenuEntry, { hasPassword }: Menu): BootEntryFacts {
  const { title, arguments: args, locked, nextMenu } = entry;
  const { fault, ...files } = filesOf(view, entry);
  const lockFault = locked && hasPassword ? "it is locked by a password" : undefined;
  return {
    ...{ title, ...files, arguments: args },
    ...(fault === undefined && lockFault === undefined ? {} : { fault: fault ?? lockFault }),
    ...(locked ? { locked } : {}),
    ...(nextMenu === undefined ? {} : { nextMenu }),
  };
}

function filesOf(view: GrubView, entry: MenuEntry): Pick<BootEntryFacts, "kernel" | "initrd" | "fault"> {
  const { kernel, initrd, device } = entry;
  if (kernel === undefined) return {};
  const prefix = view.prefixOf(entry);
  if (prefix === undefined)
    return { kernel, initrd, fault: `${device ?? entry.uuid} is not mounted in the guest` };
  const [first, second] = [kernel, initrd].map((file) => placed(view, file, prefix));
  return { kernel: first.path, initrd: second.path, fault: first.fault ?? second.fault };
}

function placed(view: GrubView, file: string | undefined, prefix: string): { path?: string; fault?: string } {
  if (file === undefined) return {};
  if (!file.startsWith("/"))
    return { path: file, fault: `${file} is not an absolute path, as GRUB legacy needs it` };
  try {
    const path = view.resolve(file, prefix);
    return view.has(path) ? { path } : { path, fault: `${path} is not there` };
  } catch (error) {
    return { path: prefix + file, fault: (error as Error).message };
  }
}

/** GRUB legacy keeps the saved default in a file beside the menu: a number, then text for people. */
function savedEntry(tree: GuestTree, folder: string): number {
  return Number.parseInt(tree.read(path.posix.join(folder, "default")) ?? "", 10) || 0;
}

/** Where tools look for a menu of GRUB legacy: grubby at grub.conf, update-grub and YaST at menu.lst. */
const MENU_NAMES = ["/boot/grub/menu.lst", "/boot/grub/grub.conf", "/etc/grub.conf"];

function twinsOf(tree: GuestTree, menu: string): string[] {
  const seen = new Set([inodeOf(tree, menu)]);
  return MENU_NAMES.filter((name) => isReadable(tree, name)).flatMap((name) => {
    const inode = inodeOf(tree, name);
    if (seen.has(inode) || isGrub2Script(tree.read(name) ?? "")) return [];
    seen.add(inode);
    return [tree.resolve(name)];
  });
}

/** Two names of one file, by a link or a hard link (CentOS 6 by ami-creator), have one inode. */
function inodeOf(tree: GuestTree, name: string): string {
  const { dev, ino } = fs.statSync(tree.hostPath(name));
  return `${dev}:${ino}`;
}
