/** Preparations of made-up old guests, in their own root: busybox is every program there, package managers are stand-ins. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { readBootFile } from "../../converter/guest/menu/readBootFile";
import { inspectKernels } from "../../converter/guest/kernel/inspectKernels";
import { chooseDefault } from "../../converter/guest/kernel/planKernel";
import { GuestTree } from "../../converter/guest/tree";
import { run } from "../../converter/run";
import { isRoot, removeFolders } from "../converter/disk/images";
import { FAMILIES_TO_PREPARE } from "./familiesToPrepare";
import { hashOf, makeOldGuest, manifestOf, runIn, useDash } from "./oldGuest";

const SHELLS: Record<string, (root: string) => void> = { "busybox sh": () => undefined, dash: useDash };

for (const [name, { guest, today, given }] of Object.entries(FAMILIES_TO_PREPARE))
  for (const [shell, useShell] of Object.entries(SHELLS))
    (isRoot ? describe : describe.skip)(`prepare of ${name} by ${shell}`, function () {
      this.timeout(60_000);
      let root: string;
      let original: Record<string, string>;

      before(() => {
        root = makeOldGuest(guest);
        useShell(root);
        original = bootFiles(root, today);
        const { status, report, lines } = runIn(root, "prepare");
        assert.equal(status, 0, lines.join("\n"));
        assert.equal(report.outcome, "CHANGED");
        assert.deepEqual([report.missing, report.problems], [[], []]);
      });
      after(removeFolders);

      it("leaves the kernel and the initramfs that boot today byte for byte", () =>
        assert.deepEqual(bootFiles(root, today), original));

      it("leaves the default entry as it is, by the converter's reading", async () => {
        const { boot } = await read(root);
        assert.match(boot.entries[boot.defaultEntry].kernel ?? "", new RegExp(`vmlinuz-${today}$`));
      });

      it("gives it a kernel that a conversion makes the default", async () => {
        const { boot, kernels } = await read(root);
        const { entry } = chooseDefault({ bootFile: boot, kernels });
        const { kernel, initrd, fault } = boot.entries[entry];
        assert.deepEqual([kernel, fault], [`/boot/vmlinuz-${given}`, undefined]);
        assert.ok(initrd !== undefined && fs.existsSync(root + initrd));
      });

      it("does nothing the second time, and writes nothing", () => {
        const first = manifestOf(root);
        const { status, report } = runIn(root, "prepare");
        assert.deepEqual([status, report.outcome], [0, "NOCHANGE"]);
        assert.deepEqual(manifestOf(root), first);
      });
    });

function bootFiles(root: string, version: string): Record<string, string> {
  const names = fs
    .readdirSync(`${root}/boot`)
    .filter((name) => name.endsWith(version) || name.endsWith(`${version}.img`));
  return Object.fromEntries(names.map((name) => [name, hashOf(`${root}/boot/${name}`)]));
}

async function read(root: string) {
  const tree = new GuestTree(root);
  const boot = readBootFile(tree, { part: 0, path: "/boot/grub/menu.lst", prefix: "" });
  const kernels = (await inspectKernels(tree, boot.entries, run)).map(({ facts }) => facts);
  return { boot, kernels };
}
