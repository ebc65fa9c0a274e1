/** What a generator's configuration would leave out of a later initramfs: edited, or told. */
import assert from "node:assert/strict";
import { applyPatch } from "diff";
import type { InitramfsTool } from "../../../../converter/guest/initramfs/generators";
import {
  planInitramfsConfiguration,
  warnInitramfsConfiguration,
} from "../../../../converter/guest/initramfs/initramfsConfiguration";
import type { KernelFacts } from "../../../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../phonyFacts";

const EL5: Partial<KernelFacts> = {
  driverModules: { "xen-platform-pci": ["xen-platform-pci"], "xen-blkfront": ["xen-vbd"] },
};
const LATER: Partial<KernelFacts> = {
  driverModules: { "xen-blkfront": ["xen-blkfront"], nvme: ["nvme"], ena: ["ena"], ext4: ["ext4"] },
};

function plannedText(
  tool: InitramfsTool,
  kernel: Partial<KernelFacts>,
  texts: Record<string, string>,
  knows: string[],
): Record<string, string | false> {
  const changes = { initramfsTool: tool, initramfsToolKnows: knows, files: Object.keys(texts) };
  const guest = phonyGuestFacts([phonyKernelFacts(kernel)], changes);
  const read = (path: string): string | undefined => texts[path];
  const edits = planInitramfsConfiguration(guest, ["xen-blkfront", "nvme", "ena", "ext4"], read);
  return Object.fromEntries(
    edits.map(({ path, diff }) => [path, applyPatch(texts[path] ?? "", `${diff.join("\n")}\n`)]),
  );
}

const CASES: {
  it: string;
  tool: InitramfsTool;
  kernel?: Partial<KernelFacts>;
  knows?: string[];
  path: string;
  before: string;
  after: string;
}[] = [
  {
    it: "takes a needed driver, and what it needs, out of dracut's omit_drivers, and leaves the rest there",
    tool: "dracut",
    path: "/etc/dracut.conf.d/small.conf",
    before: 'omit_drivers+=" nouveau nvme-core xen_blkfront ena "\n',
    after: 'omit_drivers+=" nouveau ena "\n',
  },
  {
    it: "takes a pattern out of it that a needed driver falls under",
    tool: "dracut",
    path: "/etc/dracut.conf",
    before: 'omit_drivers="xen floppy"\n',
    after: 'omit_drivers=" floppy "\nadd_drivers+=" xen-blkfront nvme ena ext4 "\n',
  },
  {
    it: "has an old dracut make an image for every machine",
    tool: "dracut",
    knows: ["dracut.conf.d"],
    path: "/etc/dracut.conf.d/host.conf",
    before: 'hostonly="yes"\n',
    after: 'hostonly="no"\n',
  },
  {
    it: "takes MODULES=dep out of whatever file of initramfs-tools has it",
    tool: "update-initramfs",
    path: "/etc/initramfs-tools/conf.d/small",
    before: "BUSYBOX=n\nMODULES=dep\n",
    after: "BUSYBOX=n\nMODULES=most\n",
  },
  {
    it: "gives a builder's list for Red Hat 5's mkinitrd the HVM kernel's name, for want of which it ends",
    tool: "mkinitrd",
    kernel: EL5,
    knows: ["folder"],
    path: "/etc/sysconfig/mkinitrd/ami.conf",
    before: 'PROBE="no"\nMODULES+="ext3 "\nMODULES+="xenblk "\n# xenblk\n',
    after: 'PROBE="no"\nMODULES+="ext3 "\nMODULES+="xen-vbd "\n# xenblk\n',
  },
  {
    it: "names the modules in every configuration that a preset of mkinitcpio's names",
    tool: "mkinitcpio",
    path: "/etc/mkinitcpio-ec2.conf",
    before: "MODULES=(ext4)\n",
    after: "MODULES=(ext4 xen-blkfront nvme ena)\n",
  },
];

const PRESET = { "/etc/mkinitcpio.d/linux.preset": 'ALL_config="/etc/mkinitcpio-ec2.conf"\n' };

describe("a configuration that would leave a driver out of the next kernel's initramfs", () => {
  for (const { it: title, tool, kernel = LATER, knows = [], path, before, after } of CASES)
    it(title, () => {
      const texts = { ...(tool === "mkinitcpio" ? PRESET : {}), [path]: before };
      const edited = plannedText(tool, kernel, texts, knows);
      assert.equal(edited[path], after);
      const again = { ...texts, ...(edited as Record<string, string>) };
      assert.deepEqual(plannedText(tool, kernel, again, knows), {});
    });

  it("leaves host-only images to a dracut that is called without them", () =>
    assert.equal(
      plannedText("dracut", LATER, { "/etc/dracut.conf": 'hostonly="yes"\n' }, [
        ...["--no-hostonly", "dracut.conf.d"],
      ])["/etc/dracut.conf"],
      undefined,
    ));

  const TOLD: [what: string, knows: string[], texts: Record<string, string>, found: RegExp | undefined][] = [
    ["reads no configuration (Red Hat 4)", [], {}, /mkinitrd reads no configuration/],
    [
      "reads a folder, where a file is in its place",
      ["folder"],
      { "/etc/sysconfig/mkinitrd": 'PROBE="no"\n' },
      /it is a file, .* a folder of that name alone/,
    ],
    ["reads a folder", ["folder"], {}, undefined],
  ];
  for (const [what, knows, texts, found] of TOLD)
    it(`is ${found ? "told" : "nothing to tell"} of a mkinitrd that ${what}`, () => {
      const changes = { initramfsTool: "mkinitrd" as const, initramfsToolKnows: knows };
      const guest = phonyGuestFacts([phonyKernelFacts(EL5)], changes);
      const advice = warnInitramfsConfiguration(guest, (path) => texts[path]);
      assert.equal(advice.length, found ? 1 : 0);
      if (found) assert.match(advice[0].found, found);
    });

  it("is told of an initramfs that no known program made (Gentoo's genkernel)", () => {
    const kernel = phonyKernelFacts({ ...LATER, earlyDrivers: ["xen-blkfront", "nvme"] });
    const [{ found }] = warnInitramfsConfiguration(
      phonyGuestFacts([kernel], { initramfsTool: undefined }),
      () => undefined,
    );
    assert.match(found, /has xen-blkfront, nvme, and what made it is none of the programs that are known/);
  });
});
