import type { Advice, FileEdit, GuestFacts, KernelFacts } from "../../types";
import { DRIVER_NAMES, moduleKey } from "../kernel/drivers";
import { fileEdit, Reasons, splitLines, type Edited } from "../edit";
import type { Read } from "../planEdits";
import neededModules from "./neededModules.json";

/** modprobe's configuration; a folder stands for all files in it. */
export const MODPROBE_FILES = [
  "/etc/modprobe.conf",
  "/etc/modprobe.conf.local",
  "/etc/modules.conf",
  "/etc/conf.modules",
];
export const MODPROBE_FOLDER = "/etc/modprobe.d";

/** The PV kernel's drivers by the names under which an HVM kernel of the guest has them. */
export type HvmModules = Record<"xennet" | "xenblk", string>;

/**
 * Red Hat 5's and SLES 11's HVM kernels have the same drivers by other names, find them by these aliases alone, and
 * their mkinitrd fails on an alias to a module that is not there. Kernels since 2.6.32 need no alias. Which of them a guest
 * has is asked of its modules, not of its name: SLES is `sles`, `suse` or `SLES_SAP` by one file or another.
 */
export function hvmModules(guest: Pick<GuestFacts, "kernels">): HvmModules | undefined {
  return guest.kernels.some(hasOldNames) ? { xennet: "xen-vnif", xenblk: "xen-vbd" } : undefined;
}

/** Records of earlier versions have no modules: of those Red Hat 5's are known by the version. */
function hasOldNames({ bootsHvm, version, driverModules }: KernelFacts): boolean {
  if (!bootsHvm) return false;
  if (driverModules === undefined) return /^2\.6\.18-.*el5/.test(version);
  const names = [driverModules["xen-netfront"], driverModules["xen-blkfront"]].flatMap((one) => one ?? []);
  return names.some((name) => ["xen_vnif", "xen_vbd"].includes(moduleKey(name)));
}

/** Edits of modprobe's files, of those among `files`. */
export function planModprobe(guest: GuestFacts, read: Read): FileEdit[] {
  const modules = hvmModules(guest);
  const edits = modprobeFiles(guest.files).map((path) => {
    const text = read(path);
    return text === undefined ? undefined : fileEdit(path, text, editModprobe(text, modules));
  });
  return edits.filter((edit) => edit !== undefined);
}

function modprobeFiles(files: string[]): string[] {
  return files.filter((path) => MODPROBE_FILES.includes(path) || path.startsWith(`${MODPROBE_FOLDER}/`));
}

/** Modules (by `moduleKey`) without which no disk or no card is found on one of the instance families. */
export const NEEDED_MODULES: readonly string[] = neededModules.map(moduleKey);

const ALIAS = /^(\s*alias\s+\S+\s+)(xennet|xenblk)\b/;
const BLOCK = /^\s*(?:blacklist\s+(\S+)|install\s+(\S+)\s+(?:\/usr)?\/bin\/(?:true|false))\s*(?:#.*)?$/;

/**
 * modprobe's configuration for an HVM kernel: aliases to the PV kernel's drivers renamed (`modules`) or taken out, and
 * no needed driver kept from loading. Everything else stays byte for byte.
 */
export function editModprobe(text: string, modules?: HvmModules): Edited {
  const reasons = new Reasons();
  const lines = splitLines(text).map((line) => {
    const blocked = blockedModule(line);
    if (blocked !== undefined && NEEDED_MODULES.includes(blocked))
      return reasons.note(
        line,
        "",
        `${blocked} may load: an instance family has its disk or its network by it`,
      );
    return editAlias(line, modules, reasons);
  });
  return { text: lines.join(""), why: reasons.list() };
}

function blockedModule(line: string): string | undefined {
  const [, blacklisted, replaced] = BLOCK.exec(line) ?? [];
  const name = blacklisted ?? replaced;
  return name === undefined ? undefined : moduleKey(name);
}

function editAlias(line: string, modules: HvmModules | undefined, reasons: Reasons): string {
  const found = ALIAS.exec(line);
  if (!found) return line;
  const name = found[2] as keyof HvmModules;
  if (!modules)
    return reasons.note(line, "", `no alias for ${name}: HVM kernels find their drivers by the hardware`);
  const why = `${name} → ${modules[name]}: the HVM kernel's name for it, without which mkinitrd fails`;
  return reasons.note(line, found[1] + modules[name] + line.slice(found[0].length), why);
}

/** Drivers that the rehearsal, or enhanced networking on the first Xen types, would use: their owner may have had a reason. */
export function warnModprobe(guest: GuestFacts, read: Read): Advice[] {
  const known = DRIVER_NAMES.map(moduleKey).filter((name) => !NEEDED_MODULES.includes(name));
  return modprobeFiles(guest.files).flatMap((path) => {
    const blocked = splitLines(read(path) ?? "").flatMap((line) => blockedModule(line) ?? []);
    const names = [...new Set(blocked.filter((name) => known.includes(name)))];
    return names.length === 0 ? [] : [adviceOn(path, names)];
  });
}

function adviceOn(path: string, names: string[]): Advice {
  const found = `it keeps ${names.join(", ")} from loading.`;
  const advice =
    "Left as it is. The rehearsal has no disk or card for the guest where it has no other driver for them; ixgbevf is enhanced networking on C3, R3 and I2.";
  return { subject: path, found, advice };
}
