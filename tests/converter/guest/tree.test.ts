import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";

describe("a guest's tree", () => {
  after(removePhonyGuests);

  const LINKS: { it: string; link: string; resolved: string }[] = [
    { it: "an absolute link", link: "/boot/grub/grub.cfg", resolved: "/boot/grub/grub.cfg" },
    { it: "a relative link", link: "grub.cfg", resolved: "/boot/grub/grub.cfg" },
    { it: "a link upwards", link: "../../etc/grub.conf", resolved: "/etc/grub.conf" },
    { it: "a link that climbs over the root", link: "../../../../../../etc/passwd", resolved: "/etc/passwd" },
    { it: "a link to nowhere", link: "/no/such/file", resolved: "/no/such/file" },
  ];
  for (const { it: title, link, resolved } of LINKS) {
    it(`resolves ${title} inside the guest`, () => {
      const tree = phonyGuest({ "/boot/grub/menu.lst": { link } });
      assert.equal(tree.resolve("/boot/grub/menu.lst"), resolved);
      assert.equal(tree.hostPath("/boot/grub/menu.lst"), path.join(tree.root, resolved));
    });
  }

  it("resolves links in the middle of a path", () => {
    const tree = phonyGuest({ "/usr/lib/udev/rules.d/a": "x", "/lib": { link: "usr/lib" } });
    assert.equal(tree.resolve("/lib/udev/../udev/rules.d/a"), "/usr/lib/udev/rules.d/a");
    assert.deepEqual(tree.list("/lib/udev/rules.d"), ["a"]);
  });

  it("says where links run in a circle", () => {
    const tree = phonyGuest({ "/a": { link: "/b" }, "/b": { link: "/a" } });
    assert.throws(() => tree.read("/a"), /\/a: its links run in a circle/);
  });

  it("never reads the helper's file behind an absolute link", () => {
    const tree = phonyGuest({ "/etc/hostname": { link: "/etc/passwd" } });
    assert.equal(tree.read("/etc/hostname"), undefined);
    assert.equal(tree.exists("/etc/hostname"), false);
    assert.equal(tree.hasName("/etc/hostname"), true);
  });

  it("writes through links and hard links, into the same inode", () => {
    const tree = phonyGuest({
      "/boot/grub/grub.conf": "old\n",
      "/etc/grub.conf": { link: "../boot/grub/grub.conf" },
    });
    const file = path.join(tree.root, "/boot/grub/grub.conf");
    fs.linkSync(file, path.join(tree.root, "/boot/grub/menu.lst"));
    fs.chmodSync(file, 0o600);
    const before = fs.statSync(file);
    assert.equal(tree.write("/etc/grub.conf", "new\n"), true);
    const { ino, mode, nlink } = fs.statSync(file);
    assert.deepEqual({ ino, mode, nlink }, { ino: before.ino, mode: before.mode, nlink: 2 });
    assert.equal(tree.read("/boot/grub/menu.lst"), "new\n");
    assert.ok(fs.lstatSync(path.join(tree.root, "/etc/grub.conf")).isSymbolicLink());
  });

  it("writes nothing where nothing differs", () => {
    const tree = phonyGuest({ "/etc/fstab": "same\n" });
    const file = path.join(tree.root, "/etc/fstab");
    fs.utimesSync(file, 1, 1);
    assert.equal(tree.write("/etc/fstab", "same\n"), false);
    assert.equal(fs.statSync(file).mtimeMs, 1000);
  });

  for (const [name, bytes] of [
    ["Latin-1", Buffer.from([0x23, 0xe9, 0x0a, 0xff, 0x00, 0x80])],
    ["UTF-8", Buffer.from("# é …\n")],
    ["a byte order mark", Buffer.from([0xef, 0xbb, 0xbf, 0x61])],
  ] as const) {
    it(`brings ${name} back byte for byte when a line is added`, () => {
      const tree = phonyGuest({ "/file": bytes });
      tree.write("/file", `${tree.read("/file")}ttyS0\n`);
      assert.deepEqual(tree.readBytes("/file"), Buffer.concat([bytes, Buffer.from("ttyS0\n")]));
    });
  }

  it("removes a link and not what it points to", () => {
    const tree = phonyGuest({ "/a": "x", "/b": { link: "a" } });
    assert.equal(tree.remove("/b"), true);
    assert.equal(tree.remove("/b"), false);
    assert.equal(tree.read("/a"), "x");
  });

  it("makes the folders of a new file", () => {
    const tree = phonyGuest();
    tree.write("/etc/initramfs-tools/modules", "nvme\n");
    assert.equal(tree.read("/etc/initramfs-tools/modules"), "nvme\n");
  });
});
