/** Preparations of made-up old guests, in their own root: busybox is every program there, package managers are stand-ins. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { GuestTree } from "../../converter/guest/tree";
import { planConversion } from "../../converter/plan";
import { cleanFilesystem, inspectedGuest } from "../converter/guest/inspectedGuest";
import { isRoot, removeFolders } from "../converter/disk/images";
import { FAMILIES_TO_PREPARE } from "./familiesToPrepare";
import { hashOf, isBusyboxShellLikeOthers, makeOldGuest, manifestOf, runIn, useDash } from "./oldGuest";

const SHELLS: Record<string, (root: string) => void> = {
  ...(isBusyboxShellLikeOthers() && { "busybox sh": () => undefined }),
  dash: useDash,
};

for (const [name, { guest, families, today, given }] of Object.entries(FAMILIES_TO_PREPARE))
  for (const [shell, useShell] of Object.entries(SHELLS))
    (isRoot ? describe : describe.skip)(`prepare of ${name} by ${shell}`, function () {
      this.timeout(60_000);
      const options = { words: ["--for", families.join(",")] };
      let root: string;
      let original: Record<string, string>;

      before(() => {
        root = makeOldGuest(guest);
        useShell(root);
        original = bootFiles(root, today);
        const { status, report, lines } = runIn(root, "prepare", options);
        assert.equal(status, 0, lines.join("\n"));
        assert.equal(report.outcome, "CHANGED");
        assert.deepEqual([report.missing, report.problems], [[], []]);
      });
      after(removeFolders);

      it("leaves the kernel and the initramfs that boot today byte for byte", () =>
        assert.deepEqual(bootFiles(root, today), original));

      it("leaves the default entry as it is, by the converter's reading", async () => {
        const { bootFile } = (await factsOf(root)).guest;
        assert.match(bootFile.entries[bootFile.defaultEntry].kernel ?? "", new RegExp(`vmlinuz-${today}$`));
      });

      it("gives it a kernel that a conversion makes the default", async () => {
        const { boot, refusals } = planConversion({
          facts: await factsOf(root),
          read: (file) => new GuestTree(root).read(file),
          options: { for: families, layout: "mbr", grow: false },
        });
        assert.deepEqual([boot.kernel, refusals], [`/boot/vmlinuz-${given}`, []]);
        assert.ok(boot.initrd !== undefined && fs.existsSync(root + boot.initrd));
      });

      it("does nothing the second time, and writes nothing", () => {
        const first = manifestOf(root);
        const { status, report } = runIn(root, "prepare", options);
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

/** What the converter would find in a copy of its disk. */
async function factsOf(root: string) {
  const mounts = [{ point: "/", part: 0, filesystem: cleanFilesystem({ label: "/" }) }];
  return (await inspectedGuest(new GuestTree(root), { mounts })).facts;
}
