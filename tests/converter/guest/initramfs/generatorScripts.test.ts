/** Generators that Debian does not have, run for real in a guest's root: scripts in their place that take the same words. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { GENERATORS, type InitramfsTool } from "../../../../converter/guest/initramfs/generators";
import { rebuildInitramfs } from "../../../../converter/guest/initramfs/initramfs";
import type { GuestTree } from "../../../../converter/guest/tree";
import { run } from "../../../../converter/run";
import type { InitramfsPlan } from "../../../../converter/types";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";
import { initramfsWith } from "../phonyKernel";
import { copyPrograms } from "../programs";

const V = "2.6.18-348.el5";
const IMAGE = `/boot/initrd-${V}.img`;

/** How each program is told where to write, as a shell's loop over its words. */
const SCRIPTS: Partial<Record<InitramfsTool, { path: string; output: string }>> = {
  // The last word but one, as in mkinitrd(8) of Red Hat 5: image, then kernel version.
  mkinitrd: { path: "/sbin/mkinitrd", output: "while [ $# -gt 2 ]; do shift; done; output=$1" },
  "mkinitrd-suse": {
    path: "/sbin/mkinitrd",
    output:
      'while [ $# -gt 0 ]; do case $1 in -B) shift;; -b) dir=$2; shift 2;; -i) output=$2; shift 2;; *) shift 2;; esac; done; output="$dir/$output"',
  },
  mkinitcpio: {
    path: "/usr/bin/mkinitcpio",
    output: "while [ $# -gt 0 ]; do case $1 in -g) output=$2;; esac; shift; done",
  },
};

function guestWith(tool: InitramfsTool, ending = 'cp /new.img "$output"'): GuestTree {
  const script = SCRIPTS[tool] ?? { path: "", output: "" };
  const tree = phonyGuest({
    [IMAGE]: initramfsWith("ext3"),
    "/new.img": initramfsWith("xen-vbd", "ext3"),
    [script.path]: `#!/bin/sh\nfor word; do echo "$word"; done > /words\nls /dev/xvda 2>/dev/null\n${script.output}\n${ending}\n`,
    ...{ "/proc/.x": "", "/sys/.x": "", "/dev/.x": "", "/tmp/.x": "" },
  });
  fs.chmodSync(tree.hostPath(script.path), 0o755);
  copyPrograms(tree.root, ["/bin/sh", "/bin/ls", "/bin/cp", "/bin/date"]);
  return tree;
}

function planFor(tool: InitramfsTool): InitramfsPlan {
  const target = {
    kernel: V,
    path: IMAGE,
    modules: ["xen-platform-pci", "xen-vbd", "e1000"],
    knows: [],
    configured: [],
    rootName: "LABEL=root",
  };
  const plan = { kernel: V, path: IMAGE, action: "rebuild", tool, missing: ["xen-blkfront"] } as const;
  return { ...plan, missing: [...plan.missing], keep: ["ext3"], ...GENERATORS[tool].build(target) };
}

describe("a generator that is run in the guest's root", () => {
  before(function () {
    // Namespaces and mounts are root's.
    if (process.getuid?.() !== 0) this.skip();
  });
  after(removePhonyGuests);

  for (const tool of Object.keys(SCRIPTS) as InitramfsTool[]) {
    it(`gets its words one by one, and its image is taken over (${tool})`, async () => {
      const tree = guestWith(tool);
      const plan = planFor(tool);
      assert.deepEqual(await rebuildInitramfs(tree.root, [plan], run), [V]);
      assert.deepEqual(tree.read("/words")?.trim().split("\n"), plan.command?.slice(1));
      assert.deepEqual(tree.readBytes(IMAGE), tree.readBytes("/new.img"));
      assert.deepEqual(tree.list("/boot"), [`initrd-${V}.img`]);
    });

    it(`leaves the old image where it fails, with its last words (${tool})`, async () => {
      const tree = guestWith(tool, "echo 'No module xen-vbd found for kernel V, aborting.' >&2; exit 1");
      await assert.rejects(
        rebuildInitramfs(tree.root, [planFor(tool)], run),
        /exit code 1:\nNo module xen-vbd found for kernel V, aborting\.\nRebuild the initramfs in the source/,
      );
      assert.deepEqual(tree.readBytes(IMAGE), initramfsWith("ext3"));
    });
  }

  it("is not started where the guest's shell does not run on this machine", async () => {
    const tree = guestWith("mkinitrd");
    fs.rmSync(tree.hostPath("/bin/date"));
    await assert.rejects(
      rebuildInitramfs(tree.root, [planFor("mkinitrd")], run),
      /trying whether the guest's programs run on this machine: .*exit code 127/,
    );
    assert.equal(tree.read("/words"), undefined);
  });
});
