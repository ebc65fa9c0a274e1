/** What must be true of a converted guest, told from its files and from nothing that the steps before reported. Pure. */
import { type ArgumentsJudged, judgeArguments } from "../guest/commandLine/checkArguments";
import { fstabDevice } from "../guest/decideMounts";
import type { GuestDevices } from "../guest/devices";
import { checkMenu } from "../guest/menu/checkMenu";
import type { Check, GuestFacts, MountFacts, Plan } from "../types";

/** What the checks look at. */
export interface ConvertedGuest {
  guest: GuestFacts;
  /** The plan that the converted guest gets when it is inspected as a source: nothing may be left to do. */
  remaining: Plan;
  /** What the guest's device names mean on the converted disk. */
  devices: GuestDevices;
  root: Pick<MountFacts, "part" | "logicalVolume">;
  menu: string;
  fstab: string;
  /** Whether there is a file of that path in the guest. */
  exists: (path: string) => boolean;
}

/** All the checks of the guest's files, in the order in which a boot would stumble. */
export function checkGuest(converted: ConvertedGuest): Check[] {
  const { guest, menu, fstab } = converted;
  const entry = guest.bootFile.entries[guest.bootFile.defaultEntry];
  const judged = judgeArguments(entry?.arguments ?? []);
  return [
    ...checkMenu(menu),
    checkFile("kernel", entry?.kernel, converted),
    ...(entry?.initrd ? [checkFile("initrd", entry.initrd, converted)] : []),
    checkRoot("root= of the kernel", judged.root, converted),
    checkConsole(judged),
    checkArguments(judged),
    ...checkFstab(fstabDevice(fstab, "/"), converted),
    ...checkDrivers(converted.remaining),
    checkRemaining(converted.remaining),
  ];
}

function checkFile(what: string, path: string | undefined, { exists }: ConvertedGuest): Check {
  const ok = path !== undefined && exists(path);
  return {
    name: `the default entry's ${what} is there`,
    ok,
    seen: path === undefined ? `no ${what} line` : `${path}${ok ? "" : ": no such file"}`,
  };
}

/** A device name differs between Xen and Nitro types; only what the disk itself carries is the same on both. */
function checkRoot(name: string, value: string | undefined, { devices, root }: ConvertedGuest): Check {
  const plain = value?.replaceAll('"', "");
  const found = plain === undefined || devices.isDiskName(plain) ? undefined : devices.find(plain);
  const ok = found?.part === root.part && found.logicalVolume === root.logicalVolume;
  return { name: `${name} is this filesystem`, ok, seen: value ?? "nothing" };
}

/** Inspection warns of an fstab without a line for / and leaves one alone that names no disk (a live system's `none / tmpfs`). */
function checkFstab(device: string | undefined, converted: ConvertedGuest): Check[] {
  const isDisk = device !== undefined && /^(?:\/dev\/|[A-Z]+=)/.test(device);
  return isDisk ? [checkRoot("/ in /etc/fstab", device, converted)] : [];
}

function checkConsole({ consoleFault, consoles }: ArgumentsJudged): Check {
  return {
    name: "the last console is ttyS0, and none is Xen's",
    ok: consoleFault === undefined,
    seen: consoles,
  };
}

function checkArguments({ unbearable }: ArgumentsJudged): Check {
  return {
    name: "the kernel's arguments are ones that HVM bears",
    ok: unbearable === undefined,
    seen: unbearable === undefined ? "no other" : `${unbearable.word} (${unbearable.harm})`,
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
