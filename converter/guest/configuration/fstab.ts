import type { GuestDevices } from "../devices";
import { Reasons, splitLineEnd, splitLines, type Edited } from "../edit";
import {
  cutLine,
  escaped,
  isMount,
  joinLine,
  mountOf,
  parseFstab,
  type FstabLine,
  type Mount,
} from "./fstabLines";
import { isLostDisk, isNameless, isOptional } from "./lostDisks";

export { parseFstab, type Mount } from "./fstabLines";

/**
 * How the guest says that a boot goes on without a disk: mountall's word on Ubuntu with upstart, `nofail` elsewhere.
 * Absent if its mount(8) knows neither (Red Hat 5, Ubuntu 8.04): there a mount that fails stops no boot, only a check does.
 */
export type OptionalWord = "nofail" | "nobootwait";

export interface FstabTarget {
  devices: GuestDevices;
  optional?: OptionalWord;
}

const WHY = {
  root: "/ by UUID: /dev/sda1 and /dev/xvda1 are not there on Nitro types, and kernel updates copy root= from here",
  own: "the disk's other filesystems and swap by UUID: their names differ from one instance family to the other",
  optional:
    "disks that the image does not bring must not stop a boot: a new instance has no instance store, or an empty one",
  pass: "no check of disks that the image does not bring: fsck of one that is missing or empty ends in a maintenance shell",
  systemd: "nobootwait → nofail: systemd does not know upstart's word",
};

/**
 * An fstab for the converted disk: what lies on the guest's own disk by UUID where it has a disk's name, and every other
 * disk optional and without a check (fsck of an empty instance store drops NixOS and systemd guests into an emergency
 * shell). What mounts from such a disk (bind mounts, swap files) is optional too. All else stays byte for byte.
 */
export function editFstab(text: string, target: FstabTarget): Edited {
  const reasons = new Reasons();
  const optional = lostPoints(text, target);
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    const cut = cutLine(body);
    return cut && isMount(cut) ? joinLine(editLine(cut, target, optional, reasons)) + lineEnd : line;
  });
  return { text: lines.join(""), why: reasons.list() };
}

/** Where the disks that the image does not bring would be mounted. */
function lostPoints(text: string, { devices }: FstabTarget): string[] {
  const lost = parseFstab(text).filter((mount) => isOptional(mount, devices));
  return lost.map(({ point }) => point).filter((point) => point.startsWith("/"));
}

function editLine(line: FstabLine, target: FstabTarget, lost: string[], reasons: Reasons): FstabLine {
  const mount = mountOf(line, 0);
  const { devices } = target;
  if (mount.point === "/") return editRoot(line, mount, devices, reasons);
  if (isNameless(mount, devices)) return makeOptional(line, mount, target.optional, reasons);
  const liesOnLost = lost.some((point) => mount.device.startsWith(`${point}/`) || mount.device === point);
  if (isOptional(mount, devices) || liesOnLost) return makeOptional(line, mount, target.optional, reasons);
  if (isLostDisk(mount.device, devices)) return line;
  return withDevice(line, mount, devices.stableName(mount.device), WHY.own, reasons);
}

/** A root that is no disk (a live system's `none / tmpfs`) is left alone. */
function editRoot(line: FstabLine, mount: Mount, devices: GuestDevices, reasons: Reasons): FstabLine {
  const isDisk = /^(?:\/dev\/|[A-Z]+=)/.test(mount.device);
  return isDisk ? withDevice(line, mount, devices.stableRoot(mount.device), WHY.root, reasons) : line;
}

function withDevice(
  line: FstabLine,
  { device }: Mount,
  name: string,
  why: string,
  reasons: Reasons,
): FstabLine {
  if (name === device) return line;
  return withField(line, 0, reasons.note(device, escaped(name), why));
}

function withField(line: FstabLine, index: number, value: string): FstabLine {
  const fields = [...line.fields];
  fields[index] = value;
  return { ...line, fields };
}

function makeOptional(
  line: FstabLine,
  mount: Mount,
  word: OptionalWord | undefined,
  reasons: Reasons,
): FstabLine {
  const optional = word === undefined ? line : withOptions(line, optionalOptions(mount, word, reasons));
  const [dump, pass] = optional.fields.slice(4, 6);
  const checks = /^\d+$/.test(dump ?? "") && /^\d+$/.test(pass ?? "") && Number(pass) !== 0;
  return checks ? withField(optional, 5, reasons.note(pass, "0", WHY.pass)) : optional;
}

/** Puts the options in place; a line that had none gets them as its fourth field. */
function withOptions(line: FstabLine, options: string): FstabLine {
  const before = line.fields[3];
  if (before !== undefined && !before.startsWith("#")) return withField(line, 3, options);
  if (options === "") return line;
  return {
    ...line,
    fields: [...line.fields.slice(0, 3), options, ...line.fields.slice(3)],
    gaps: [...line.gaps.slice(0, 2), " ", ...line.gaps.slice(2)],
  };
}

function optionalOptions({ options }: Mount, word: OptionalWord, reasons: Reasons): string {
  const before = options.join(",");
  if (options.includes("noauto") || options.includes(word)) return before;
  if (word === "nofail" && options.includes("nobootwait")) {
    const after = options.map((option) => (option === "nobootwait" ? word : option)).join(",");
    return reasons.note(before, after, WHY.systemd);
  }
  return reasons.note(before, before === "" ? `defaults,${word}` : `${before},${word}`, WHY.optional);
}
