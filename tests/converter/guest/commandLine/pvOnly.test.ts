import assert from "node:assert/strict";
import { changeParameters } from "../../../../converter/guest/commandLine/changes";
import { bytesOf } from "../../../../converter/guest/commandLine/memory";
import { PV_ONLY, unbearable } from "../../../../converter/guest/commandLine/pvOnly";
import { Reasons } from "../../../../converter/guest/edit";

function clean(line: string): { line: string; why: string[] } {
  const reasons = new Reasons();
  return { line: changeParameters(line, [...PV_ONLY], reasons), why: reasons.list() };
}

/** What goes, what is left of the word, and a word of the reason. */
const GOES: [word: string, left: string, why: RegExp][] = [
  ["earlyprintk=xen", "", /prints nothing/],
  ["earlyprintk=xen,keep", "", /prints nothing/],
  ["pci=off", "", /PCI devices/],
  ["pci=nocrs,off", "pci=nocrs", /PCI devices/],
  ["pci=conf2", "", /neither disks/],
  ["pci=nomsi", "", /MSI-X/],
  ["pci=nomsi,off", "", /PCI devices/],
  ["nolapic", "", /MSI-X/],
  ["disableapic", "", /MSI-X/],
  ["xen_emul_unplug=never", "", /Xen types/],
  ["xen_emul_unplug=unnecessary", "", /Xen types/],
  ["xen-emul-unplug=nics", "", /Xen types/],
  ["xen_platform_pci.dev_unplug=never", "", /every disk twice/],
  ["xen_nopv", "", /does not use Xen's disks/],
  ["nopv", "", /does not use Xen's disks/],
  ["modprobe.blacklist=nvme", "", /block on a driver/],
  ["modprobe.blacklist=floppy,nvme,pcspkr", "modprobe.blacklist=floppy,pcspkr", /block on a driver/],
  ["rd.driver.blacklist=ena", "", /block on a driver/],
  ["rdblacklist=xen-blkfront", "", /block on a driver/],
  ["module_blacklist=xen_netfront,ena", "", /block on a driver/],
  ["ifname=eth0:12:31:3d:04:30:2b", "", /MAC address/],
  ["BOOTIF=01-12-31-3d-04-30-2b", "", /MAC address/],
  ["mem=64M", "", /256 MiB/],
  ["mem=131072k", "", /256 MiB/],
  ['"mem=64M"', "", /256 MiB/],
  ["memmap=exactmap", "", /where the memory lies/],
  ["memmap=512M@0,1M$16M", "memmap=1M$16M", /where the memory lies/],
  ["8250.nr_uarts=0", "", /ttyS0/],
];

/** What a guest may well have, on both. */
const STAYS = [
  ...[
    "earlyprintk=serial,ttyS0,115200",
    "earlyprintk=vga",
    "earlyprintk",
    "pci=noacpi",
    "pci=nocrs",
    "mem=1G",
    "mem=nopentium",
  ],
  ...[
    "xen_emul_unplug=all",
    "xen_emul_unplug=ide-disks,nics",
    "xen_platform_pci.dev_unplug=all",
    "xen_pv_hvm=enable",
  ],
  ...[
    "modprobe.blacklist=xen_fbfront",
    "module_blacklist=i2c_piix4",
    "ifname=eth0",
    "ip=dhcp",
    "8250.nr_uarts=4",
  ],
  ...[
    "idle=halt",
    "elevator=noop",
    "clocksource=xen",
    "xen_nopvspin=1",
    "nosegneg",
    "independent_wallclock=1",
  ],
  ...[
    "swiotlb=force",
    "iommu=soft",
    "panic=30",
    "init=/bin/sh",
    "acpi=off",
    "noapic",
    "xenfb.video=8,1024,768",
  ],
];

describe("what only a Xen PV guest bears", () => {
  for (const [word, left, why] of GOES)
    it(`goes from a command line, with its reason: ${word}`, () => {
      const { line, why: said } = clean(`ro ${word} quiet`);
      assert.equal(line, left === "" ? "ro quiet" : `ro ${left} quiet`);
      assert.match(said.join("\n"), why);
      assert.equal(unbearable(["ro", word])?.word, word);
    });

  for (const word of STAYS)
    it(`is not ${word}`, () => {
      assert.deepEqual(clean(`ro ${word} quiet`), { line: `ro ${word} quiet`, why: [] });
      assert.equal(unbearable(["ro", word]), undefined);
    });
});

describe("an amount of memory", () => {
  const AMOUNTS: [string, number | undefined][] = [
    ["64M", 64 * 2 ** 20],
    ["1g", 2 ** 30],
    ["0x10000000", 2 ** 28],
    ["65536K@1M", 2 ** 26],
    ["010", 8],
    ["4096", 4096],
    ["nopentium", undefined],
  ];
  for (const [text, bytes] of AMOUNTS)
    it(`is read as Linux reads it: ${text}`, () => assert.equal(bytesOf(text), bytes));
});
