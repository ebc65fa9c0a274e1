import assert from "node:assert/strict";
import { chooseDefault, defaultBoot } from "../../../../converter/guest/kernel/chooseDefault";
import type { BootEntryFacts, Family, KernelFacts } from "../../../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../phonyFacts";

const BOTH: Family[] = ["xen", "nitro"];

const XEN_DRIVERS = ["xen-blkfront", "xen-netfront"];
const PV_ONLY = phonyKernelFacts({ version: "2.6.18-348.el5xen", bootsHvm: false });
const PLAIN = phonyKernelFacts({ version: "2.6.18-348.el5" });
const NEWER = phonyKernelFacts({ version: "2.6.18-398.el5" });
/** Boots as HVM, and knows no hardware of Nitro. */
const OLD = phonyKernelFacts({
  version: "2.6.32-220.el6",
  earlyDrivers: XEN_DRIVERS,
  availableDrivers: XEN_DRIVERS,
});
/** Has the disk's driver, and no network there. */
const WITHOUT_ENA = phonyKernelFacts({
  version: "2.6.32-504.el6",
  availableDrivers: [...XEN_DRIVERS, "nvme"],
});
/** Has both, NVMe as a module that is in no initramfs yet. */
const WITH_MODULES = phonyKernelFacts({ version: "2.6.32-754.el6", earlyDrivers: XEN_DRIVERS });

/** A guest whose menu starts these kernels, one entry each, with changes of the entries. */
function guestWith(kernels: KernelFacts[], entries: Partial<BootEntryFacts>[] = []) {
  const guest = phonyGuestFacts(kernels);
  const changed = guest.bootFile.entries.map((entry, index) => ({ ...entry, ...entries[index] }));
  return { ...guest, bootFile: { ...guest.bootFile, entries: changed } };
}

interface Case {
  it: string;
  guest: ReturnType<typeof guestWith>;
  families?: Family[];
  entry: number;
  why: RegExp;
}

const PV_ONLY_DEFAULTS: Case[] = [
  {
    it: "is the first that boots as HVM where the default is PV only",
    guest: guestWith([PV_ONLY, PLAIN, NEWER]),
    entry: 1,
    why: /2\.6\.18-348\.el5xen, is PV only, and 2\.6\.18-348\.el5 boots/,
  },
  {
    it: "is none for recovery where there is another",
    guest: guestWith([PV_ONLY, PLAIN, NEWER], [{}, { arguments: ["root=x", "single"] }]),
    entry: 2,
    why: /el5 boots/,
  },
  {
    it: "is one for recovery where there is no other",
    guest: guestWith([PV_ONLY, PLAIN], [{}, { title: "Linux (recovery mode)" }]),
    entry: 1,
    why: /el5 boots/,
  },
  {
    it: "is none that GRUB could not start",
    guest: guestWith([PV_ONLY, PLAIN, NEWER], [{}, { fault: "its initrd is not there" }]),
    entry: 2,
    why: /el5 boots/,
  },
  {
    it: "is, of those that boot as HVM, the first that lacks no driver",
    guest: guestWith([PV_ONLY, OLD, WITH_MODULES]),
    entry: 2,
    why: /is PV only, and 2\.6\.32-754\.el6 boots/,
  },
  {
    it: "is one that lacks a driver where none that boots as HVM has them all: that is refused with what it lacks",
    guest: guestWith([PV_ONLY, OLD, WITHOUT_ENA]),
    entry: 1,
    why: /2\.6\.32-220\.el6 boots/,
  },
  {
    it: "stays the default where no other boots",
    guest: guestWith([PV_ONLY]),
    entry: 0,
    why: /^default is 0$/,
  },
];

const LACKING_DEFAULTS: Case[] = [
  {
    it: "is the first that has all drivers where the default's kernel lacks some",
    guest: guestWith([OLD, WITHOUT_ENA, WITH_MODULES, NEWER]),
    entry: 2,
    why: /^the kernel of entry 0, 2\.6\.32-220\.el6, lacks nvme and ena, and 2\.6\.32-754\.el6 has all drivers for xen and nitro types$/,
  },
  {
    it: "is another where the default's kernel lacks the network's driver alone",
    guest: guestWith([WITHOUT_ENA, NEWER]),
    entry: 1,
    why: /2\.6\.32-504\.el6, lacks ena, and/,
  },
  {
    it: "stays the default where it lacks only what was not asked for",
    guest: guestWith([OLD, NEWER]),
    families: ["xen"],
    entry: 0,
    why: /^default is 0$/,
  },
  {
    it: "stays the default where its initramfs alone lacks a driver",
    guest: guestWith([WITH_MODULES, NEWER]),
    entry: 0,
    why: /^default is 0$/,
  },
  {
    it: "stays the default where no other has all drivers",
    guest: guestWith([OLD, WITHOUT_ENA]),
    entry: 0,
    why: /^default is 0$/,
  },
  {
    it: "stays the default where the only other that has all drivers is PV only",
    guest: guestWith([OLD, PV_ONLY]),
    entry: 0,
    why: /^default is 0$/,
  },
  {
    it: "stays the default where the only other that has all drivers is for recovery",
    guest: guestWith([OLD, NEWER], [{}, { title: "Linux (recovery mode)" }]),
    entry: 0,
    why: /^default is 0$/,
  },
  {
    it: "stays the default where GRUB could not start the only other that has all drivers",
    guest: guestWith([OLD, NEWER], [{}, { fault: "its initrd is not there" }]),
    entry: 0,
    why: /^default is 0$/,
  },
];

describe("the entry that boots after a conversion", () => {
  const STAYS: Case = {
    it: "stays the default",
    guest: guestWith([PLAIN, PV_ONLY]),
    entry: 0,
    why: /^default is 0$/,
  };

  for (const { it: title, guest, families = BOTH, entry, why } of [
    STAYS,
    ...PV_ONLY_DEFAULTS,
    ...LACKING_DEFAULTS,
  ])
    it(title, () => {
      const chosen = chooseDefault(guest, families);
      assert.deepEqual(
        [chosen.entry, chosen.insteadOf],
        [entry, entry === 0 ? undefined : guest.kernels[guest.bootFile.defaultEntry]],
      );
      assert.match(chosen.why, why);
      assert.equal(defaultBoot(guest, families).entry, guest.bootFile.entries[entry]);
    });

  it("is named with its title and the reason", () =>
    assert.equal(defaultBoot(guestWith([PLAIN]), BOTH).why, "entry 0 (2.6.18-348.el5): default is 0"));
});
