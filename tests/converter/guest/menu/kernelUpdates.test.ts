import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { applyEdits } from "../../../../converter/guest/apply";
import { parseMenu } from "../../../../converter/guest/menu/bootFile";
import { planMenu } from "../../../../converter/guest/menu/planMenu";
import type { GuestTree } from "../../../../converter/guest/tree";
import { isAsUcfWrote, ucfFragment } from "../../../../converter/guest/menu/ucfRecord";
import type { FileEdit, Plan } from "../../../../converter/types";
import { inspectedGuest, type Lying } from "../inspectedGuest";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";
import { initramfsWith, pvOpsKernel } from "../phonyKernel";
import { PHONY_PLAN, UUID } from "./phonyTarget";
import { fixtureText } from "../texts";
import { debianFile, runOnGuest } from "./updateGrub";

const OLD = "3.13.0-48-generic";
const NEW = "4.4.0-31-generic";

/** A guest whose kernel is there, converted as far as its menu goes. */
async function converted(
  files: Record<string, string>,
  lying?: Lying,
): Promise<{ tree: GuestTree; edits: FileEdit[] }> {
  const tree = phonyGuest({ ...kernelFiles(OLD), ...files });
  const { facts, devices } = await inspectedGuest(tree, lying);
  const edits = planMenu(facts, devices, (file) => tree.read(file), PHONY_PLAN);
  applyEdits(tree, { edits } as Plan);
  return { tree, edits };
}

function kernelFiles(version: string): Record<string, Buffer> {
  return {
    [`/boot/vmlinuz-${version}`]: pvOpsKernel(version),
    [`/boot/initrd.img-${version}`]: initramfsWith("nvme"),
  };
}

/** What installing a kernel package leaves in /boot. */
function installKernel(tree: GuestTree, version: string): void {
  for (const [name, bytes] of Object.entries(kernelFiles(version))) fs.writeFileSync(tree.root + name, bytes);
}

