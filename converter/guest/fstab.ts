import { Reasons, splitLineEnd, splitLines, type Edited } from "./edit";
import { isDiskName, isForeignIdentity, stableRoot, type RootIdentity } from "./rootDevice";

/** How the guest says that a boot goes on without a disk: mountall's word on Ubuntu with upstart, `nofail` elsewhere. */
export type OptionalMount = "nofail" | "nobootwait";

export interface FstabTarget extends RootIdentity {
  optional: OptionalMount;
}

/** One mount of fstab, its fields as they stand. */
export interface Mount {
  device: string;
  point: string;
  type: string;
  options: string[];
}

const WHY = {
  root: "/ by UUID: /dev/sda1 and /dev/xvda1 are not there on Nitro types, and kernel updates copy root= from here",
  optional:
    "disks that the image does not bring must not stop a boot: a new instance has no instance store, or an empty one",
  systemd: "nobootwait → nofail: systemd does not know upstart's word",
};

/** Fields and the white space before each; what follows the sixth stays in the last. */
const LINE = /^(\s*)(\S+)(\s+)(\S+)(\s+)(\S+)(\s+)(\S+)(?:(\s+)(\S+))?(?:(\s+)(\S+))?(.*)$/s;

/** Mount points without which a system does not come up, whether fstab calls them optional or not. */
const ESSENTIAL = ["/", "/usr", "/var", "/boot"];

/** The mounts of an fstab; comments and broken lines are passed over. */
export function parseFstab(text: string): Mount[] {
  return splitLines(text).flatMap((line) => {
    const found = fieldsOf(splitLineEnd(line)[0]);
    return found ? [{ device: found[2], point: found[4], type: found[6], options: found[8].split(",") }] : [];
  });
}

/**
 * An fstab for the converted disk: the root by UUID where it has a device's name or a foreign label, and every other disk optional and
 * without a check (pass 0: fsck of an empty instance store drops NixOS and systemd guests into an emergency
 * shell), since the image carries the root alone. Spaces and tabs stay.
 */
export function editFstab(text: string, target: FstabTarget): Edited {
  const reasons = new Reasons();
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    return editLine(body, target, reasons) + lineEnd;
  });
  return { text: lines.join(""), why: reasons.list() };
}

/** Mounts on other disks that the system cannot do without: the image will lack them. */
export function essentialMountsElsewhere(text: string, target: FstabTarget): Mount[] {
  return parseFstab(text).filter(
    (mount) => mount.point !== "/" && ESSENTIAL.includes(mount.point) && isOtherDisk(mount.device, target),
  );
}

function fieldsOf(line: string): RegExpExecArray | undefined {
  return /^\s*(?:#|$)/.test(line) ? undefined : (LINE.exec(line) ?? undefined);
}

function editLine(line: string, target: FstabTarget, reasons: Reasons): string {
  const fields = fieldsOf(line);
  if (!fields) return line;
  const [device, point, type] = [fields[2], fields[4], fields[6]];
  if (point === "/") {
    const named = fields[1] + stableRoot(device, target) + line.slice((fields[1] + device).length);
    return reasons.note(line, named, WHY.root);
  }
  // Swap that is missing is a message on the console; only systemd waits for it, and knows `nofail` for it.
  if (type === "swap" && target.optional !== "nofail") return line;
  if (ESSENTIAL.includes(point) || !isOtherDisk(device, target)) return line;
  return makeOptional(line, fields, target.optional, reasons);
}

/** Whether it names a disk, and not the one that the root lies on. Network and virtual filesystems are no disks. */
function isOtherDisk(device: string, root: RootIdentity): boolean {
  return isDiskName(device) || /^\/dev\/(?:nvme|disk\/by-)/.test(device) || isForeignIdentity(device, root);
}

function makeOptional(line: string, fields: RegExpExecArray, word: OptionalMount, reasons: Reasons): string {
  const [, indent, device, gap1, point, gap2, type, gap3, options, gap4, dump, gap5, , rest] = fields;
  const edited = optionalOptions(options, word, reasons);
  const before = indent + device + gap1 + point + gap2 + type + gap3;
  const after = dump === undefined ? rest : gap4 + dump + (gap5 === undefined ? rest : `${gap5}0${rest}`);
  return reasons.note(line, before + edited + after, WHY.optional);
}

function optionalOptions(options: string, word: OptionalMount, reasons: Reasons): string {
  const list = options.split(",");
  if (list.includes("noauto") || list.includes(word)) return options;
  if (word === "nofail" && list.includes("nobootwait")) {
    return reasons.note(
      options,
      list.map((option) => (option === "nobootwait" ? word : option)).join(","),
      WHY.systemd,
    );
  }
  return [...list, word].join(",");
}
