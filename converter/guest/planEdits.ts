import type { Advice, Facts, FileEdit } from "../types";
import { warnClock } from "./clock";
import { planConsoles } from "./consoles";
import type { GuestDevices } from "./devices";
import type { Driver } from "./drivers";
import { editIfThere } from "./edit";
import { editFstab } from "./fstab";
import { warnGrowth } from "./growRoot";
import { planHardwareMemory } from "./hardwareMemory";
import { planInitramfsConfiguration } from "./initramfsConfiguration";
import { warnLvm } from "./lvmConfiguration";
import { planMacAddresses } from "./macAddresses";
import { inSuccession } from "./mergeEdits";
import { planModprobe, warnModprobe } from "./modprobe";
import { optionalWord } from "./optionalMounts";
import { planMenu } from "./planMenu";
import { warnReferences } from "./references";
import type { RootPlan } from "./rootArgument";
import { warnFstab } from "./warnFstab";
import { warnOfMenu } from "./warnMenu";
import { warnNetwork } from "./warnNetwork";

/** A file's text, or `undefined` where there is no such file. */
export type Read = (path: string) => string | undefined;

/**
 * Everything that changes in the guest's files, each file once, with its diff.
 *
 * @param drivers what its initramfs must get
 * @param plan what a kernel without an initramfs is told its root by
 */
export function planEdits(
  facts: Facts,
  drivers: Driver[],
  devices: GuestDevices,
  read: Read,
  plan?: RootPlan,
): FileEdit[] {
  const { guest } = facts;
  return inSuccession(read, [
    (now) => planMenu(facts, devices, now, plan),
    (now) =>
      editIfThere("/etc/fstab", now, (text) => editFstab(text, { devices, optional: optionalWord(guest) })),
    (now) => planConsoles(guest, now),
    (now) => planHardwareMemory(guest.files, now),
    (now) => planMacAddresses(guest.files, now),
    (now) => planModprobe(guest, now),
    (now) => planInitramfsConfiguration(guest, drivers, now),
  ]);
}

/** What the guest's files say that no edit mends. */
export function warnOfFiles(facts: Facts, devices: GuestDevices, read: Read): Advice[] {
  const { guest } = facts;
  return [
    ...warnOfMenu(facts, devices, read),
    ...warnFstab(read("/etc/fstab"), devices),
    ...warnNetwork(guest.files, read),
    ...warnModprobe(guest, read),
    ...warnLvm(facts, read),
    ...warnGrowth(facts, read),
    ...warnClock(guest),
    ...warnReferences(guest.deviceReferences),
  ];
}
