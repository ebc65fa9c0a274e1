/** What Augeas finds in the menus and the fstab of the families' results is what the matrix' own checker finds. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { FIXTURES } from "../converter/families/phonyGuests";
import { GUESTS } from "../converter/families/guests";
import { readMenu } from "../matrix/checker/menu";
import { readFstab } from "../matrix/checker/rules";
import { readFstabByAugeas, readMenuByAugeas } from "./augeas";

/** Results that Augeas' lens cannot read and GRUB can: why, and the text without what stops it, which is compared like all others. */
const BEYOND_AUGEAS: Record<string, { why: string; without: (text: string) => string }> = {
  gentoo: { why: "line ends of DOS", without: (text) => text.replaceAll("\r", "") },
  "ubuntu-10.04-virtual": {
    why: "a setting for one version, kopt_2_6_32",
    without: (text) => text.replace(/^# kopt_.*\n/m, ""),
  },
};

/** A folder with this one file in it. */
function rootWith(file: string, text: string): string {
  const root = scratchFolder();
  fs.mkdirSync(path.dirname(root + file), { recursive: true });
  fs.writeFileSync(root + file, text);
  return root;
}

const RESULTS = GUESTS.map(({ folder }) => ({ folder, root: path.join(FIXTURES, folder, "after") }));

/** The first of these that is a file: one name of a menu leads to the other. */
const MENUS = ["/boot/grub/menu.lst", "/boot/grub/grub.conf", "/boot/grub/grub.cfg"];
const fileAmong = (root: string, names: string[]) =>
  names.find((name) => fs.lstatSync(root + name, { throwIfNoEntry: false })?.isFile());
const withFile = (names: string[]) =>
  RESULTS.flatMap((result) => {
    const file = fileAmong(result.root, names);
    return file === undefined ? [] : [{ ...result, file }];
  });

describe("Augeas, as a second reader of the families' results", function () {
  this.timeout(60_000);

  after(removeFolders);

  for (const { folder, root, file } of withFile(MENUS)) {
    it(`finds the same default, kernels, roots, consoles and initramfs in the menu: ${folder}`, () => {
      const text = fs.readFileSync(root + file, "utf8");
      const beyond = BEYOND_AUGEAS[folder];
      if (beyond)
        assert.equal(typeof readMenuByAugeas(root, file), "string", `Augeas reads ${beyond.why} by now`);
      const theirs = readMenuByAugeas(beyond ? rootWith(file, beyond.without(text)) : root, file);
      assert.ok(typeof theirs !== "string", `beyond Augeas: ${String(theirs)}`);
      const ours = readMenu(text);
      const plain = (text = "") => text.replace(/["]/g, "");
      assert.equal(Number(theirs.byDefault ?? 0), ours.byDefault);
      assert.deepEqual(
        theirs.entries.map((entry) => [
          entry.title,
          entry.kernel,
          entry.initrd,
          entry.arguments.map(plain).sort(),
        ]),
        ours.entries.map((entry) => [
          entry.title,
          entry.kernel,
          entry.initrd,
          entry.arguments.map(plain).sort(),
        ]),
      );
    });
  }

  for (const { folder, root } of withFile(["/etc/fstab"])) {
    it(`finds the same devices in fstab: ${folder}`, () => {
      const ours = readFstab(fs.readFileSync(`${root}/etc/fstab`, "utf8"));
      assert.deepEqual(
        readFstabByAugeas(root),
        ours.map(({ device, point }) => [device, point]),
      );
    });
  }

  it("has results to read", () => {
    assert.ok(withFile(MENUS).length > 20);
    assert.ok(withFile(["/etc/fstab"]).length > 20);
  });
});
