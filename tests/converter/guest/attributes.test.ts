import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseAttributes, withoutProtection } from "../../../converter/guest/attributes";
import { GuestTree } from "../../../converter/guest/tree";
import { run } from "../../../converter/run";
import { sh } from "../../matrix/shell";
import { filesystemWith, isRoot, removeFolders, scratchFolder } from "../disk/images";

describe("the attributes of files", () => {
  it("are read from lsattr's lines, those alone that keep a file from being changed", () =>
    assert.deepEqual(
      parseAttributes(
        [
          "--------------e------- /g/etc/inittab",
          "----i---------e------- /g/etc/a name with blanks",
          "----ia--------e------- /g/boot/grub/menu.lst",
          "lsattr: Operation not supported While reading flags on /g/etc/grub.conf",
        ].join("\n"),
      ),
      [
        ["/g/etc/a name with blanks", "i"],
        ["/g/boot/grub/menu.lst", "ia"],
      ],
    ));
});

/** A guest in a filesystem that has attributes, as a temporary folder may not. */
function inGuest(work: (tree: GuestTree) => Promise<void>): Promise<void> {
  const image = filesystemWith({ "etc/fstab": "before", "etc/rules.d/net": "x", "etc/plain": "x" });
  const folder = scratchFolder();
  sh("mount", "-o", "loop", image, folder);
  return work(new GuestTree(folder)).finally(() => sh("umount", folder));
}

const flagsOf = (tree: GuestTree, name: string) =>
  sh("lsattr", "-d", path.join(tree.root, name)).split(" ")[0].replace(/[^ia]/g, "");
const LIST = "/var/lib/pv-to-hvm/attributes.json";

describe("a file that chattr protects", () => {
  before(function () {
    if (!isRoot) this.skip();
  });
  after(removeFolders);

  it("is open while the work is done, and protected again afterwards, though the work fails", () =>
    inGuest(async (tree) => {
      sh("chattr", "+i", `${tree.root}/etc/fstab`);
      const work = withoutProtection(tree, ["/etc/fstab", "/etc/plain"], run, () => {
        tree.write("/etc/fstab", "after");
        assert.deepEqual(JSON.parse(tree.read(LIST) ?? ""), { "/etc/fstab": "i" });
        throw new Error("on the way");
      });
      await assert.rejects(work, /on the way/);
      assert.equal(tree.read("/etc/fstab"), "after");
      assert.equal(flagsOf(tree, "/etc/fstab"), "i");
      assert.equal(flagsOf(tree, "/etc/plain"), "");
      assert.equal(tree.hasName(LIST), false);
    }));

  it("can be removed from a protected folder, which stays one", () =>
    inGuest(async (tree) => {
      sh("chattr", "+a", `${tree.root}/etc/rules.d/net`);
      sh("chattr", "+i", `${tree.root}/etc/rules.d`);
      await withoutProtection(tree, ["/etc/rules.d/net"], run, () =>
        Promise.resolve(tree.remove("/etc/rules.d/net")),
      );
      assert.deepEqual(tree.list("/etc/rules.d"), []);
      assert.equal(flagsOf(tree, "/etc/rules.d"), "i");
    }));

  it("is protected again by the next run where a run was killed in between", () =>
    inGuest(async (tree) => {
      tree.write(LIST, JSON.stringify({ "/etc/fstab": "i" }));
      await withoutProtection(tree, ["/etc/fstab"], run, () =>
        Promise.resolve(tree.write("/etc/fstab", "after")),
      );
      assert.equal(flagsOf(tree, "/etc/fstab"), "i");
      assert.equal(tree.hasName(LIST), false);
    }));

  it("leaves nothing in a guest without one", () =>
    inGuest(async (tree) => {
      await withoutProtection(tree, ["/etc/fstab", "/etc/none"], run, () => Promise.resolve());
      assert.deepEqual(fs.readdirSync(tree.root).sort(), ["etc", "lost+found"]);
    }));
});
