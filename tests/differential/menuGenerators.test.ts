/** Programs that write the menu anew when a kernel is installed, run on a converted guest: the new entry boots. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { isRoot, removeFolders, scratchFolder } from "../converter/disk/images";
import { debianFile, runOnGuest } from "../converter/guest/menu/updateGrub";
import { fixtureText } from "../converter/guest/texts";
import { GuestTree } from "../../converter/guest/tree";
import { convertTree, initramfsFile, kernelFile, MENU, planFor, UUID, versionOf, writeGuest } from "./guest";
import { emptyConvertedDisk, fillConvertedDisk, startedByGrub2 } from "./machine/grub2";
import type { Started } from "./machine/boot";
import { stubInitramfs, stubKernel } from "./machine/stubKernel";

const NEW = 9;
const NEW_INITRAMFS_BYTES = 1500;

const GENERATORS: { program: string; package: string; file: string; arguments: string[] }[] = [
  { program: "update-grub", package: "grub-legacy", file: "usr/sbin/update-grub", arguments: [] },
  { program: "update-menu-lst", package: "pv-grub-menu", file: "usr/sbin/update-menu-lst", arguments: [] },
];

/** A menu of the Debian kind, whose settings are in comments, for the guest's first kernel. */
const menuBefore = () =>
  fixtureText("ubuntu-14.04", "boot/grub/menu.lst")
    .replaceAll("3.13.0-48-generic", versionOf(1))
    .replaceAll("cloudimg-rootfs", "root");

async function startedAfterUpdate(script: string, args: string[]): Promise<Started & { menu: string }> {
  const tree = writeGuest({ [MENU]: menuBefore() });
  const plan = await planFor(tree);
  assert.ok(!Array.isArray(plan), String(plan));
  convertTree(tree, plan);
  fs.writeFileSync(tree + kernelFile(NEW), stubKernel(versionOf(NEW)));
  fs.writeFileSync(tree + initramfsFile(NEW), stubInitramfs(NEW_INITRAMFS_BYTES, ["xen-blkfront", "ext4"]));
  runOnGuest(new GuestTree(tree), script, args);
  const folder = scratchFolder();
  const empty = await emptyConvertedDisk(path.join(folder, "empty.img"), plan.boot);
  const disk = fillConvertedDisk(empty, tree, path.join(folder, "disk.img"), UUID);
  return { ...(await startedByGrub2(disk)), menu: fs.readFileSync(tree + MENU, "utf8") };
}

describe("a kernel installed after the conversion", function () {
  this.timeout(180_000);
  after(removeFolders);

  for (const generator of GENERATORS) {
    it(`is started by GRUB 2, with root and console, when ${generator.program} has written the menu`, async function () {
      if (!isRoot) this.skip();
      const script = debianFile(generator.package, generator.file);
      assert.ok(script, `apt-get download ${generator.package}`);
      const {
        kernel,
        initramfsBytes,
        commandLine = "",
        menu,
        shown,
      } = await startedAfterUpdate(script, generator.arguments);
      assert.equal(kernel, versionOf(NEW), `${menu}\n${shown}`);
      assert.equal(initramfsBytes, NEW_INITRAMFS_BYTES);
      assert.match(commandLine, new RegExp(`root=(?:UUID=${UUID}|LABEL=root)(?: |$)`));
      assert.match(commandLine, /console=ttyS0$/);
      assert.doesNotMatch(menu, /^[^#]*\(hd0\)|hvc0/m);
    });
  }
});
