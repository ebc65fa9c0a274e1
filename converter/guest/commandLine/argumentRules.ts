/**
 * The kernel's arguments that HVM does not bear, and those that it may not: one table (`argumentTable.json`), of which the live
 * program's list is made as well (live/argumentRules.mjs). Its patterns are such that awk and JavaScript read them alike: no
 * `{n}`, no `\d`. The first that fits a word counts where they are told.
 */
import { NEEDED_MODULES } from "../configuration/modprobe";
import { moduleKey } from "../kernel/drivers";
import table from "./argumentTable.json";
import { bytesOf } from "./memory";
import { argumentOf, nameKey } from "./words";

/** A row of the table. */
interface Row {
  names: string[];
  /** `word` (the default): the whole value is asked. `item`: each item of a list with commas. */
  per?: string;
  /** What the value, or one item of it, must match. Empty for a word without a value. */
  matches?: string;
  /** What it must not match. */
  lacks?: string;
  /** An amount of memory that is less than that. */
  belowMiB?: number;
  /** A module that an instance family has its disk or its network by. */
  isNeededModule?: boolean;
  /** What goes, as it is told. */
  what?: string;
  /** What it does on HVM: a clause. */
  harm: string;
}

export interface Rule {
  per: "word" | "item";
  /** Whether it speaks of arguments of that name. */
  concerns: (name: string) => boolean;
  /** Asked of the value, or of one item of it; empty for a word without a value. */
  fits: (value: string) => boolean;
  what: string;
  harm: string;
}

/**
 * What only a Xen PV guest bears. `mem=`: a guest needs about 256 MiB at the least to get to its login, and EC2's smallest types
 * have 512. Linux 6.1 with an initramfs of 2 MiB panics with 64 MiB and has 78 MiB to itself with 128; real initramfs unpack to
 * 100 MiB and more. `xen_emul_unplug`: Linux unplugs Xen's emulated disks and cards by itself where it has drivers for the
 * others. `xen_platform_pci.dev_unplug` is SLES 11's, where `all` is what a guest wants. Names that block a driver: kmod's and udev's;
 * dracut's old one and its new one; the kernel's own since 4.x; initramfs-tools'; mkinitcpio's.
 */
export const PV_ONLY_RULES: readonly Rule[] = table.pvOnly.map(ruleOf);

/** What a PV guest never felt and hardware may not bear. */
export const HARMFUL_RULES: readonly Rule[] = table.harmful.map(ruleOf);

function ruleOf({ names, per, what = "", harm, ...test }: Row): Rule {
  return {
    per: per === "item" ? "item" : "word",
    concerns: (name) => names.includes(nameKey(name)),
    fits: testOf(test),
    what,
    harm,
  };
}

function testOf(row: Pick<Row, "matches" | "lacks" | "belowMiB" | "isNeededModule">): Rule["fits"] {
  const { matches, lacks, belowMiB, isNeededModule } = row;
  if (isNeededModule) return (value) => NEEDED_MODULES.includes(moduleKey(value));
  if (belowMiB !== undefined) return (value) => (bytesOf(value) ?? Infinity) < belowMiB * 2 ** 20;
  if (lacks !== undefined) return (value) => !new RegExp(lacks).test(value);
  return (value) => matches === undefined || new RegExp(matches).test(value);
}

/** The items of a word's value that a rule speaks of; the whole value where it is asked as one. None: it does not fit the word. */
export function fittingItems(word: string, { per, concerns, fits }: Rule): string[] {
  const { name, value = "" } = argumentOf(word);
  if (!concerns(name)) return [];
  return (per === "word" ? [value] : value.split(",")).filter(fits);
}
