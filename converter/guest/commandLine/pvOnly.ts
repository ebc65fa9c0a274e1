/**
 * What only a Xen PV guest bears, or what stops a boot on HVM: taken out, each with its reason. A PV guest has no firmware,
 * no PCI bus and no emulated devices, so these words did nothing there. Nothing that the guest relied on is lost.
 * Measured with Linux 6.1 and 6.12 in QEMU (docs/guests.md has the table), or read in Linux' sources.
 */
import { NEEDED_MODULES } from "../configuration/modprobe";
import { moduleKey } from "../kernel/drivers";
import { bytesOf, LEAST_MEMORY } from "./memory";
import type { ParameterChange } from "./changes";
import { argumentOf, kernelsOwn, nameKey, withValue } from "./words";

interface Rule {
  /** By `nameKey`. */
  names: readonly string[];
  /** `word`: `goes` is asked of the whole value, and the word goes. `item`: of each item of a list with commas. */
  per: "word" | "item";
  /** The value, or one item of it; empty for a word without a value. */
  goes: (value: string) => boolean;
  /** What goes, as it is told. */
  what: string;
  /** What it does on HVM: a clause. */
  harm: string;
}

const BLACKLISTS = [
  // kmod and udev; dracut's old name and its new one; the kernel's own since 4.x; initramfs-tools; mkinitcpio.
  ...[
    "modprobe.blacklist",
    "rdblacklist",
    "rd.driver.blacklist",
    "module_blacklist",
    "blacklist",
    "disablemodules",
  ],
];

/** Linux unplugs Xen's emulated disks and cards by itself where it has drivers for the others. */
function unplugsLess(value: string): boolean {
  const what = value.split(",");
  return !what.includes("all") && !(what.includes("ide-disks") && what.includes("nics"));
}

function isTooLittle(value: string): boolean {
  const bytes = bytesOf(value);
  return bytes !== undefined && bytes < LEAST_MEMORY;
}

const RULES: readonly Rule[] = [
  {
    ...{ names: ["earlyprintk"], per: "word", goes: (value) => value.split(",").includes("xen") },
    what: "earlyprintk=xen",
    harm: "it calls Xen in a way that HVM has not, and Linux then prints nothing and mounts nothing",
  },
  {
    ...{ names: ["pci"], per: "item", goes: (item) => item === "off" },
    what: "pci=off",
    harm: "on HVM disks and network cards are PCI devices, and Linux would find none of them",
  },
  {
    ...{ names: ["pci"], per: "item", goes: (item) => item === "conf2" },
    what: "pci=conf2",
    harm: "no machine of today answers in that way, and Linux would find neither disks nor network cards",
  },
  {
    ...{ names: ["pci"], per: "item", goes: (item) => item === "nomsi" },
    what: "pci=nomsi",
    harm: "ENA, the network card of Nitro types, works with MSI-X alone",
  },
  {
    ...{ names: ["nolapic", "disableapic"], per: "word", goes: () => true },
    what: "nolapic",
    harm: "without the processor's own interrupt controller there is no MSI-X, and ENA works with nothing else",
  },
  {
    ...{ names: ["xen_emul_unplug"], per: "word", goes: unplugsLess },
    what: "xen_emul_unplug",
    harm: "with it Xen types would keep emulated disks, or have no disk or network card of Xen's",
  },
  {
    // SLES 11: a parameter of its module; `all` is what a guest there wants.
    ...{ names: ["xen_platform_pci.dev_unplug"], per: "word", goes: (value) => value === "never" },
    what: "xen_platform_pci.dev_unplug=never",
    harm: "Xen types would have every disk twice",
  },
  {
    ...{ names: ["xen_nopv", "nopv"], per: "word", goes: () => true },
    what: "xen_nopv",
    harm: "with it Linux does not use Xen's disks and network cards, which are all that Xen types have",
  },
  {
    ...{ names: BLACKLISTS, per: "item", goes: (item) => NEEDED_MODULES.includes(moduleKey(item)) },
    what: "the block on a driver",
    harm: "an instance family has its disk or its network by it",
  },
  {
    ...{ names: ["ifname"], per: "word", goes: (value) => /:(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value) },
    what: "ifname=",
    harm: "it binds the network card to the source's MAC address, and the new instance has another",
  },
  {
    ...{ names: ["BOOTIF"], per: "word", goes: (value) => /(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(value) },
    what: "BOOTIF=",
    harm: "it names the source's MAC address, and the new instance has another",
  },
  {
    ...{ names: ["mem"], per: "word", goes: isTooLittle },
    what: "mem=",
    harm: `with less than ${LEAST_MEMORY / 2 ** 20} MiB the kernel or its initramfs would not start`,
  },
  {
    ...{ names: ["memmap"], per: "item", goes: (item) => item === "exactmap" || /^[^@#$!]+@/.test(item) },
    what: "memmap=",
    harm: "it says where the memory lies, which is another place on HVM, and Linux is not heard of again",
  },
  {
    ...{ names: ["8250.nr_uarts"], per: "word", goes: (value) => Number(value) === 0 },
    what: "8250.nr_uarts=0",
    harm: "without serial ports there is no ttyS0, which is what EC2's console output shows",
  },
];

/** The changes that take all of it out of a command line, or of any setting that becomes part of one. */
export const PV_ONLY: readonly ParameterChange[] = RULES.map((rule) => ({
  rewrite: (word) => without(word, rule),
  why: `${rule.what} goes: ${rule.harm}`,
}));

function without(word: string, { names, per, goes }: Rule): string | undefined {
  const { name, value = "" } = argumentOf(word);
  if (!names.some((one) => nameKey(one) === nameKey(name))) return word;
  if (per === "word") return goes(value) ? undefined : word;
  const items = value.split(",");
  const kept = items.filter((item) => !goes(item));
  if (kept.length === items.length) return word;
  return kept.length === 0 ? undefined : withValue(word, kept.join(","));
}

/** The first of an entry's words that HVM does not bear, and what it does; `undefined` where there is none. */
export function unbearable(given: string[]): { word: string; harm: string } | undefined {
  for (const rule of RULES) {
    const word = kernelsOwn(given).find((one) => without(one, rule) !== one);
    if (word !== undefined) return { word, harm: rule.harm };
  }
  return undefined;
}
