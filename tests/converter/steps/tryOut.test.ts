/** What only a write shows, shown by `inspect` on a throw-away overlay: each of these passed before, and ended in `configure`. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { blankDisk, command, isRoot, removeFolders, sha256, withMountedImage } from "../disk/images";
import { run } from "../program";
import { MENU_PATH, phonyDisk } from "./phonyDisk";

const digest = (file: string) => sha256(fs.readFileSync(file));

/** Fills the filesystem to the last block, or makes files until there is no inode left. */
function fill(folder: string, what: "blocks" | "inodes"): void {
  try {
    if (what === "blocks") fs.writeFileSync(path.join(folder, "full"), Buffer.alloc(2 ** 27));
    else for (let index = 0; ; index++) fs.writeFileSync(path.join(folder, `f${index}`), "");
  } catch {
    // That is what was wanted.
  }
}

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("a guest that cannot be changed", function () {
  this.timeout(120_000);
  after(removeFolders);

  const CASES: [title: string, change: (image: string) => unknown, said: RegExp][] = [
    [
      "a filesystem with accounts of quotas, which kernels without them only read",
      (image) => command("tune2fs", "-O", "quota", image),
      /helper: its kernel \(.*\) does not mount the ext4 filesystem: it keeps account of quotas/,
    ],
    [
      "a filesystem with project quotas",
      (image) => command("tune2fs", "-O", "project,quota", image),
      /helper: its kernel \(.*\) does not mount the ext4 filesystem/,
    ],
    [
      "a folder for the report that is a file",
      (image) =>
        withMountedImage(image, (root) => {
          fs.mkdirSync(`${root}/var/lib`, { recursive: true });
          fs.writeFileSync(`${root}/var/lib/pv-to-hvm`, "");
        }),
      /\/var\/lib\/pv-to-hvm: it is something else, where the conversion keeps its report/,
    ],
    [
      "no free block",
      (image) => withMountedImage(image, (root) => fill(root, "blocks")),
      /\/var: no room for the originals/,
    ],
    [
      "no free inode",
      (image) => withMountedImage(image, (root) => fill(root, "inodes")),
      /\/var: no room for the originals/,
    ],
  ];
  for (const [title, change, said] of CASES) {
    it(`is refused, and no byte is written: ${title}`, async () => {
      const source = phonyDisk();
      await change(source);
      const destination = blankDisk(64);
      const before = [digest(source), digest(destination)];
      const { status, lines } = await run("convert", source, destination);
      assert.equal(status, 3, lines.join("\n"));
      assert.match(lines.join("\n"), said);
      assert.deepEqual([digest(source), digest(destination)], before);
    });
  }

  const WELL: [title: string, change: (root: string) => void][] = [
    [
      "a menu and an fstab that nobody may change (chattr +i)",
      (root) => command("chattr", "+i", `${root}${MENU_PATH}`, `${root}/etc/fstab`),
    ],
    [
      "a menu with line ends of DOS",
      (root) => {
        const menu = fs.readFileSync(root + MENU_PATH, "latin1");
        fs.writeFileSync(root + MENU_PATH, menu.replaceAll("\n", "\r\n"));
      },
    ],
    [
      "a menu with a comment in Latin-1, and none in fstab's last line",
      (root) => {
        fs.appendFileSync(root + MENU_PATH, Buffer.from("# gr\xfc\xdfe\n", "latin1"));
        fs.appendFileSync(`${root}/etc/fstab`, Buffer.from("# \xe9", "latin1"));
      },
    ],
    [
      "an fstab that is a link",
      (root) => {
        fs.renameSync(`${root}/etc/fstab`, `${root}/etc/fstab.real`);
        fs.symlinkSync("/etc/fstab.real", `${root}/etc/fstab`);
      },
    ],
    [
      "a folder for the report that nobody may change",
      (root) => {
        fs.mkdirSync(`${root}/var/lib`, { recursive: true });
        command("chattr", "+i", `${root}/etc`);
      },
    ],
  ];
  for (const [title, change] of WELL) {
    it(`is converted all the same, and verified: ${title}`, async () => {
      const source = phonyDisk();
      await withMountedImage(source, change);
      const before = digest(source);
      const { status, lines } = await run("convert", source, blankDisk(64));
      assert.equal(status, 0, lines.join("\n"));
      assert.equal(digest(source), before);
    });
  }
});
