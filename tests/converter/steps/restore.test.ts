/** `restore` as a person runs it: on a converted disk, and on a guest that is mounted somewhere. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import type { StepReport } from "../../../converter/types";
import {
  blankDisk,
  command,
  fileInside,
  filesystemWith,
  isRoot,
  removeFolders,
  scratchFolder,
  sha256,
} from "../disk/images";
import { phonyGuest, removePhonyGuests } from "../guest/phonyGuest";
import { INITRD_PATH, MENU_PATH, phonyDisk, REBUILT_INITRD } from "./phonyDisk";
import { run } from "../program";

const PARTITION = 1048576;

const digest = (file: string) => sha256(fs.readFileSync(file));

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("restoring a converted disk", function () {
  this.timeout(120_000);
  let source: string;
  let disk: string;
  const inside = (name: string) => fileInside(disk, name, PARTITION);

  before(async () => {
    source = phonyDisk();
    disk = blankDisk(64);
    const { status, lines } = await run("convert", source, disk);
    assert.equal(status, 0, lines.join("\n"));
  });
  after(removeFolders);

  it("is refused where a file was changed after the conversion, without a trace on the disk", async () => {
    const edited = scratchFolder() + "/fstab";
    fs.writeFileSync(edited, "mine\n");
    command("debugfs", "-w", "-R", "rm /etc/fstab", `${disk}?offset=${PARTITION}`);
    command("debugfs", "-w", "-R", `write ${edited} /etc/fstab`, `${disk}?offset=${PARTITION}`);
    const before = digest(disk);
    const { status, lines } = await run("restore", disk);
    assert.equal(status, 3);
    assert.match(
      lines.join("\n"),
      /REFUSED: \/etc\/fstab: was changed after the conversion\. .* --force restores it/,
    );
    assert.equal(digest(disk), before);
  });

  it("gives the guest its files back, keeps the changed one, and leaves the initramfs with more drivers", async () => {
    const { status, out, lines } = await run("restore", disk, "--force", "--json");
    assert.equal(status, 0, lines.join("\n"));
    for (const name of [MENU_PATH, "/etc/fstab", "/etc/inittab"])
      assert.equal(sha256(inside(name)), sha256(fileInside(source, name)), name);
    assert.equal(sha256(inside(INITRD_PATH)), sha256(REBUILT_INITRD));
    assert.equal(inside("/etc/fstab.pv-to-hvm-before-restore").toString(), "mine\n");
    const report = JSON.parse(out) as StepReport;
    assert.equal(report.outcome, "CHANGED");
    assert.ok(report.restored?.some(({ path, action }) => path === MENU_PATH && action === "restored"));
    assert.match(lines.at(-1) ?? "", /^CHANGED: \d+ files put back as they were/);
  });

  it("finds nothing to do the second time", async () => {
    const { status, last } = await run("restore", disk);
    assert.equal(status, 0);
    assert.match(last, /^NOCHANGE: nothing to do: \d+ files are the originals already$/);
  });

  it("is known to the disk: verify says so, and convert converts it again", async () => {
    const judged = await run("verify", source, disk);
    assert.equal(judged.status, 3);
    assert.match(judged.last, /^REFUSED: verify: the guest's own files were put back at \S+ \(restore\), so/);
    const again = await run("convert", source, disk);
    assert.equal(again.status, 0, again.lines.join("\n"));
    assert.match(again.last, /^CHANGED: converted \(configure, install-grub\); \d+ checks, all well$/);
    const menu = String(inside(MENU_PATH));
    assert.match(menu, /root \(hd0,0\)/);
    assert.match((await run("convert", source, disk)).last, /^NOCHANGE: converted already/);
    assert.equal((await run("restore", disk, "--force")).status, 0);
  });

  it("is not converted again over what its owner changed since", async () => {
    const edited = scratchFolder() + "/menu";
    fs.writeFileSync(edited, `${String(inside(MENU_PATH))}# mine\n`);
    command("debugfs", "-w", "-R", `rm ${MENU_PATH}`, `${disk}?offset=${PARTITION}`);
    command("debugfs", "-w", "-R", `write ${edited} ${MENU_PATH}`, `${disk}?offset=${PARTITION}`);
    const { status, last } = await run("convert", source, disk);
    assert.equal(status, 4);
    assert.match(
      last,
      /configure: \/boot\/grub\/menu\.lst was changed after the guest's own files were put back/,
    );
    assert.match(String(inside(MENU_PATH)), /# mine\n$/);
  });

  it("is refused for a disk that was not converted", async () => {
    const before = digest(source);
    const { status, last } = await run("restore", source);
    assert.equal(status, 3);
    assert.match(last, /no list of the files that a conversion changed \(.*\)\. Name the converted disk/);
    assert.equal(digest(source), before);
  });

  it("is refused for a disk without a guest, and for one that is attached elsewhere", async () => {
    assert.equal((await run("restore", filesystemWith({ a: "b" }))).status, 3);
    const loop = command("losetup", "--find", "--show", disk).trim();
    try {
      const { status, last } = await run("restore", disk);
      assert.equal(status, 3);
      assert.match(last, new RegExp(`is in use: attached as ${loop}\\. Unmount and detach it`));
    } finally {
      command("losetup", "--detach", loop);
    }
  });
});

describe("restoring a guest that is mounted", () => {
  after(removePhonyGuests);

  for (const [title, words] of [
    ["by its folder", (root: string) => [root]],
    ["by --root", (root: string) => ["--root", root]],
  ] as const) {
    it(`goes ${title}`, async () => {
      const state = "/var/lib/pv-to-hvm";
      const files = [{ path: "/etc/fstab", left: sha256(Buffer.from("new\n")) }];
      const tree = phonyGuest({
        "/etc/fstab": "new\n",
        [`${state}/backup/etc/fstab`]: "old\n",
        [`${state}/changed-files.json`]: JSON.stringify({ format: 1, files }),
      });
      const { status, last, out } = await run("restore", ...words(tree.root));
      assert.equal(status, 0, last);
      assert.equal(tree.read("/etc/fstab"), "old\n");
      assert.match(out, /\nFiles\n {2}restored {2}\/etc\/fstab\n/);
    });
  }

  it("is refused for a folder without a converted guest", async () => {
    const { status, last } = await run("restore", phonyGuest({ "/etc/fstab": "a\n" }).root);
    assert.equal(status, 3);
    assert.match(last, /no list of the files that a conversion changed/);
  });
});
