import { describeUnsuitable } from "../disk/signature";
import { RefusedError } from "../errors";
import type { Advice, MountFacts, PartFacts } from "../types";
import { parseMenu } from "./menu/menu";
import { GuestDevices, type NamedVolume } from "./devices";
import { ambiguousRoot } from "./sharedUuids";
import { parseFstab } from "./configuration/fstabLines";
import type { BootFilePlace } from "./menu/readBootFile";

/** A filesystem of the disk, with what tells its place in the guest. */
export interface Surveyed extends Omit<MountFacts, "point"> {
  /** A boot menu where PV-GRUB looks for one; its path on this filesystem. */
  menu?: { path: string; text: string };
  fstab?: string;
  /** Has what every system has: an init, accounts. */
  hasSystem: boolean;
  /** Has kernels at its top, as a /boot of its own. */
  hasKernel: boolean;
}

/** What the guest's programs, and this one, need besides the root. Data folders are not looked into. */
const LOOKED_INTO = /^\/(?:boot|usr|var|opt|etc|lib|lib64|sbin|bin|tmp)(?:\/|$)/;

/**
 * Which filesystem is the root, which of the others are mounted in it, and where PV-GRUB finds its menu. Throws a
 * `RefusedError` if no filesystem is a system's root.
 */
export function decideMounts(
  parts: PartFacts[],
  surveyed: Surveyed[],
): { mounts: MountFacts[]; bootFile?: BootFilePlace } {
  // PV-GRUB takes the first partition with a menu; it reads no logical volumes.
  const boot = surveyed.find(({ menu, logicalVolume }) => menu && logicalVolume === undefined);
  const root = chooseRoot(parts, surveyed, boot);
  const others = surveyed.filter((one) => one !== root);
  const mounted = mountsIn(parts, root, others);
  if (boot && boot !== root && !mounted.some(({ part }) => part === boot.part))
    mounted.unshift(at("/boot", boot));
  const mounts = [at("/", root), ...mounted.sort((one, other) => depth(one) - depth(other))];
  return { mounts, bootFile: boot?.menu && placeOfMenu(mounts, boot, boot.menu.path) };
}

function chooseRoot(parts: PartFacts[], surveyed: Surveyed[], boot: Surveyed | undefined): Surveyed {
  const systems = surveyed.filter(({ hasSystem, fstab }) => hasSystem && fstab !== undefined);
  const candidates = systems.length > 0 ? systems : surveyed.filter(({ hasSystem }) => hasSystem);
  if (candidates.length === 1) return candidates[0];
  const closed = parts.filter(({ content }) => content.kind === "other");
  // Whatever it lacks, on a disk with one filesystem there is nothing else to boot.
  if (surveyed.length === 1 && closed.length === 0) return surveyed[0];
  if (candidates.length === 0) throw new RefusedError([noRoot(surveyed, closed)]);
  const isAt = (one: Surveyed, { part, logicalVolume }: NamedVolume) =>
    one.part === part && one.logicalVolume === logicalVolume;
  for (const name of rootNames(boot?.menu?.text ?? "")) {
    const devices = new GuestDevices({ parts }, [at("/", candidates[0])], [name]);
    const found = devices.find(name);
    const root = found && candidates.find((one) => isAt(one, found));
    if (root) return root;
    const namesakes = devices
      .namesakes(name)
      .filter((volume) => candidates.some((candidate) => isAt(candidate, volume)));
    if (namesakes.length > 1) throw new RefusedError([ambiguousRoot(name, namesakes)]);
  }
  return candidates[0];
}

/** What the menu's entries call the root, the default's first. */
export function rootNames(menuText: string): string[] {
  const { entries, default: first } = parseMenu(menuText);
  const ordered = typeof first === "number" && entries[first] ? [entries[first], ...entries] : entries;
  return ordered.flatMap((entry) =>
    entry.arguments.filter((one) => one.startsWith("root=")).map((one) => one.slice("root=".length)),
  );
}

/** What the root's fstab mounts of the same disk; `noauto` too, for the menu may be there all the same. */
function mountsIn(parts: PartFacts[], root: Surveyed, others: Surveyed[]): MountFacts[] {
  const lines = parseFstab(root.fstab ?? "");
  const rootName = fstabDevice(root.fstab ?? "", "/");
  const devices = new GuestDevices(
    { parts },
    [at("/", root)],
    rootName === undefined ? [] : [rootName],
    lines.map(({ device }) => device),
  );
  return lines
    .filter(({ point }) => LOOKED_INTO.test(point))
    .flatMap(({ device, point }) => {
      const volume = devices.find(device);
      const found = others.find(
        (one) => one.part === volume?.part && one.logicalVolume === volume.logicalVolume,
      );
      return found ? [at(point.replace(/\/+$/, ""), found)] : [];
    });
}

/** What a file like `/etc/fstab` mounts at a folder; blanks in the name as they are meant. */
export function fstabDevice(text: string, point: string): string | undefined {
  return parseFstab(text).find((line) => line.point === point)?.device;
}

function placeOfMenu(mounts: MountFacts[], boot: Surveyed, path: string): BootFilePlace {
  const point = mounts.find(({ part, logicalVolume }) => part === boot.part && !logicalVolume)?.point ?? "/";
  const prefix = point === "/" ? "" : point;
  return { part: boot.part, path: prefix + path, prefix };
}

function at(point: string, { part, logicalVolume, filesystem }: Surveyed): MountFacts {
  return { point, part, ...(logicalVolume === undefined ? {} : { logicalVolume }), filesystem };
}

function depth({ point }: MountFacts): number {
  return point.split("/").length;
}

/** @param closed parts that are not looked into: Arch had its root on btrfs beside an ext /boot */
function noRoot(surveyed: Surveyed[], closed: PartFacts[]): Advice {
  const seen = surveyed.map(({ part, logicalVolume, filesystem }) => {
    const where = logicalVolume ?? (part === 0 ? "the bare disk" : `partition ${part}`);
    return `${filesystem.type} on ${where}`;
  });
  const reasons = closed.map(({ number, content }) => ({ number, ...describeUnsuitable(content) }));
  const beside = reasons.map(({ number, found }) => `; partition ${number} ${found?.replace(/\.$/, "")}`);
  return {
    subject: "source",
    found: `none of its filesystems is a Linux system's root (${seen.join(", ") || "there is none that can be read"})${beside.join("")}.`,
    advice:
      reasons[0]?.advice ??
      "Check that this is the guest's root volume: its root has /etc/fstab and /sbin/init.",
  };
}
