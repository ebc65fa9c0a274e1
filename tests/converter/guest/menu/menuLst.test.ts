import assert from "node:assert/strict";
import fc from "fast-check";
import { editMenuLst } from "../../../../converter/guest/menu/menuLst";
import { parseMenu } from "../../../../converter/guest/menu/menu";
import type { MenuTarget } from "../../../../converter/guest/menu/menuTarget";
import { phonyTarget, UUID } from "./phonyTarget";
import { menuText } from "../texts";

const target = phonyTarget();

/** Names for network cards as the guest knows them: what stands for any parameter that a command line gets. */
const oldNames = {
  changes: () => ["net.ifnames=0", "biosdevname=0"].map((add) => ({ add, why: "eth0 keeps its name" })),
};

const edited = (text: string, changes: Partial<MenuTarget> = {}) =>
  editMenuLst(text, { ...target, ...changes }).text;

/** Three entries that nothing changes. */
const THREE = "timeout 0\ntitle a\nroot (hd0,0)\ntitle b\nroot (hd0,0)\ntitle c\nroot (hd0,0)\n";

/** Commands of an entry, in one. */
const inEntry = (commands: string) => `timeout 0\ntitle x\n${commands}`;

interface Case {
  it: string;
  before: string;
  after: string;
  target?: Partial<MenuTarget>;
}

