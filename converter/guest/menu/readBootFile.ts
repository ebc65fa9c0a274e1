import fs from "node:fs";
import path from "node:path";
import { RefusedError } from "../../errors";
import type { BootEntryFacts, BootFileFacts, MountFacts } from "../../types";
import { otherSystem, otherSystemByName } from "../kernel/whatFileIs";
import { isGrub2Script, isReadable } from "./bootFile";
import { grub2Syntax, judgeDefault, noBootFile } from "./bootFileRefusals";
import { chooseEntry, parseMenu, savedNumber, type Menu, type MenuEntry } from "./menu";
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
  /** It was on a bare disk, and is on the first partition of the copy: the menu may say either. */
  isMoved?: boolean;
}

/**
 * The boot file in force, and which entry of it boots.
 * @param tree the guest put together: its filesystems mounted below its root
 * @param mounts which partition is mounted where, for entries that name another one than the menu's own
 * Throws a `RefusedError` if there is none, or none that says which Linux boots.
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
  const saved = savedNumber(view.defaultFile);
  const { index, why } = chooseEntry({ ...menu, entries }, saved, ({ fault }) => fault);
  const { part, prefix } = where;
  const bootFile: BootFileFacts = {
    ...{ part, path: where.path, prefix, resolvedPath, defaultEntry: index, defaultWhy: why, entries },
    ...(menu.default === "saved" ? { savedEntry: saved } : {}),
    ...{ twins: twinsOf(tree, resolvedPath) },
  };
  const reasons = isGrub2Script(text) ? [grub2Syntax(bootFile)] : judgeDefault(tree, bootFile);
  if (reasons.length > 0) throw new RefusedError(reasons);
  return bootFile;
}

/** How PV-GRUB sees the guest: one filesystem at a time, each with a root of its own. */
class GrubView {
  /** The file in which `savedefault` keeps its number, beside the menu. */
  readonly defaultFile: string | undefined;
  private readonly roots = new Map<string, GuestTree>();
  private readonly places = new Map<string, { path: string; isThere: boolean }>();

  constructor(
    private readonly tree: GuestTree,
    private readonly where: BootFilePlace,
    private readonly mounts: MountFacts[],
  ) {
    this.defaultFile = tree.read(path.posix.join(path.posix.dirname(where.path), "default"));
  }

  get hasDefaultFile(): boolean {
    return this.defaultFile !== undefined;
  }

  /** Why GRUB legacy cannot mount a device, as a clause; `undefined` if it can. */
  faultOfDevice(device: string): string | undefined {
    const named = partOfDevice(device);
    const { part, isMoved } = this.where;
    if (named === undefined) return `${device} is another disk`;
    if (isMoved || (named === 0) === (part === 0)) return undefined;
    return named === 0
      ? "(hd0) is the whole disk, whose filesystems lie on partitions"
      : `${device} is a partition, and the disk has none: PV-GRUB calls it (hd0)`;
  }

  /** Where the guest mounts the filesystem that an entry takes its files from; `undefined` if it does not. */
  prefixOf({ device, uuid }: Pick<MenuEntry, "device" | "uuid">): string | undefined {
    if (uuid !== undefined && device === undefined) return this.prefixOfUuid(uuid);
    const part = device === undefined ? this.where.part : partOfDevice(device);
    // On a disk that was bare (hd0) and (hd0,0) are both the menu's own filesystem.
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
    return this.placeOf(file, prefix).path;
  }

  /** The same, and whether there is something. Entries by the hundred name the same few files. */
  placeOf(file: string, prefix: string): { path: string; isThere: boolean } {
    const name = `${prefix}\0${file}`;
    const known = this.places.get(name);
    if (known) return known;
    const resolved = prefix + this.rootAt(prefix).resolve(file);
    const place = { path: resolved, isThere: this.tree.exists(resolved) };
    this.places.set(name, place);
    return place;
  }

  /** What a kernel is that is no Linux: by its name alone where a fault keeps its content from being read. */
  otherSystem(kernel: string, fault: string | undefined): string | undefined {
    return fault === undefined ? otherSystem(this.tree, kernel) : otherSystemByName(kernel);
  }

  private rootAt(prefix: string): GuestTree {
    const known =
      this.roots.get(prefix) ?? (prefix === "" ? this.tree : new GuestTree(this.tree.hostPath(prefix)));
    this.roots.set(prefix, known);
    return known;
  }
}

/** An entry with its files' places in the guest, and why it cannot be started. */
function entryFacts(view: GrubView, entry: MenuEntry, { hasPassword }: Menu): BootEntryFacts {
  const { title, arguments: args, locked, nextMenu } = entry;
  const { fault: filesFault, ...files } = filesOf(view, entry);
  const lockFault = locked && hasPassword ? "it is locked by a password" : undefined;
  const saveFault =
    entry.savesDefault && !view.hasDefaultFile
      ? "its `savedefault` finds no file `default` beside the menu"
      : undefined;
  const fault = filesFault ?? lockFault ?? entry.failure ?? saveFault;
  const other = files.kernel === undefined ? undefined : view.otherSystem(files.kernel, filesFault);
  return {
    ...{ title, ...files, arguments: args },
    ...(other === undefined ? {} : { otherSystem: other }),
    ...(fault === undefined ? {} : { fault }),
    ...(fault !== undefined && fault === entry.failure && entry.waits ? { waits: true } : {}),
    ...(locked ? { locked } : {}),
    ...(nextMenu === undefined ? {} : { nextMenu }),
  };
}

function filesOf(view: GrubView, entry: MenuEntry): Pick<BootEntryFacts, "kernel" | "initrd" | "fault"> {
  const { kernel, initrd, device, initrdDevice, uuid, earlier = [], roots = [] } = entry;
  if (kernel === undefined) return {};
  const mounted = roots.map((root) => ({ fault: view.faultOfDevice(root) }));
  const first = placed(view, kernel, { device, uuid });
  const second = initrd === undefined ? undefined : placed(view, initrd, { device: initrdDevice, uuid });
  const before = earlier.map(({ file, device: itsDevice }) =>
    placed(view, file, { device: itsDevice, uuid }),
  );
  const loaded = [...mounted, ...before, first, ...(second ? [second] : [])];
  const fault = loaded.find((one) => one.fault !== undefined)?.fault;
  return { kernel: first.path, initrd: second?.path, fault };
}

function placed(
  view: GrubView,
  file: string,
  from: Pick<MenuEntry, "device" | "uuid">,
): { path: string; fault?: string } {
  const deviceFault = from.device === undefined ? undefined : view.faultOfDevice(from.device);
  const prefix = view.prefixOf(from);
  if (deviceFault !== undefined) return { path: (prefix ?? "") + file, fault: deviceFault };
  if (prefix === undefined)
    return { path: file, fault: `${from.device ?? from.uuid} is not mounted in the guest` };
  if (!file.startsWith("/"))
    return { path: file, fault: `${file} is not an absolute path, as GRUB legacy needs it` };
  try {
    const { path, isThere } = view.placeOf(file, prefix);
    return isThere ? { path } : { path, fault: `${path} is not there` };
  } catch (error) {
    return { path: prefix + file, fault: (error as Error).message };
  }
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
