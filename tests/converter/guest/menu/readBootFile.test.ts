import assert from "node:assert/strict";
import fs from "node:fs";
import { RefusedError } from "../../../../converter/errors";
import { findBootFile } from "../../../../converter/guest/menu/bootFile";
import { readBootFile, type BootFilePlace } from "../../../../converter/guest/menu/readBootFile";
import type { MountFacts } from "../../../../converter/types";
import { cleanFilesystem } from "../inspectedGuest";
import { elfNote, elfWithNotes } from "../phonyKernel";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";

const MENU = "title Linux\nroot (hd0)\nkernel /boot/vmlinuz-1 ro\ninitrd /boot/initrd-1\n";
const FILES = { "/boot/vmlinuz-1": "k", "/boot/initrd-1": "i", "/boot/grub/menu.lst": MENU };
const BARE: BootFilePlace = { part: 0, path: "/boot/grub/menu.lst", prefix: "" };

describe("finding the boot file as PV-GRUB does", () => {
  after(removePhonyGuests);

  const FOUND: {
    it: string;
    disk: { part: number; files: Record<string, PhonyFile> }[];
    found: { part: number; path: string } | undefined;
  }[] = [
    {
      it: "reads a bare disk's /boot/grub/menu.lst",
      disk: [{ part: 0, files: { "/boot/grub/menu.lst": "" } }],
      found: { part: 0, path: "/boot/grub/menu.lst" },
    },
    {
      it: "does not look into /grub of a bare disk",
      disk: [{ part: 0, files: { "/grub/menu.lst": "" } }],
      found: undefined,
    },
    {
      it: "reads /grub/menu.lst of a /boot of its own",
      disk: [{ part: 1, files: { "/grub/menu.lst": "" } }],
      found: { part: 1, path: "/grub/menu.lst" },
    },
    {
      it: "takes /boot/grub before /grub of the same partition",
      disk: [{ part: 2, files: { "/grub/menu.lst": "", "/boot/grub/menu.lst": "" } }],
      found: { part: 2, path: "/boot/grub/menu.lst" },
    },
    {
      it: "takes the first partition, whatever order they are given in",
      disk: [
        { part: 3, files: { "/boot/grub/menu.lst": "" } },
        { part: 1, files: { "/grub/menu.lst": "" } },
      ],
      found: { part: 1, path: "/grub/menu.lst" },
    },
    {
      it: "looks into no partition after the fourth",
      disk: [{ part: 5, files: { "/boot/grub/menu.lst": "" } }],
      found: undefined,
    },
    {
      it: "follows a link on the same filesystem",
      disk: [{ part: 1, files: { "/grub/menu.lst": { link: "./grub.conf" }, "/grub/grub.conf": "" } }],
      found: { part: 1, path: "/grub/menu.lst" },
    },
    {
      it: "follows no absolute link out of a /boot of its own, and goes on to the next place",
      disk: [
        { part: 1, files: { "/grub/menu.lst": { link: "/boot/grub/grub.conf" }, "/grub/grub.conf": "" } },
        { part: 2, files: { "/boot/grub/menu.lst": "" } },
      ],
      found: { part: 2, path: "/boot/grub/menu.lst" },
    },
    {
      it: "goes on after a link that runs in a circle",
      disk: [
        { part: 1, files: { "/grub/menu.lst": { link: "menu.lst" } } },
        { part: 4, files: { "/grub/menu.lst": "" } },
      ],
      found: { part: 4, path: "/grub/menu.lst" },
    },
  ];
  for (const { it: title, disk, found } of FOUND) {
    it(title, () => {
      const candidates = disk.map(({ part, files }) => ({ part, tree: phonyGuest(files) }));
      assert.deepEqual(findBootFile(candidates), found);
    });
  }
});

