/** What must be true of a converted guest, told from its files and from nothing that the steps before reported. Pure. */
import type { BootEntryFacts, Check, FilesystemFacts, GuestFacts, Plan } from "../types";

/** What the checks look at. */
export interface ConvertedGuest {
  guest: GuestFacts;
  /** The plan that the converted guest gets when it is inspected as a source: nothing may be left to do. */
  remaining: Plan;
  filesystem: Pick<FilesystemFacts, "uuid" | "label">;
  menu: string;
  fstab: string;
  /** Whether there is a file of that path in the guest. */
  exists: (path: string) => boolean;
}

/** All the checks of the guest's files, in the order in which a boot would stumble. */
export function checkGuest(converted: ConvertedGuest): Check[] {
  const { guest, menu, fstab } = converted;
  const entry = guest.bootFile.entries[guest.bootFile.defaultEntry];
  return [
    checkDevices(menu),
    checkFile("kernel", entry?.kernel, converted),
    ...(entry?.initrd ? [checkFile("initrd", entry.initrd, converted)] : []),
    checkRoot("root= of the kernel", argument(entry, "root"), converted.filesystem),
    checkConsole(entry),
    checkRoot("/ in /etc/fstab", rootOfFstab(fstab), converted.filesystem),
    ...checkDrivers(converted.remaining),
    checkRemaining(converted.remaining),
  ];
}

/** PV-GRUB's (hd0) is the filesystem; for GRUB it is the whole disk, on which no file is to be found. */
function checkDevices(menu: string): Check {
  const left = menu.split(/\r?\n/).filter((line) => /\(hd0\)/.test(line));
  return {
    name: "the boot menu names (hd0,0)",
    ok: left.length === 0,
    seen: left.length ? `still (hd0): ${left[0].trim()}` : "no (hd0) left",
  };
}

function checkFile(what: string, path: string | undefined, { exists }: ConvertedGuest): Check {
  const ok = path !== undefined && exists(path);
  return {
    name: `the default entry's ${what} is there`,
    ok,
    seen: path === undefined ? `no ${what} line` : `${path}${ok ? "" : ": no such file"}`,
  };
}

/** A device name differs between Xen and Nitro types; only what the filesystem itself carries is the same on both. */
function checkRoot(
  name: string,
  value: string | undefined,
  { uuid, label }: ConvertedGuest["filesystem"],
): Check {
  const resolves = [`UUID=${uuid}`, ...(label ? [`LABEL=${label}`] : [])];
  const plain = value
    ?.replaceAll('"', "")
    .replace(/^\/dev\/disk\/by-(uuid|label)\//, (_, kind: string) => `${kind.toUpperCase()}=`);
  return {
    name: `${name} is this filesystem`,
    ok: plain !== undefined && resolves.includes(plain),
    seen: value ?? "nothing",
  };
}

function checkConsole(entry: BootEntryFacts | undefined): Check {
  const consoles = (entry?.arguments ?? []).filter((one) => /^(console|xencons)=/.test(one));
  const ok =
    consoles.at(-1)?.startsWith("console=ttyS0") === true && !consoles.some((one) => /hvc|xvc/.test(one));
  return {
    name: "the last console is ttyS0, and none is Xen's",
    ok,
    seen: consoles.join(" ") || "no console=",
  };
}

function checkDrivers({ initramfs, verdicts }: Plan): Check[] {
  const lacking = initramfs.map(({ path, action, missing }) => ({
    name: `${path} has its drivers`,
    ok: action === "keep" && missing.length === 0,
    seen: missing.length > 0 ? `missing: ${missing.join(", ")}` : "complete",
  }));
  const families = verdicts.map(({ family, boots, why }) => ({
    name: `boots on ${family} types`,
    ok: boots,
    seen: why,
  }));
  return [...lacking, ...families];
}

function checkRemaining({ edits, refusals }: Plan): Check {
  const left = [...edits.map((edit) => edit.path), ...refusals.map((refusal) => refusal.subject)];
  return {
    name: "a second inspection finds nothing left to change",
    ok: left.length === 0,
    seen: left.join(", ") || "nothing",
  };
}

function argument(entry: BootEntryFacts | undefined, name: string): string | undefined {
  return entry?.arguments.findLast((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
}

function rootOfFstab(text: string): string | undefined {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return lines.find(([device, folder]) => !device.startsWith("#") && folder === "/")?.[0];
}
