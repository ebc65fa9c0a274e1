import type { Advice, Facts, Family, FileEdit } from "../types";
import { planCommandLines, warnOfArguments } from "./commandLine/planCommandLines";
import type { RootPlan } from "./commandLine/rootArgument";
import { warnClock } from "./configuration/clock";
import { planConsoles } from "./configuration/consoles";
import type { GuestDevices } from "./devices";
import type { Driver } from "./kernel/drivers";
import { editIfThere } from "./edit";
import { editFstab } from "./configuration/fstab";
import { warnGrowth } from "./configuration/growRoot";
import { planHardwareMemory } from "./configuration/hardwareMemory";
import { planInitramfsConfiguration, warnInitramfsConfiguration } from "./initramfs/initramfsConfiguration";
import { warnLvm } from "./configuration/lvmConfiguration";
import { planMacAddresses } from "./configuration/macAddresses";
import { composeEdits } from "./mergeEdits";
import { planModprobe, warnModprobe } from "./configuration/modprobe";
import { optionalWord } from "./configuration/optionalMounts";
import { planMenu } from "./menu/planMenu";
import { warnReferences } from "./references";
import { warnFstab } from "./configuration/warnFstab";
import { warnOfMenu } from "./menu/warnMenu";
import { warnNetwork } from "./configuration/warnNetwork";

/** A file's text, or `undefined` if there is no such file. */
export type Read = (path: string) => string | undefined;

/**
 * Everything that changes in the guest's files, each file once, with its diff.
 *
 * @param drivers what its initramfs must get
 * @param plan what a kernel without an initramfs is told its root by; by its families the default entry is chosen too
 */
export function planEdits(
  facts: Facts,
  drivers: Driver[],
  devices: GuestDevices,
  read: Read,
  plan: RootPlan,
): FileEdit[] {
  const { guest } = facts;
  return composeEdits(read, [
    (now) => planMenu(facts, devices, now, plan),
    (now) => planCommandLines(facts, devices, now, plan),
    (now) =>
      editIfThere("/etc/fstab", now, (text) => editFstab(text, { devices, optional: optionalWord(guest) })),
    (now) => planConsoles(guest, now),
    (now) => planHardwareMemory(guest.files, now),
    (now) => planMacAddresses(guest.files, now),
    (now) => planModprobe(guest, now),
    (now) => planInitramfsConfiguration(guest, drivers, now),
  ]);
}

/**
 * What the guest's files say that no edit mends.
 * @param families what the guest is to boot on: by them the entry that boots is chosen
 */
export function warnOfFiles(facts: Facts, devices: GuestDevices, read: Read, families: Family[]): Advice[] {
  const { guest } = facts;
  return [
    ...warnOfMenu(facts, devices, read),
    ...warnOfArguments(facts, families),
    ...warnFstab(read("/etc/fstab"), devices),
    ...warnNetwork(guest.files, read),
    ...warnModprobe(guest, read),
    ...warnInitramfsConfiguration(guest, read),
    ...warnLvm(facts, read),
    ...warnGrowth(facts, read),
    ...warnClock(guest),
    ...warnReferences(guest.deviceReferences),
  ];
}
