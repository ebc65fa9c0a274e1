/** A made-up guest with a plan carried out in its files, and what the step verify's checks of the guest then say. */
import fs from "node:fs";
import { applyEdits } from "../../../converter/guest/apply";
import { GuestDevices } from "../../../converter/guest/devices";
import { foreseenDisk, foreseenMounts } from "../../../converter/guest/foreseen/foreseenFacts";
import type { GuestTree } from "../../../converter/guest/tree";
import { planConversion } from "../../../converter/plan";
import { checkGuest } from "../../../converter/steps/guestChecks";
import type { Check, Facts, Plan } from "../../../converter/types";
import { inspectedGuest, type Lying } from "./inspectedGuest";

const ON_BARE_DISK = { part: 0, path: "/boot/grub/menu.lst", prefix: "" };

/** Changes the guest's files for good, reads all of them again, and gives the checks that fail. */
export async function failingAfterwards(
  tree: GuestTree,
  { source, mounts }: Facts,
  plan: Plan,
  lying: Lying = {},
): Promise<Check[]> {
  fs.mkdirSync(`${tree.root}/var/lib`, { recursive: true });
  applyEdits(tree, plan);
  const bootFile = lying.bootFile ?? ON_BARE_DISK;
  const { facts } = await inspectedGuest(tree, {
    ...lying,
    bootFile: { ...bootFile, isMoved: bootFile.part === 0 },
  });
  const remaining = planConversion({ facts, read: (path) => tree.read(path), options: plan.options });
  const moved = foreseenMounts(mounts, plan.destination);
  const checks = checkGuest({
    guest: facts.guest,
    remaining,
    devices: new GuestDevices(foreseenDisk(source, plan.destination), moved),
    root: moved[0],
    menu: tree.read(facts.guest.bootFile.resolvedPath) ?? "",
    fstab: tree.read("/etc/fstab") ?? "",
    exists: (path) => tree.exists(path),
  });
  return checks.filter(({ ok }) => !ok);
}
