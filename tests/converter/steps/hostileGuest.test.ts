/** Whole conversions of guests that mean harm: what their files and programs leave is looked at again, and decides nothing. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { blankDisk, command, isRoot, removeFolders, scratchFolder, sha256 } from "../disk/images";
import { run } from "../program";
import { INITRD_PATH, MENU_PATH, phonyDisk } from "./phonyDisk";

const digest = (file: string) => sha256(fs.readFileSync(file));
const STATE = "/var/lib/pv-to-hvm";

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("converting a guest that means harm", function () {
  this.timeout(120_000);
  after(removeFolders);

  async function converting(change: (tree: string) => void) {
    const [source, disk] = [phonyDisk(change), blankDisk(64)];
    const before = [source, disk].map(digest);
    const { status, lines } = await run("convert", source, disk);
    assert.equal(digest(source), before[0], "the source was written to");
    return { status, said: lines.join("\n"), isBlank: digest(disk) === before[1] };
  }

  /** Its own update-initramfs does its work, and something else. */
  const rebuilding = (words: string) =>
    converting((tree) => {
      const program = path.join(tree, "usr/sbin/update-initramfs");
      const honest = `#!/bin/sh\ncat /boot/rebuilt > ${INITRD_PATH}\n`;
      fs.writeFileSync(program, `${honest}${words}\n`, { mode: 0o755 });
      fs.copyFileSync(path.join(tree, MENU_PATH), path.join(tree, "/boot/old-menu"));
    });

  for (const [what, words, seen] of [
    ["puts the menu back as it was", `cat /boot/old-menu > ${MENU_PATH}`, /not ok: root= of the kernel/],
    [
      "takes the kernel away",
      "cat /dev/null > /boot/vmlinuz-3.13.0-48-generic",
      /not ok: boots on xen types .*the kernel is PV only/,
    ],
    [
      "names Xen's disk in fstab again",
      'echo "/dev/xvda1 / ext4 defaults 0 1" > /etc/fstab',
      /not ok: .*fstab/,
    ],
  ] as const) {
    it(`is caught by what is read again, where its program ${what} after the changes`, async () => {
      const { status, said } = await rebuilding(words);
      assert.equal(status, 4, said);
      assert.match(said, /FAILED: verify: /);
      assert.match(said, seen);
    });
  }

  it("is caught where its program says that all went well, and made nothing", async () => {
    const { status, said } = await rebuilding(
      `echo nonsense > ${INITRD_PATH}; echo "all drivers included"; exit 0`,
    );
    assert.equal(status, 4, said);
    assert.match(said, /FAILED: .*rebuilt by update-initramfs, and it cannot be read/s);
  });

  for (const [what, make] of [
    [
      "a link to a folder of this machine",
      (place: string, outside: string) => fs.symlinkSync(outside, place),
    ],
    ["a file", (place: string) => fs.writeFileSync(place, "mine")],
  ] as const) {
    it(`is refused before anything is written, where there is ${what} in the place of the folder for reports`, async () => {
      const outside = scratchFolder();
      const { status, said, isBlank } = await converting((tree) => {
        fs.mkdirSync(path.join(tree, "var/lib"), { recursive: true });
        make(path.join(tree, STATE), outside);
      });
      assert.equal(status, 3, said);
      assert.match(said, /\/var\/lib\/pv-to-hvm: /);
      assert.ok(isBlank);
      assert.deepEqual(fs.readdirSync(outside), []);
    });
  }

  for (const name of [MENU_PATH, `${STATE}/report.txt`]) {
    it(`waits for nobody, where there is a pipe at ${name}`, async () => {
      const { status, said, isBlank } = await converting((tree) => {
        fs.mkdirSync(path.join(tree, STATE), { recursive: true });
        fs.rmSync(path.join(tree, name), { force: true });
        command("mkfifo", path.join(tree, name));
      });
      assert.ok(status === 0 || (status === 3 && isBlank), said);
    });
  }

  it("protects no file of this machine, whatever its own list of protected files says", async () => {
    const outside = path.join(scratchFolder("/var/tmp"), "file");
    fs.writeFileSync(outside, "");
    const up = `/${"../".repeat(12)}${outside.slice(1)}`;
    const { status, said } = await converting((tree) => {
      fs.mkdirSync(path.join(tree, STATE), { recursive: true });
      const list = { [up]: "i", "/etc/fstab": "; reboot", "/etc/inittab": 7, "/etc/link": "a" };
      fs.symlinkSync(outside, path.join(tree, "etc/link"));
      fs.writeFileSync(path.join(tree, STATE, "attributes.json"), JSON.stringify(list));
    });
    assert.equal(status, 0, said);
    assert.doesNotMatch(command("lsattr", outside).split(" ")[0], /[ia]/);
  });
});
