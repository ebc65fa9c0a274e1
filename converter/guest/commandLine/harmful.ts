/** What a PV guest never felt and hardware may not bear: the word stays, since its owner may have had a reason, and is told. */
import type { Advice } from "../../types";
import { bytesOf } from "./memory";
import { argumentOf, kernelsOwn, nameKey } from "./words";

interface Harm {
  /** By `nameKey`. */
  names: readonly string[];
  /** Of the value, or of one item of a list with commas; empty for a word without a value. */
  harms: (item: string) => boolean;
  /** What it may do on HVM: a clause. */
  harm: string;
}

const NO_INTERRUPTS =
  "interrupts then come in the way of a PC of 1990: the larger types use one processor alone, and devices may stay silent";

const HARMS: readonly Harm[] = [
  {
    ...{ names: ["acpi"], harms: (item) => ["off", "ht", "noirq"].includes(item) },
    harm: "a PV guest has no ACPI, and HVM tells by it of its processors and interrupts: without it there may be one processor alone, or no disk",
  },
  {
    ...{ names: ["pci"], harms: (item) => item === "noacpi" },
    harm: "HVM tells by ACPI where its interrupts go: without it an IDE disk stays silent, and other devices may",
  },
  {
    ...{ names: ["pci"], harms: (item) => item === "bios" },
    harm: "the bus is asked in a way that no instance type promises to answer, and disks and cards may not be found",
  },
  { names: ["noapic", "nosmp"], harms: () => true, harm: NO_INTERRUPTS },
  { names: ["maxcpus"], harms: (item) => Number(item) === 0, harm: NO_INTERRUPTS },
  {
    ...{ names: ["clocksource", "clock"], harms: (item) => item === "jiffies" },
    harm: "the clock then counts ticks, and goes wrong where one is lost",
  },
  {
    ...{
      names: ["ide0", "ide1", "hda", "hdb", "hdc", "hdd"],
      harms: (item) => ["noprobe", "none"].includes(item),
    },
    harm: "the disk that Xen emulates is not looked at: right where the kernel has Xen's own driver, and the rehearsal then needs NVMe",
  },
  {
    ...{ names: ["ip"], harms: (item) => /^\d+\.\d+\.\d+\.\d+:/.test(item) },
    harm: "it is the old machine's address: in another subnet the new instance cannot be reached",
  },
];

/** A word that may do harm, and what it may do. */
export interface Suspect {
  word: string;
  harm: string;
}

/** Those of an entry's words that may do harm on HVM. */
export function suspects(given: string[]): Suspect[] {
  return kernelsOwn(given).flatMap((word) => {
    const { name, value = "" } = argumentOf(word);
    const items = ["", ...value.split(",")];
    const found = HARMS.find(
      ({ names, harms }) =>
        names.includes(nameKey(name)) && (value === "" ? harms("") : items.slice(1).some(harms)),
    );
    return found === undefined ? memoryLimit(word) : [{ word, harm: found.harm }];
  });
}

function memoryLimit(word: string): Suspect[] {
  const { name, value } = argumentOf(word);
  if (name !== "mem" || value === undefined || bytesOf(value) === undefined) return [];
  return [{ word, harm: "the instance uses no more of its memory than that" }];
}

/** What the owner should know of the command line of the entry that boots. */
export function warnArguments(subject: string, given: string[]): Advice[] {
  return [...suspects(given).map((one) => adviceOn(subject, one)), ...warnQuotes(subject, given)];
}

function adviceOn(subject: string, { word, harm }: Suspect): Advice {
  return {
    subject,
    found: `the entry that boots has ${word}: ${harm}.`,
    advice: "Left as it is. Take it out of the menu in the source where nothing needs it.",
  };
}

/** GRUB 2 puts a backslash before each quote and each backslash that it hands to Linux, so neither arrives as it stands. */
function warnQuotes(subject: string, given: string[]): Advice[] {
  const word = kernelsOwn(given).find((one) => /[ \t"'\\]/.test(one));
  if (word === undefined) return [];
  const found = `the entry that boots has an argument with quotes or a backslash in it (${word}): GRUB 2 puts a backslash before each of them, and Linux reads another value.`;
  return [{ subject, found, advice: "Write it without them in the source, where it is to count." }];
}