describe("reading the boot file in the guest", () => {
  after(removePhonyGuests);

  const boot: BootFilePlace = { part: 1, path: "/boot/grub/menu.lst", prefix: "/boot" };
  const mounts: MountFacts[] = [
    { point: "/", part: 2, filesystem: cleanFilesystem() },
    { point: "/boot", part: 1, filesystem: cleanFilesystem({ uuid: "b007", label: "/boot" }) },
  ];
  const READ: {
    it: string;
    menu: string;
    files?: Record<string, PhonyFile>;
    where?: BootFilePlace;
    entry: { kernel: string; initrd?: string };
  }[] = [
    {
      it: "puts /boot before the paths of a /boot of its own",
      menu: "title a\nroot (hd0,0)\nkernel /vmlinuz-1 ro\ninitrd /initrd-1\n",
      where: boot,
      entry: { kernel: "/boot/vmlinuz-1", initrd: "/boot/initrd-1" },
    },
    {
      it: "finds /boot/vmlinuz there through the link /boot/boot to itself",
      menu: "title a\nkernel /boot/vmlinuz-1 ro\n",
      files: { "/boot/boot": { link: "." } },
      where: boot,
      entry: { kernel: "/boot/vmlinuz-1" },
    },
    {
      it: "follows a link from the filesystem's own root",
      menu: "title a\nkernel /vmlinuz ro\n",
      files: { "/boot/vmlinuz": { link: "/vmlinuz-1" } },
      where: boot,
      entry: { kernel: "/boot/vmlinuz-1" },
    },
    {
      it: "takes an entry's files from the partition that its root names",
      menu: "title a\nroot (hd0,1)\nkernel /opt/vmlinuz ro\n",
      files: { "/opt/vmlinuz": "k" },
      where: boot,
      entry: { kernel: "/opt/vmlinuz" },
    },
    {
      it: "takes a kernel from the partition before its path",
      menu: "title a\nroot (hd0,0)\nkernel (hd0,1)/opt/vmlinuz ro\n",
      files: { "/opt/vmlinuz": "k" },
      where: boot,
      entry: { kernel: "/opt/vmlinuz" },
    },
    {
      it: "takes an entry's files from the filesystem that its uuid names",
      menu: "title a\nuuid B007\nkernel /vmlinuz-1\n",
      where: boot,
      entry: { kernel: "/boot/vmlinuz-1" },
    },
    {
      it: "reads the link /vmlinuz as the kernel that it leads to",
      menu: "title a\nkernel /vmlinuz ro\ninitrd /initrd.img\n",
      files: { "/vmlinuz": { link: "boot/vmlinuz-1" }, "/initrd.img": { link: "/boot/initrd-1" } },
      entry: { kernel: "/boot/vmlinuz-1", initrd: "/boot/initrd-1" },
    },
    {
      it: "reads a command line over two lines",
      menu: "title a\nkernel /boot/vmlinuz-1 \\\n ro\ninitrd /boot/initrd-1\n",
      entry: { kernel: "/boot/vmlinuz-1", initrd: "/boot/initrd-1" },
    },
  ];
  for (const { it: title, menu, files = {}, where = BARE, entry } of READ) {
    it(title, () => {
      const tree = phonyGuest({ ...FILES, "/boot/grub/menu.lst": menu, ...files });
      const [{ kernel, initrd }] = readBootFile(tree, where, mounts).entries;
      assert.deepEqual({ kernel, initrd }, { initrd: undefined, ...entry });
    });
  }

  it("takes the fallback where the default entry's kernel is gone, and says so", () => {
    const menu = `default 1\nfallback 0\n${MENU}title gone\nkernel /boot/vmlinuz-2\n`;
    const { defaultEntry, defaultWhy } = readBootFile(
      phonyGuest({ ...FILES, "/boot/grub/menu.lst": menu }),
      BARE,
    );
    assert.equal(defaultEntry, 0);
    assert.equal(defaultWhy, "default is 1, where /boot/vmlinuz-2 is not there, and fallback is 0");
  });

  it("passes over an entry that a password locks", () => {
    const menu = `password x\nfallback 1\ntitle a\nlock\nkernel /boot/vmlinuz-1\n${MENU}`;
    assert.equal(readBootFile(phonyGuest({ ...FILES, "/boot/grub/menu.lst": menu }), BARE).defaultEntry, 1);
  });

  it("takes a lock for nothing where the menu has no password", () => {
    const menu = `fallback 1\ntitle a\nlock\nkernel /boot/vmlinuz-1\n${MENU}`;
    assert.equal(readBootFile(phonyGuest({ ...FILES, "/boot/grub/menu.lst": menu }), BARE).defaultEntry, 0);
  });

  const TWINS: [title: string, lay: (root: string) => void, twins: string[]][] = [
    ["a link", (root) => fs.symlinkSync("menu.lst", `${root}/boot/grub/grub.conf`), []],
    ["a hard link", (root) => fs.linkSync(`${root}/boot/grub/menu.lst`, `${root}/boot/grub/grub.conf`), []],
    [
      "a copy",
      (root) => fs.copyFileSync(`${root}/boot/grub/menu.lst`, `${root}/boot/grub/grub.conf`),
      ["/boot/grub/grub.conf"],
    ],
  ];
  for (const [title, lay, twins] of TWINS) {
    it(`${twins.length > 0 ? "tells" : "takes"} ${title} ${twins.length > 0 ? "from" : "for"} the menu itself`, () => {
      const tree = phonyGuest(FILES);
      lay(tree.root);
      assert.deepEqual(readBootFile(tree, BARE).twins, twins);
    });
  }

  const REFUSED: {
    it: string;
    menu: string;
    files?: Record<string, PhonyFile>;
    where?: BootFilePlace;
    says: RegExp;
  }[] = [
    {
      it: "names a kernel by a relative path",
      menu: "title a\nkernel vmlinuz-1\n",
      says: /vmlinuz-1 is not an absolute path/,
    },
    {
      it: "names an initrd that is not there",
      menu: "title a\nkernel /boot/vmlinuz-1\ninitrd /boot/gone\n",
      says: /\/boot\/gone is not there/,
    },
    {
      it: "hands over to another menu",
      menu: "title a\nconfigfile (hd0)/boot/other.lst\n",
      says: /another menu, \/boot\/other\.lst/,
    },
    {
      it: "starts grub.xen, as NixOS's",
      menu: "title a\nkernel /boot/grub.xen\n",
      files: { "/boot/grub.xen": "" },
      says: /second boot loader, \/boot\/grub\.xen.*HVM images/,
    },
    {
      it: "starts GRUB 2 for Xen under a kernel's name",
      menu: "title a\nkernel /boot/vmlinuz-1\n",
      files: { "/boot/vmlinuz-1": elfWithNotes(64, elfNote("Xen", 6, Buffer.from("GRUB\0"))) },
      says: /second boot loader, \/boot\/vmlinuz-1.*HVM images/,
    },
    {
      it: "starts the Xen hypervisor",
      menu: "title a\nkernel /boot/xen.gz\nmodule /boot/vmlinuz-1\n",
      files: { "/boot/xen.gz": "" },
      says: /\/boot\/xen\.gz, which is not Linux/,
    },
    {
      it: "has a kernel behind links in a circle",
      menu: "title a\nkernel /boot/loop\n",
      files: { "/boot/loop": { link: "loop" } },
      says: /links run in a circle/,
    },
    {
      it: "names a partition that the guest does not mount",
      menu: "title a\nroot (hd0,2)\nkernel /boot/vmlinuz-1\n",
      where: { ...BARE, part: 1 },
      says: /\(hd0,2\) is not mounted/,
    },
  ];
  for (const { it: title, menu, files = {}, where = BARE, says } of REFUSED) {
    it(`refuses a menu that ${title}`, () => {
      const tree = phonyGuest({ ...FILES, "/boot/grub/menu.lst": menu, ...files });
      assert.throws(
        () => readBootFile(tree, where),
        (error) => error instanceof RefusedError && says.test(error.message),
      );
    });
  }

  const NONE: [title: string, files: Record<string, PhonyFile>, says: RegExp][] = [
    ["where grub.conf has no menu.lst", { "/boot/grub/grub.conf": MENU }, /no menu\.lst leads to it/],
    ["where the link leads nowhere", { "/boot/grub/menu.lst": { link: "gone" } }, /leads to no file/],
    ["where another filesystem has the file", { "/boot/grub/menu.lst": MENU }, /on another filesystem/],
    ["on an HVM image with extlinux", { "/extlinux.conf": "" }, /looks like an HVM image/],
  ];
  for (const [title, files, says] of NONE) {
    it(`says why PV-GRUB finds no menu ${title}`, () => {
      assert.throws(() => readBootFile(phonyGuest(files), undefined), says);
    });
  }
});
