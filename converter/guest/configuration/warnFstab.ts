import type { Advice } from "../../types";
import { PLACE_NAME } from "../deviceNames";
import type { GuestDevices } from "../devices";
import { brokenLines, parseFstab, type Mount } from "./fstabLines";
import { essentialMountsElsewhere, isNameless, isOptional } from "./lostDisks";

/** What an fstab says that no edit mends. `text`: `undefined` if it cannot be read. */
export function warnFstab(text: string | undefined, devices: GuestDevices): Advice[] {
  if (text === undefined) return [NO_FSTAB];
  const mounts = parseFstab(text);
  return [
    ...warnRoots(mounts),
    ...warnBroken(brokenLines(text)),
    ...warnEssential(essentialMountsElsewhere(mounts, devices)),
    ...warnDiskNames(mounts, devices),
    ...warnNameless(mounts, devices),
  ];
}

const SUBJECT = "/etc/fstab";

const NO_FSTAB: Advice = {
  subject: SUBJECT,
  found: "it cannot be read.",
  advice: "The root is then mounted as the kernel's command line says.",
};

function warnRoots(mounts: Mount[]): Advice[] {
  const roots = mounts.filter(({ point }) => point === "/");
  if (roots.length === 1) return [];
  if (roots.length === 0) {
    const found = "it has no line for /.";
    const advice =
      "The root stays mounted as the kernel's command line says, perhaps read-only: write the line in the source.";
    return [{ subject: SUBJECT, found, advice }];
  }
  const lines = roots.map(({ line }) => line).join(", ");
  const found = `it mounts / more than once, in lines ${lines}.`;
  return [{ subject: SUBJECT, found, advice: "Each was converted; leave one of them." }];
}

/** Numbers that are named before `…`. */
const MOST_LINES = 10;

function warnBroken(lines: number[]): Advice[] {
  if (lines.length === 0) return [];
  const named = lines.slice(0, MOST_LINES).join(", ") + (lines.length > MOST_LINES ? ", …" : "");
  const found = `${lines.length === 1 ? "line" : "lines"} ${named}: no mount, which has a device, a place and a type at least.`;
  return [{ subject: SUBJECT, found, advice: "Left as it is: look whether something is missing there." }];
}

function warnEssential(mounts: Mount[]): Advice[] {
  return mounts.map(({ device, point }) => ({
    subject: SUBJECT,
    found: PLACE_NAME.test(device)
      ? `${point} is on ${device}, and nothing tells whether that is this disk.`
      : `${point} is on ${device}, another disk.`,
    advice: PLACE_NAME.test(device)
      ? "Where that is a partition of this same disk, name it by UUID= in the source. Else the image will not carry it: attach it at launch."
      : "The image will not carry it: attach it at launch, or move it to the root filesystem in the source.",
  }));
}

/** Such a disk keeps its name on Xen types; on Nitro types nothing has it. */
function warnDiskNames(mounts: Mount[], devices: GuestDevices): Advice[] {
  const named = mounts.filter((mount) => isOptional(mount, devices) && devices.isDiskName(mount.device));
  if (named.length === 0) return [];
  const found = named.map(({ line, device, point }) => `line ${line}: ${device} on ${point}`).join("; ");
  const advice =
    "No part of the image, and found by that name on Xen types alone: Nitro types call it /dev/nvme1n1 or the like. Name it by LABEL= or UUID= where it is to be mounted there.";
  return [{ subject: SUBJECT, found: `${found}.`, advice }];
}

/** Swap made by an old mkswap has neither UUID nor label; a partition that was copied with dd has another one's. */
function warnNameless(mounts: Mount[], devices: GuestDevices): Advice[] {
  const nameless = mounts.filter((mount) => isNameless(mount, devices));
  return nameless.map(({ line, device }) => ({
    subject: SUBJECT,
    found: `line ${line}: ${device} has no UUID and no label of its own, so it cannot be named otherwise.`,
    advice: "It is not found on Nitro types: give it a label in the source (mkswap -L for swap).",
  }));
}
