import assert from "node:assert/strict";
import { applyPatch } from "diff";
import { parseMenu } from "../../../../converter/guest/menu/bootFile";
import { planMenu, warnOfMenu } from "../../../../converter/guest/menu/planMenu";
import type { RootPlan } from "../../../../converter/guest/commandLine/rootArgument";
import type { MountFacts } from "../../../../converter/types";
import { cleanFilesystem, inspectedGuest, type Lying } from "../inspectedGuest";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";
import { elfNote, elfWithNotes, initramfsWith, pvOpsKernel } from "../phonyKernel";
import { PHONY_PLAN, UUID } from "./phonyTarget";

const V = "2.6.32-5-amd64";
const KERNEL = {
  [`/boot/vmlinuz-${V}`]: pvOpsKernel(V),
  [`/boot/initramfs-${V}.img`]: initramfsWith("nvme"),
};
const MENU = `default=0\ntimeout=0\ntitle a\n\troot (hd0)\n\tkernel /boot/vmlinuz-${V} root=/dev/xvda1 ro rd_NO_LVM console=ttyS0\n\tinitrd /boot/initramfs-${V}.img\n`;

/** /boot on partition 1, the root on partition 2. */
const PARTITIONS: Required<Lying> = {
  table: "mbr",
  mounts: [
    { point: "/", part: 2, filesystem: cleanFilesystem({ label: undefined }) },
    { point: "/boot", part: 1, filesystem: cleanFilesystem({ uuid: "b007b007-0000", label: undefined }) },
  ] satisfies MountFacts[],
  bootFile: { part: 1, path: "/boot/grub/menu.lst", prefix: "/boot" },
};

/** The texts of the files that the plan changes, afterwards. */
async function planned(files: Record<string, PhonyFile>, lying?: Lying, plan: RootPlan = PHONY_PLAN) {
  const tree = phonyGuest({ ...KERNEL, "/boot/grub/menu.lst": MENU, ...files });
  const { facts, devices } = await inspectedGuest(tree, lying);
  const read = (file: string) => tree.read(file);
  const edits = planMenu(facts, devices, read, plan);
  const texts = edits.map(({ path, diff }) => [path, applyPatch(read(path) ?? "", `${diff.join("\n")}\n`)]);
  const warnings = warnOfMenu(facts, devices, read);
  return { texts: Object.fromEntries(texts) as Record<string, string>, edits, warnings };
}

const menuOf = async (...given: Parameters<typeof planned>) =>
  (await planned(...given)).texts["/boot/grub/menu.lst"];