describe("a kernel update after the conversion", () => {
  after(removePhonyGuests);

  describe("by update-grub of Debian's grub-legacy", () => {
    const updateGrub = debianFile("grub-legacy", "usr/sbin/update-grub");
    const MENUS: [title: string, menu: string][] = [
      ["as Ubuntu 14.04 has it", fixtureText("ubuntu-14.04", "boot/grub/menu.lst")],
      [
        "with the whole disk's name, a kopt for one version and no defoptions",
        fixtureText("ubuntu-14.04", "boot/grub/menu.lst")
          .replace(
            "# kopt=root=LABEL=cloudimg-rootfs ro",
            "# kopt=root=/dev/xvda ro\n# kopt_4_4=root=/dev/sda1 ro quiet",
          )
          .replace(/# defoptions=.*\n/, ""),
      ],
      [
        "with no settings at all",
        fixtureText("ubuntu-14.04", "boot/grub/menu.lst").replace(/^(?:# \w+=|## ).*\n/gm, ""),
      ],
    ];
    for (const [title, menu] of MENUS) {
      it(`gives the new kernel's entries the disk's device, root and console, from a menu ${title}`, async function () {
        if (updateGrub === undefined) this.skip();
        const { tree } = await converted({ "/boot/grub/menu.lst": menu });
        installKernel(tree, NEW);
        runOnGuest(tree, updateGrub);
        const written = tree.read("/boot/grub/menu.lst") ?? "";
        const entries = parseMenu(written).entries.filter(({ kernel }) => kernel === `/boot/vmlinuz-${NEW}`);
        const [first, recovery] = entries;
        assert.equal(entries.length, 2, written);
        for (const { device, initrd, arguments: args } of entries) {
          assert.deepEqual([device, initrd], ["(hd0,0)", `/boot/initrd.img-${NEW}`]);
          assert.match(args.join(" "), new RegExp(`root=(?:UUID=${UUID}|LABEL=cloudimg-rootfs)( |$)`));
        }
        assert.equal(first.arguments.at(-1), "console=ttyS0");
        assert.ok(recovery.arguments.includes("single"));
        assert.doesNotMatch(written, /^[^#]*\(hd0\)|hvc0/m);
      });
    }
  });

  describe("by the 40_custom of Debian 6 and 7", () => {
    const DEFAULTS = fixtureText("debian-7", "etc/default/grub");
    const SCRIPT = fixtureText("debian-7", "etc/grub.d/40_custom");
    const MENU = `default 0\ntimeout 0\n\ntitle ${OLD}\n\troot (hd0)\n\tkernel /boot/vmlinuz-${OLD} root=/dev/xvda ro consoleblank=0 elevator=noop console=hvc0\n\tinitrd /boot/initrd.img-${OLD}\n`;
    /** Debian 6's takes no arguments from /etc/default/grub. */
    const SILENT = SCRIPT.replace(" ro ${2}", " ro ${4}");
    const CASES: [title: string, script: string, menu: string][] = [
      ["Debian 7", SCRIPT, MENU],
      ["Debian 6, which lets no option through", SILENT, MENU.replace(/ ro .*/, " ro")],
    ];
    for (const [title, script, menu] of CASES) {
      it(`writes the entry that the converted menu has, on ${title}`, async () => {
        const { tree } = await converted({
          "/boot/grub/menu.lst": menu,
          "/etc/grub.d/40_custom": script,
          "/etc/default/grub": DEFAULTS,
        });
        const written = runScript(
          tree.read("/etc/grub.d/40_custom") ?? "",
          tree.read("/etc/default/grub") ?? "",
        );
        const [entry] = parseMenu(tree.read("/boot/grub/menu.lst") ?? "").entries;
        assert.deepEqual(parseMenu(written).entries, [entry]);
        assert.match(entry.arguments.join(" "), new RegExp(`^root=UUID=${UUID} ro .*console=ttyS0`));
      });
    }

    /** The script with its entry called as Debian's does for each kernel, and nothing of this machine's GRUB. */
    function runScript(script: string, defaults: string): string {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "40-custom-"));
      const file = path.join(folder, "40_custom");
      const called = `linux_entry ${OLD} "$GRUB_CMDLINE_LINUX"\n`;
      const paths = `rel_dirname=/boot basename=vmlinuz-${OLD} initrd=initrd.img-${OLD}\n`;
      fs.writeFileSync(file, `${defaults}\n${paths}${script.replace(/^\. .*$/m, "")}${called}`);
      try {
        execFileSync("sh", ["-n", file]);
        return execFileSync("sh", [file], { encoding: "utf8" });
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    }
  });

  describe("by update-grub-legacy-ec2 and ucf", () => {
    const MENU = fixtureText("ubuntu-14.04", "boot/grub/menu.lst");

    it("finds its entries as it wrote them, and asks nothing", async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ucf-"));
      const [fragment, next] = ["menu.lst", "next"].map((name) => path.join(folder, name));
      const ucf = (from: string) =>
        execFileSync("ucf", ["--state-dir", folder, from, fragment], {
          stdio: ["ignore", "pipe", "pipe"],
          timeout: 10_000,
        });
      fs.writeFileSync(next, ucfFragment(MENU));
      ucf(next);
      const own = fs.readFileSync(path.join(folder, "hashfile"), "utf8");
      const record = own.replace(/\/\S+$/m, "/run/grub/menu.lst");
      const { tree } = await converted({ "/boot/grub/menu.lst": MENU, "/var/lib/ucf/hashfile": record });

      // What the script does at the next update: the entries go to a file of their own, and ucf gets new ones for it.
      fs.writeFileSync(fragment, ucfFragment(tree.read("/boot/grub/menu.lst") ?? ""));
      const after = (tree.read("/var/lib/ucf/hashfile") ?? "").replace("/run/grub/menu.lst", fragment);
      fs.writeFileSync(path.join(folder, "hashfile"), after);
      fs.writeFileSync(next, "title new\n");
      ucf(next);
      assert.equal(fs.readFileSync(fragment, "utf8"), "title new\n");
      fs.rmSync(folder, { recursive: true });
    });

    it("leaves ucf's record alone where somebody had changed the entries before", async () => {
      const record = `${"0".repeat(32)}  /var/run/grub/menu.lst\n`;
      const { tree, edits } = await converted({
        "/boot/grub/menu.lst": MENU,
        "/var/lib/ucf/hashfile": record,
      });
      assert.ok(!edits.some(({ path: file }) => file === "/var/lib/ucf/hashfile"));
      assert.ok(!isAsUcfWrote(record, tree.read("/boot/grub/menu.lst") ?? ""));
    });
  });
});
