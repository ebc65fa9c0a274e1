/** Wherever a kernel's arguments live, a word that only Xen PV bears is taken out, and a second run changes nothing. */
import assert from "node:assert/strict";
import { editBootloaderDefaults } from "../../../../converter/guest/commandLine/bootloaderDefaults";
import { suspects, warnArguments } from "../../../../converter/guest/commandLine/harmful";
import { editInstalledKernels } from "../../../../converter/guest/commandLine/installedKernels";
import { PV_ONLY } from "../../../../converter/guest/commandLine/pvOnly";
import type { Edited } from "../../../../converter/guest/edit";
import { editMenuLst } from "../../../../converter/guest/menu/menuLst";
import { phonyTarget, UUID } from "../menu/phonyTarget";

const target = phonyTarget({ changes: () => [...PV_ONLY, { add: "rootwait", why: "it waits" }] });

interface Place {
  place: string;
  edit: (text: string) => Edited;
  before: string;
  after: string;
}

const menu = (text: string): Edited => {
  const { text: edited, why } = editMenuLst(text, target);
  return { text: edited, why };
};
const entry = (line: string) => `timeout 5\ntitle a\nkernel /boot/vmlinuz ${line}\n`;
const CONSOLES = "console=tty1 console=ttyS0";

const PLACES: Place[] = [
  {
    place: "an entry of the menu",
    edit: menu,
    before: entry(`root=LABEL=cloudimg-rootfs console=hvc0 earlyprintk=xen ro`),
    after: entry(`root=LABEL=cloudimg-rootfs ${CONSOLES} ro rootwait`),
  },
  {
    place: "# kopt=",
    edit: menu,
    before: "# kopt=root=LABEL=cloudimg-rootfs ro earlyprintk=xen\n# defoptions=console=hvc0\n",
    after: `# kopt=root=LABEL=cloudimg-rootfs ro rootwait\n# defoptions=${CONSOLES}\n`,
  },
  {
    place: "# kopt_2_6=",
    edit: menu,
    before: `# kopt_2_6=root=LABEL=cloudimg-rootfs pci=off ${CONSOLES}\n`,
    after: `# kopt_2_6=root=LABEL=cloudimg-rootfs ${CONSOLES} rootwait\n`,
  },
  {
    place: "# defoptions=",
    edit: menu,
    before: "# defoptions=console=hvc0 earlyprintk=xen\n",
    after: `# defoptions=${CONSOLES}\n`,
  },
  {
    place: "# nonaltoptions=",
    edit: menu,
    before: `# nonaltoptions=pci=off quiet ${CONSOLES}\n`,
    after: `# nonaltoptions=quiet ${CONSOLES}\n`,
  },
  {
    place: "# altoptions=",
    edit: menu,
    before: `# altoptions=(recovery mode) single xen_nopv ${CONSOLES}\n`,
    after: `# altoptions=(recovery mode) single ${CONSOLES}\n`,
  },
  {
    place: "YaST's DEFAULT_APPEND and FAILSAFE_APPEND",
    edit: (text) => editBootloaderDefaults(text, target),
    before: `DEFAULT_APPEND="earlyprintk=xen console=hvc0"\nFAILSAFE_APPEND='nosmp mem=64M ${CONSOLES}'\n`,
    after: `DEFAULT_APPEND="${CONSOLES} rootwait"\nFAILSAFE_APPEND='nosmp ${CONSOLES} rootwait'\n`,
  },
  {
    place: "/etc/kernel/cmdline",
    edit: (text) => editInstalledKernels(text, target),
    before: "root=/dev/xvda1 ro console=hvc0 pci=off\n",
    after: `root=UUID=${UUID} ro ${CONSOLES} rootwait\n`,
  },
];

describe("a place where a kernel's arguments live", () => {
  for (const { place, edit, before, after } of PLACES)
    it(`loses what only Xen PV bears: ${place}`, () => {
      const { text, why } = edit(before);
      assert.equal(text, after);
      assert.match(why.join("\n"), / goes: /);
      assert.deepEqual(edit(text), { text, why: [] });
    });

  it("keeps what serves dom0 and the hypervisor alone", () => {
    const dom0 = "# xenhopt=dom0_mem=1G nopv\n# xenkopt=earlyprintk=xen\n";
    assert.equal(menu(dom0).text, dom0);
    const yast = 'XEN_KERNEL_APPEND="earlyprintk=xen"\nXEN_APPEND="nopv"\n';
    assert.equal(editBootloaderDefaults(yast, target).text, yast);
  });
});

describe("what may harm on HVM", () => {
  const HARMS: [string, RegExp][] = [
    ["acpi=off", /ACPI/],
    ["noapic", /processor/],
    ["nosmp", /processor/],
    ["maxcpus=0", /processor/],
    ["pci=noacpi", /ACPI/],
    ["pci=nocrs,bios", /bus/],
    ["clocksource=jiffies", /clock/],
    ["ide0=noprobe", /Xen emulates/],
    ["ip=10.0.0.4:10.0.0.1::255.255.255.0", /address/],
    ["mem=1G", /no more of its memory/],
  ];
  for (const [word, harm] of HARMS)
    it(`is told, and stays: ${word}`, () => {
      const found = suspects(["ro", word]);
      assert.deepEqual(
        found.map((one) => one.word),
        [word],
      );
      assert.match(found[0].harm, harm);
    });

  for (const word of [
    "acpi=force",
    "maxcpus=2",
    "ip=dhcp",
    "clocksource=tsc",
    "memmap=1M$16M",
    "mem=nopentium",
    "hda=noprobex",
  ])
    it(`is not ${word}`, () => assert.deepEqual(suspects([word]), []));

  it("is a quote that GRUB 2 hands on with a backslash", () => {
    for (const word of ["foo=a b", 'foo="a', "it's", "a\\b"]) {
      const [advice] = warnArguments("/boot/grub/menu.lst", ["ro", word]);
      assert.match(advice.found, /a backslash before each of them/);
    }
    assert.deepEqual(warnArguments("/boot/grub/menu.lst", ["ro", "root=LABEL=/"]), []);
  });
});