describe("planning what becomes of the menu", () => {
  after(removePhonyGuests);

  it("takes the bare disk's filesystem for the first partition, and keeps rd_NO_LVM", async () => {
    const menu = await menuOf({});
    assert.match(menu, /^\troot \(hd0,0\)$/m);
    assert.match(menu, new RegExp(`root=UUID=${UUID} ro rd_NO_LVM `));
  });

  it("keeps the numbers of a partitioned disk, and takes (hd0) for the menu's own partition", async () => {
    const text = `timeout 0\ntitle a\nroot (hd0,0)\nkernel /vmlinuz-${V} root=/dev/xvda2 console=ttyS0\ninitrd (hd0,0)/initramfs-${V}.img\ntitle b\nroot (hd0)\nkernel /vmlinuz-gone console=ttyS0 root=LABEL=x\n`;
    const menu = await menuOf({ "/boot/grub/menu.lst": text }, PARTITIONS);
    assert.match(menu, /^title a\nroot \(hd0,0\)$/m);
    assert.match(menu, /^title b\nroot \(hd0,0\)$/m);
    assert.ok(menu.includes(`root=UUID=${UUID} console=ttyS0\ninitrd (hd0,0)/`));
  });

  it("converts an entry of Linux under whatever name, and leaves another system's as it is", async () => {
    const entries = ["xen-3.8.gz", "vmlinuz-bsd", "xen.gz"].map(
      (name) =>
        `title ${name}\nroot (hd0)\nkernel /boot/${name} root=/dev/xvda1 console=hvc0\ninitrd /boot/initramfs-${V}.img\n`,
    );
    const { texts, warnings } = await planned({
      "/boot/grub/menu.lst": MENU + entries.join(""),
      "/boot/xen-3.8.gz": pvOpsKernel(V),
      "/boot/vmlinuz-bsd": elfWithNotes(64, elfNote("Xen", 6, Buffer.from("FreeBSD\0"))),
    });
    const menu = texts["/boot/grub/menu.lst"];
    assert.match(menu, new RegExp(`^kernel /boot/xen-3\\.8\\.gz root=UUID=${UUID} `, "m"));
    assert.match(menu, /^kernel \/boot\/vmlinuz-bsd root=\/dev\/xvda1 console=hvc0$/m);
    assert.match(menu, /^kernel \/boot\/xen\.gz root=\/dev\/xvda1 console=hvc0$/m);
    const told = warnings.map(({ found }) => found).filter((found) => found.startsWith("entry"));
    assert.equal(told.length, 1, told.join("\n"));
    assert.match(told[0], /^entry 3 \(xen\.gz\): \/boot\/xen\.gz is not there/);
  });

  it("refuses the default entry that takes its files from where GRUB legacy finds none", async () => {
    const ofDevice = (device: string, lying?: Lying) =>
      menuOf({ "/boot/grub/menu.lst": MENU.replace("(hd0)", device) }, lying);
    await assert.rejects(ofDevice("(hd0)", PARTITIONS), /\(hd0\) is the whole disk/);
    await assert.rejects(ofDevice("(hd0,0)"), /\(hd0,0\) is a partition, and the disk has none/);
    await assert.rejects(ofDevice("(hd1)"), /\(hd1\) is another disk/);
    await assert.rejects(
      ofDevice("(hd1)\n\troot (hd0)"),
      /\(hd1\) is another disk/,
      "GRUB stops at the first",
    );
  });

  it("names the menu's partition where that is not the first one", async () => {
    const mounts = [{ ...PARTITIONS.mounts[0], part: 3 }];
    const bootFile = { part: 3, path: "/boot/grub/menu.lst", prefix: "" };
    const text = MENU.replace("(hd0)", "(hd0,2)") + "title b\n\troot (hd0)\n\tkernel /gone\n";
    const menu = await menuOf({ "/boot/grub/menu.lst": text }, { table: "mbr", mounts, bootFile });
    assert.match(menu, /^title b\n\troot \(hd0,2\)$/m);
  });

  it("names another partition's root by that one's own UUID", async () => {
    const text = `${MENU.replace("(hd0)", "(hd0,0)")}title rescue\nkernel /vmlinuz-${V} root=/dev/xvda1\n`
      .replaceAll("/boot/", "/")
      .replace("root=/dev/xvda1 ro", "root=/dev/xvda2 ro");
    const menu = await menuOf({ "/boot/grub/menu.lst": text, [`/boot/rescue`]: "" }, PARTITIONS);
    const [first, rescue] = parseMenu(menu).entries;
    assert.equal(first.arguments[0], `root=UUID=${UUID}`);
    assert.equal(rescue.arguments[0], "root=/dev/xvda1", "it has no initrd, and 2.6.32 knows no PARTUUID");
  });

  it("adds a root where a kernel line names none", async () => {
    const menu = await menuOf({ "/boot/grub/menu.lst": MENU.replace("root=/dev/xvda1 ", "") });
    assert.match(menu, new RegExp(`console=ttyS0 root=UUID=${UUID}`));
  });

  const BY_HAND = "/boot/bzImage-4.9.1-gentoo";
  const GENTOO: { it: string; version: string; plan?: RootPlan; root: string }[] = [
    { it: "by PARTUUID", version: "4.9.1-gentoo", root: "PARTUUID=1a2b3c4d-01" },
    {
      it: "by the partition's GUID on GPT",
      version: "4.9.1-gentoo",
      plan: {
        ...PHONY_PLAN,
        destination: {
          ...{ layout: "gpt", minimumSizeBytes: 0 },
          partitions: [
            {
              number: 1,
              startBytes: 0,
              sizeBytes: 1,
              type: "",
              role: "copy",
              guid: "ABCDEF00-1111-2222-3333-444455556666",
            },
          ],
        },
      },
      root: "PARTUUID=abcdef00-1111-2222-3333-444455556666",
    },
    {
      it: "by its name on the one family asked for, on a kernel before 3.8",
      version: "3.2.12-gentoo",
      plan: { ...PHONY_PLAN, options: { ...PHONY_PLAN.options, for: ["xen"] } },
      root: "/dev/xvda1",
    },
    { it: "as it did, where no name is right everywhere", version: "3.2.12-gentoo", root: "/dev/xvda" },
  ];
  for (const { it: title, version, plan, root } of GENTOO) {
    it(`names the root of a kernel without an initrd ${title}`, async () => {
      const kernel = BY_HAND.replace("4.9.1-gentoo", version);
      const menu = `title Gentoo\nroot (hd0)\nkernel ${kernel} root=/dev/xvda console=ttyS0\n`;
      const edited = await menuOf({ "/boot/grub/menu.lst": menu, [kernel]: pvOpsKernel(version) }, {}, plan);
      assert.equal(parseMenu(edited).entries[0].arguments[0], `root=${root}`);
    });
  }

  it("says the default that a fallback has taken over, so that grubby finds its template", async () => {
    const text = MENU.replace("default=0", "default=1\nfallback=0") + "title gone\nkernel /boot/gone\n";
    const { texts, warnings } = await planned({ "/boot/grub/menu.lst": text });
    assert.match(texts["/boot/grub/menu.lst"], /^default=0$/m);
    assert.ok(
      warnings.some(({ found }) =>
        /default is 1, where \/boot\/gone is not there, and fallback is 0/.test(found),
      ),
    );
  });

  it("edits grub.conf beside the menu too where it is another file, and warns", async () => {
    const { texts, warnings } = await planned({ "/boot/grub/grub.conf": `#grubby\n${MENU}` });
    assert.match(texts["/boot/grub/grub.conf"], /^#grubby[^]*root \(hd0,0\)/);
    assert.ok(warnings.some(({ found }) => /\/boot\/grub\/grub\.conf is a menu too/.test(found)));
  });

  const SOURCES: [file: string, before: string, after: string][] = [
    [
      "/etc/sysconfig/bootloader",
      'LOADER_TYPE="grub"\nDEFAULT_APPEND="resume=/dev/xvda1 splash=silent console=hvc0"\nFAILSAFE_APPEND=""\n',
      `LOADER_TYPE="grub"\nDEFAULT_APPEND="resume=/dev/disk/by-uuid/${UUID} splash=silent console=tty1 console=ttyS0"\nFAILSAFE_APPEND="console=tty1 console=ttyS0"\n`,
    ],
    [
      "/etc/sysconfig/kernel",
      "UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel-xen\n",
      "UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel\n",
    ],
    ["/boot/grub/device.map", "(fd0)\t/dev/fd0\n(hd0)\t/dev/sda1\n", "(fd0)\t/dev/fd0\n(hd0)\t/dev/sda\n"],
  ];
  for (const [file, before, expected] of SOURCES) {
    it(`edits ${file}, and nothing more the second time`, async () => {
      assert.equal((await planned({ [file]: before })).texts[file], expected);
      assert.equal((await planned({ [file]: expected })).texts[file], undefined);
    });
  }

  it("keeps YaST's comments, and moves the picture of SUSE's menu", async () => {
    const text = `# Modified by YaST2. Last modification on Mon\ndefault 0\ngfxmenu (hd0)/boot/message\n\n###Don't change this comment - YaST2 identifier: Original name: linux###\n${MENU.split("\n").slice(1).join("\n")}`;
    const menu = await menuOf({ "/boot/grub/menu.lst": text });
    assert.deepEqual(
      menu.split("\n").slice(0, 5),
      text.replace("(hd0)/boot/message", "(hd0,0)/boot/message").split("\n").slice(0, 5),
    );
  });

  it("warns of GRUB 2's own file beside the menu, with what they disagree in", async () => {
    const script =
      "set default=0\nmenuentry 'x' {\n linux /boot/vmlinuz-4.4 root=UUID=1 ro transparent_hugepage=never\n}\n";
    const { warnings } = await planned({
      "/boot/grub/grub.cfg": script,
      "/etc/default/grub": 'GRUB_CMDLINE_LINUX="nopti"\n',
    });
    const [{ found }] = warnings.filter(({ found: text }) => text.includes("grub.cfg"));
    assert.match(found, /boots vmlinuz-4\.4, the menu vmlinuz-2\.6\.32.*transparent_hugepage=never nopti/);
  });

  it("warns of entries that nothing can start, and leaves them", async () => {
    const { warnings } = await planned({
      "/boot/grub/menu.lst": `${MENU}title old\nkernel /boot/vmlinuz-1\n`,
    });
    assert.deepEqual(
      warnings.map(({ found }) => found),
      ["entry 1 (old): /boot/vmlinuz-1 is not there."],
    );
  });

  const GENERATED = "# This file was automatically generated by a site's own tool. Do not edit.\n";
  const SAYS: [title: string, text: string, warns: boolean][] = [
    ["warns of a menu that says that an unknown program writes it", GENERATED + MENU, true],
    [
      "warns of no menu that update-grub writes",
      `${GENERATED}### BEGIN AUTOMAGIC KERNELS LIST\n${MENU}`,
      false,
    ],
    ["warns of no menu that says nothing of a program", MENU, false],
  ];
  for (const [title, text, warns] of SAYS) {
    it(title, async () => {
      const { warnings } = await planned({ "/boot/grub/menu.lst": text });
      assert.equal(
        warnings.some(({ found }) => /no program that is known here/.test(found)),
        warns,
      );
    });
  }

  it("warns that a password is left out", async () => {
    const { warnings, texts } = await planned({ "/boot/grub/menu.lst": `password x\n${MENU}` });
    assert.ok(warnings.some(({ found }) => /it has a password/.test(found)));
    assert.match(texts["/boot/grub/menu.lst"], /^#password x$/m);
  });
});