const CASES: Case[] = [
  // devices
  { it: "moves root to the first partition", before: "root (hd0)\n", after: "root (hd0,0)\n" },
  {
    it: "keeps tabs between a command and its value",
    before: "\troot\t\t(hd0)\n",
    after: "\troot\t\t(hd0,0)\n",
  },
  { it: "keeps CRLF", before: "root (hd0)\r\n", after: "root (hd0,0)\r\n" },
  { it: "keeps a last line without a line end", before: "root (hd0)", after: "root (hd0,0)" },
  { it: "takes = for a separator, as GRUB legacy does", before: "root=(hd0)\n", after: "root=(hd0,0)\n" },
  { it: "moves an initrd's device", before: "initrd (hd0)/boot/i\n", after: "initrd (hd0,0)/boot/i\n" },
  {
    it: "moves the splash image",
    before: "splashimage=(hd0)/boot/s\n",
    after: "splashimage=(hd0,0)/boot/s\n",
  },
  { it: "moves the device in # groot=", before: "# groot=(hd0)\n", after: "# groot=(hd0,0)\n" },
  {
    it: "keeps a # groot= by UUID, as Ubuntu 8.04 has it",
    before: `# groot=${UUID}\n`,
    after: `# groot=${UUID}\n`,
  },
  { it: "keeps a device with a partition", before: "root (hd0,1)\n", after: "root (hd0,1)\n" },
  { it: "keeps a chain-loaded whole disk", before: "chainloader (hd0)+1\n", after: "chainloader (hd0)+1\n" },
  {
    it: "turns a label that GRUB 2 does not know into the UUID",
    before: "uuid LABEL=x\nroot (hd0,0)\n",
    after: `uuid ${UUID}\nroot (hd0,0)\n`,
  },
  {
    it: "keeps comments that are no settings",
    before: "## e.g. groot=(hd0)\n#root (hd0)\n",
    after: "## e.g. groot=(hd0)\n#root (hd0)\n",
  },
  // root=
  {
    it: "names the root by UUID, on the whole disk's name",
    before: "kernel /boot/v root=/dev/xvda ro console=ttyS0\n",
    after: `kernel /boot/v root=UUID=${UUID} ro console=ttyS0\n`,
  },
  {
    it: "names the root by UUID, on a partition's name",
    before: "kernel (hd0)/boot/v root=/dev/sda1 console=ttyS0\n",
    after: `kernel (hd0,0)/boot/v root=UUID=${UUID} console=ttyS0\n`,
  },
  {
    it: "names the root of # kopt= by UUID",
    before: "# kopt=root=/dev/hda1 ro console=ttyS0\n",
    after: `# kopt=root=UUID=${UUID} ro console=ttyS0\n`,
  },
  {
    it: "names the root of a # kopt= for one version by UUID",
    before: "# kopt_2_6=root=/dev/sda1 ro console=ttyS0\n",
    after: `# kopt_2_6=root=UUID=${UUID} ro console=ttyS0\n`,
  },
  ...["LABEL=cloudimg-rootfs", `UUID=${UUID.toUpperCase()}`].map((root) => ({
    it: `keeps root=${root}`,
    before: `kernel /boot/v root=${root} console=ttyS0\n`,
    after: `kernel /boot/v root=${root} console=ttyS0\n`,
  })),
  {
    it: "names the root by UUID instead of a label that this filesystem has not",
    before: "kernel /boot/v root=LABEL=/ console=ttyS0\n",
    after: `kernel /boot/v root=UUID=${UUID} console=ttyS0\n`,
  },
  // consoles
  ...["hvc0", "xvc0"].map((console) => ({
    it: `puts tty1 and ttyS0 in the place of ${console}`,
    before: `kernel /boot/v console=${console} quiet\n`,
    after: "kernel /boot/v console=tty1 console=ttyS0 quiet\n",
  })),
  {
    it: "takes xencons= for a console of Xen's",
    before: "# defoptions=xencons=hvc0 console=hvc0\n",
    after: "# defoptions=console=tty1 console=ttyS0\n",
  },
  {
    it: "adds consoles to an entry without",
    before: "kernel /boot/v ro\n",
    after: "kernel /boot/v ro console=tty1 console=ttyS0\n",
  },
  {
    it: "adds consoles to a bare kernel",
    before: "kernel /boot/v\n",
    after: "kernel /boot/v console=tty1 console=ttyS0\n",
  },
  {
    it: "adds consoles to an empty # defoptions=",
    before: "# defoptions=\n",
    after: "# defoptions=console=tty1 console=ttyS0\n",
  },
  {
    it: "adds consoles to the recovery entries' options",
    before: "# altoptions=(recovery mode) single\n",
    after: "# altoptions=(recovery mode) single console=tty1 console=ttyS0\n",
  },
  {
    it: "keeps a screen that is named and puts ttyS0 after it",
    before: "kernel /boot/v console=hvc0 quiet console=tty0\n",
    after: "kernel /boot/v quiet console=tty0 console=ttyS0\n",
  },
  {
    it: "leaves ttyS0 alone when only Xen's console goes",
    before: "kernel /b console=ttyS0,115200 console=hvc0\n",
    after: "kernel /b console=ttyS0,115200\n",
  },
  {
    it: "keeps consoles that suit HVM",
    before: "kernel /boot/v console=tty0 console=ttyS0,115200n8\n",
    after: "kernel /boot/v console=tty0 console=ttyS0,115200n8\n",
  },
  {
    it: "moves ttyS0 to the end, with its speed",
    before: "kernel /boot/v console=ttyS0,115200n8 console=tty0 quiet\n",
    after: "kernel /boot/v console=tty0 console=ttyS0,115200n8 quiet\n",
  },
  {
    it: "takes Xen's console out of # kopt=",
    before: "# kopt=ro console=hvc0\n",
    after: "# kopt=ro console=tty1 console=ttyS0\n",
  },
  {
    it: "adds no console to a # kopt= without where # defoptions= has it",
    before: "# kopt=root=LABEL=cloudimg-rootfs ro\n# defoptions=console=ttyS0\n",
    after: "# kopt=root=LABEL=cloudimg-rootfs ro\n# defoptions=console=ttyS0\n",
  },
  {
    it: "adds consoles to a # kopt= without where no # defoptions= has them",
    before: "# kopt=root=LABEL=cloudimg-rootfs ro\n",
    after: "# kopt=root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0\n",
  },
  {
    it: "keeps the hypervisor's own console",
    before: "# xenkopt=console=tty0\n",
    after: "# xenkopt=console=tty0\n",
  },
  {
    it: "leaves memtest86+ without a command line",
    before: "kernel /boot/memtest86+.bin\n",
    after: "kernel /boot/memtest86+.bin\n",
  },
  // network
  {
    it: "asks for old interface names where the guest needs them",
    before: inEntry("# kopt=ro console=ttyS0\nkernel /boot/v console=ttyS0 net.ifnames=0\n"),
    after: inEntry(
      "# kopt=ro console=ttyS0 net.ifnames=0 biosdevname=0\nkernel /boot/v console=ttyS0 net.ifnames=0 biosdevname=0\n",
    ),
    target: oldNames,
  },
  // default
  {
    it: "writes down a saved default",
    before: `default saved\n${THREE}`,
    after: `default 2\n${THREE}`,
    target: { defaultEntry: 2 },
  },
  {
    it: "writes down a saved default of 0, which GRUB 2 would look up elsewhere",
    before: `default saved\n${THREE}`,
    after: `default 0\n${THREE}`,
  },
  {
    it: "writes down the entry that GRUB legacy takes for a number past the end",
    before: `default=9\nfallback 1\n${THREE}`,
    after: `default=1\nfallback 1\n${THREE}`,
    target: { defaultEntry: 1 },
  },
  {
    it: "says the default where the menu says none",
    before: `timeout 0\r\n${THREE}`,
    after: `default 1\r\ntimeout 0\r\n${THREE}`,
    target: { defaultEntry: 1 },
  },
  ...["0x1", "1x", "01", "1 2", "saved "].map((said) => ({
    it: `writes default ${JSON.stringify(said)} as both GRUBs read it`,
    before: `default ${said}\n${THREE}`,
    after: `default 1\n${THREE}`,
    target: { defaultEntry: 1 },
  })),
  {
    it: "changes the last of several defaults, which decides",
    before: `default 2\ndefault saved\n${THREE}`,
    after: `default 2\ndefault 1\n${THREE}`,
    target: { defaultEntry: 1 },
  },
  // fallback
  {
    it: "keeps a fallback that both read alike",
    before: `fallback 1 2\n${THREE}`,
    after: `fallback 1 2\n${THREE}`,
  },
  {
    it: "takes entries that are not there out of fallback, at which GRUB 2 would fail",
    before: `fallback=1 7 0x2\n${THREE}`,
    after: `fallback=1 2\n${THREE}`,
  },
  {
    it: "takes out a fallback from which GRUB legacy reads nothing",
    before: `fallback 1 two\n${THREE}`,
    after: `#fallback 1 two\n${THREE}`,
  },
  // timeout
  {
    it: "says a timeout where the menu has none",
    before: "title a\r\nroot (hd0,0)\r\n",
    after: "timeout 5\r\ntitle a\r\nroot (hd0,0)\r\n",
  },
  {
    it: "says a timeout where GRUB legacy reads none",
    before: "timeout -1\ntitle a\nroot (hd0,0)\n",
    after: "timeout 5\ntitle a\nroot (hd0,0)\n",
  },
  {
    it: "writes a timeout as both read it",
    before: "timeout=010 s\ntitle a\nroot (hd0,0)\n",
    after: "timeout=10\ntitle a\nroot (hd0,0)\n",
  },
  // titles without a command
  {
    it: "makes a comment of a title without a command, which GRUB legacy does not count",
    before: "timeout 0\ntitle ----\ntitle a\nroot (hd0,0)\n  title end\n",
    after: "timeout 0\n#title ----\ntitle a\nroot (hd0,0)\n#  title end\n",
  },
  {
    it: "makes comments of the commands after such a title that only GRUB 2 knows",
    before: `timeout 0\ntitle ----\nuuid ${UUID}\nquiet\ntitle a\nroot (hd0,0)\n`,
    after: `timeout 0\n#title ----\n#uuid ${UUID}\nquiet\ntitle a\nroot (hd0,0)\n`,
  },
  {
    it: "makes comments of commands before the first title that only GRUB 2 would run",
    before: "timeout 0\nroot (hd0)\nkernel /boot/v\nboot\ntitle a\nroot (hd0,0)\n",
    after: "timeout 0\n#root (hd0)\n#kernel /boot/v\n#boot\ntitle a\nroot (hd0,0)\n",
  },
  // what GRUB 2 reads otherwise
  {
    it: "makes a continued line whole",
    before: "kernel /boot/v ro \\\r\n console=hvc0\n",
    after: "kernel /boot/v ro   console=tty1 console=ttyS0\n",
  },
  {
    it: "makes a comment of each line of a continued comment",
    before: "# a \\\ndefault 1\n",
    after: "# a \\\n#default 1\n",
  },
  {
    it: "keeps the backslash at the end of a setting",
    before: "# defoptions=console=hvc0 \\\n# altoptions=(r) single\n",
    after: "# defoptions=console=tty1 console=ttyS0 \\\n# altoptions=(r) single console=tty1 console=ttyS0\n",
  },
  {
    it: "cuts a line where GRUB legacy cuts it",
    before: `kernel /boot/v console=ttyS0 ${"x".repeat(1471)} lost\n`,
    after: `kernel /boot/v console=ttyS0 ${"x".repeat(1471)}\n`,
  },
  {
    it: "leaves out a lock that no password stands for",
    before: "timeout 0\ntitle a\nlock\nkernel /boot/v ro console=ttyS0\n",
    after: "timeout 0\ntitle a\n#lock\nkernel /boot/v ro console=ttyS0\n",
  },
  {
    it: "leaves out a password, which GRUB 2 would ask for before it starts an entry, and the locks with it",
    before: "password --md5 x\ntimeout 0\ntitle a\n  lock\nroot (hd0,0)\n",
    after: "#password --md5 x\ntimeout 0\ntitle a\n#  lock\nroot (hd0,0)\n",
  },
  {
    it: "lets update-grub write no lock and no savedefault either",
    before: "# lockalternative=true\n# lockold=true\n# savedefault=true\n",
    after: "# lockalternative=false\n# lockold=false\n# savedefault=false\n",
  },
  ...["savedefault", "map (hd0) (hd1)", "makeactive"].map((command) => ({
    it: `leaves ${command} out of an entry with a kernel, at which GRUB 2 would stop`,
    before: `kernel /boot/v console=ttyS0\n${command}\n`,
    after: `kernel /boot/v console=ttyS0\n#${command}\n`,
  })),
  {
    it: "keeps savedefault in an entry without a kernel",
    before: "timeout 0\ntitle a\nsavedefault\nchainloader +1\n",
    after: "timeout 0\ntitle a\nsavedefault\nchainloader +1\n",
  },
  {
    it: "leaves out what the entry's last kernel takes the place of",
    before: "kernel /boot/u console=ttyS0\ninitrd /boot/i\nkernel /boot/v console=ttyS0\n",
    after: "#kernel /boot/u console=ttyS0\n#initrd /boot/i\nkernel /boot/v console=ttyS0\n",
  },
  {
    it: "keeps a command in capitals, which neither GRUB knows",
    before: "root (hd0,0)\nROOT (hd0)\n",
    after: "root (hd0,0)\nROOT (hd0)\n",
  },
  {
    it: "takes a byte order mark and a no-break space for parts of a command, as both GRUBs do",
    before: "\ufeffdefault 1\ntimeout 0\ntitle a\n\u00a0root (hd0)\nroot (hd0,0)\n".replace(/^/, "# \n"),
    after: "\ufeffdefault 1\ntimeout 0\ntitle a\n\u00a0root (hd0)\nroot (hd0,0)\n".replace(/^/, "# \n"),
  },
  {
    it: "passes over carriage returns wherever they stand",
    before: "kernel /boot/v\r root=/dev/xvda console=ttyS0\r\n",
    after: `kernel /boot/v root=UUID=${UUID} console=ttyS0\r\n`,
  },
  {
    it: "keeps (hd0) in a title, a comment and a command line",
    before: "timeout 0\ntitle (hd0)\n#root (hd0)\nkernel /boot/v x=(hd0) console=ttyS0\n",
    after: "timeout 0\ntitle (hd0)\n#root (hd0)\nkernel /boot/v x=(hd0) console=ttyS0\n",
  },
  // consoles of update-grub's settings
  {
    it: "names the consoles once where # kopt= has them, beside an empty # defoptions=",
    before: "# kopt=ro console=hvc0\n# defoptions=\n",
    after: "# kopt=ro console=tty1 console=ttyS0\n# defoptions=\n",
  },
  {
    it: "names the consoles once where # kopt= has them, beside # defoptions= with Xen's",
    before: "# kopt=ro console=tty0\n# defoptions=quiet console=hvc0\n# altoptions=(r) single\n",
    after: "# kopt=ro console=tty0 console=ttyS0\n# defoptions=quiet\n# altoptions=(r) single\n",
  },
];

