import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commandLineOutsideXen, loadFromDisk } from "../../../local/machines/pvGrub";

const MENU = `default 1
title other
root (hd0)
kernel /boot/other root=/dev/xvda1
title Linux
root (hd0)
kernel (hd0)/boot/vmlinuz root=/dev/xvda1 ro console=hvc0
initrd /boot/initrd.img
`;
const KERNELS = { "boot/vmlinuz": "a kernel", "boot/initrd.img": "an initramfs" };

describe("what stands in for PV-GRUB (needs root)", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "pv-grub-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function disk(files: Record<string, string>, links: Record<string, string> = {}): string {
    const tree = path.join(folder, "tree");
    const file = path.join(folder, "disk.img");
    const place = (name: string) => {
      fs.mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
      return path.join(tree, name);
    };
    place("etc/fstab");
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(place(name), text);
    for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, place(name));
    execFileSync("mke2fs", ["-q", "-F", "-t", "ext4", "-d", tree, file, "4M"]);
    return file;
  }

  const menus: { title: string; files: Record<string, string>; links?: Record<string, string> }[] = [
    { title: "menu.lst", files: { ...KERNELS, "boot/grub/menu.lst": MENU } },
    // Debian 7's menu.lst is an absolute link, and so are kernels in / on many systems.
    {
      title: "a linked menu.lst",
      files: { ...KERNELS, "boot/grub/grub.cfg": MENU },
      links: { "boot/grub/menu.lst": "/boot/grub/grub.cfg" },
    },
  ];
  for (const { title, files, links } of menus) {
    it(`takes the kernel and the initramfs of the default entry of ${title} out of the disk`, async () => {
      const outcome = await loadFromDisk(disk(files, links), folder);
      assert.ok("loaded" in outcome);
      assert.equal(fs.readFileSync(outcome.loaded.kernelFile, "utf8"), "a kernel");
      assert.equal(fs.readFileSync(outcome.loaded.initrdFile ?? "", "utf8"), "an initramfs");
      assert.match(outcome.loaded.commandLine, /^root=\/dev\/vda ro console=ttyS0/);
    });
  }

  it("leaves every byte of the disk as it was", async () => {
    const file = disk({ ...KERNELS, "boot/grub/menu.lst": MENU });
    const before = fs.readFileSync(file);
    await loadFromDisk(file, folder);
    assert.ok(fs.readFileSync(file).equals(before));
  });

  const failures: { title: string; files: Record<string, string>; expected: RegExp }[] = [
    { title: "without a menu", files: KERNELS, expected: /GRUB {2}version 0\.97\n\ngrubdom> $/ },
    {
      title: "with a menu of GRUB 2",
      files: { "boot/grub/menu.lst": "menuentry x {\n}\n" },
      expected: /0\.97\n\ngrubdom> $/,
    },
    {
      title: "whose kernel is missing",
      files: { "boot/grub/menu.lst": MENU },
      expected: /Booting 'Linux'\n\nError 15: File not found/,
    },
    {
      title: "whose entry starts a second boot loader",
      files: { "boot/grub/menu.lst": "title x\nroot (hd0)\nkernel /boot/grub.xen\n", "boot/grub.xen": "" },
      expected: /Error 13/,
    },
  ];
  for (const { title, files, expected } of failures) {
    it(`stays at its prompt before a disk ${title}`, async () => {
      const outcome = await loadFromDisk(disk(files), folder);
      assert.match("console" in outcome ? outcome.console : "it was loaded", expected);
    });
  }

  it("stays at its prompt before a disk that is no filesystem", async () => {
    const file = path.join(folder, "blank.img");
    fs.writeFileSync(file, Buffer.alloc(1024 * 1024));
    const outcome = await loadFromDisk(file, folder);
    assert.match(
      "console" in outcome ? outcome.console : "it was loaded",
      /Error 17: Cannot mount selected partition/,
    );
  });
});

describe("a PV entry's arguments outside Xen", () => {
  const cases: [given: string, expected: string][] = [
    [
      "root=/dev/xvda1 ro console=hvc0",
      "root=/dev/vda ro console=ttyS0 net.ifnames=0 fastboot fsck.mode=skip",
    ],
    [
      "root=LABEL=x ro xencons=hvc0 console=hvc0 single",
      "root=/dev/vda ro single console=ttyS0 net.ifnames=0 fastboot fsck.mode=skip",
    ],
    ["ro", "root=/dev/vda ro console=ttyS0 net.ifnames=0 fastboot fsck.mode=skip"],
  ];
  for (const [given, expected] of cases) {
    it(`makes "${given}" fit`, () => assert.equal(commandLineOutsideXen(given.split(" ")), expected));
  }
});