describe("editing menu.lst", () => {
  for (const { it: title, before, after, target: changes } of CASES) {
    const around = /^(?:title|timeout|default|fallback|password|splashimage|#)/.test(before)
      ? String
      : inEntry;
    it(title, () => assert.equal(edited(around(before), changes), around(after)));
  }

  it("has no two cases alike", () => {
    assert.equal(new Set(CASES.map(({ it: title }) => title)).size, CASES.length);
  });

  it("says why, a sentence for each kind of change", () => {
    const menu = inEntry("root (hd0)\nkernel (hd0)/boot/v root=/dev/xvda console=hvc0\n");
    const { why } = editMenuLst(menu, target);
    assert.deepEqual(
      why.map((sentence) => sentence.split(":")[0]),
      ["(hd0) → (hd0,0)", "root= by UUID", "console=tty1 console=ttyS0"],
    );
  });

  it("does not say of entries that name a root what update-grub's missing settings get", () => {
    const block =
      "### BEGIN AUTOMAGIC KERNELS LIST\n## ## Start Default Options ##\n## ## End Default Options ##\n";
    const entry = "title a\nroot (hd0,0)\nkernel /boot/vmlinuz-1 root=UUID=x console=ttyS0\n";
    const { text, why } = editMenuLst(`${block}${entry}`, { ...target, missingRoot: "/dev/xvda1" });
    assert.match(text, /^# kopt=.*root=/m);
    assert.deepEqual(
      why.filter((sentence) => sentence.startsWith("root= added")),
      [],
    );
  });

  it("says nothing where nothing changes", () => {
    const { text, why } = editMenuLst("timeout 5\n", target);
    assert.deepEqual({ text, why }, { text: "timeout 5\n", why: [] });
  });

  it("gives the same text when it is done twice, whatever the menu", () => {
    fc.assert(
      fc.property(menuText, fc.boolean(), fc.nat(3), (text, hasChanges, defaultEntry) => {
        const changes = { ...(hasChanges ? oldNames : {}), defaultEntry };
        const once = edited(text, changes);
        assert.equal(edited(once, changes), once);
      }),
    );
  });

  it("leaves nothing of Xen's console or the whole disk in a menu's commands", () => {
    fc.assert(
      fc.property(menuText, (text) => {
        const kernels = parseMenu(edited(text)).entries.filter(({ kernel }) =>
          kernel?.startsWith("/boot/vm"),
        );
        for (const { device, arguments: args } of kernels) {
          assert.notEqual(device, "(hd0)");
          assert.doesNotMatch(args.join(" "), /[hx]vc0|root=\/dev\/xvd/);
          assert.match(args.join(" "), /console=ttyS0(?!.*console=)/);
        }
      }),
    );
  });

  it("keeps the number of lines and every line that it does not know", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[#!@]?[^\n\r(=\\]*$/)), (lines) => {
        const text = lines.map((line) => `~${line}`).join("\n");
        assert.equal(edited(text), text);
      }),
    );
  });
});
