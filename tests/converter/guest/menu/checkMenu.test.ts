import assert from "node:assert/strict";
import { checkMenu } from "../../../../converter/guest/menu/checkMenu";

const ENTRY = "title a\nroot (hd0,0)\nkernel /boot/v ro\n";

describe("the check of the boot menu", () => {
  const GOOD: [what: string, menu: string][] = [
    ["the explanation that update-grub-legacy-ec2 writes into every menu", `## e.g. groot=(hd0)\n${ENTRY}`],
    ["an old entry in comments", `${ENTRY}#title old\n#root (hd0)\n`],
    ["a title that says (hd0)", "title (hd0)\nroot (hd0,0)\n"],
    ["the whole disk of a chain loader", `${ENTRY}title b\nchainloader (hd0)+1\n`],
    ["a command that GRUB does not know", `${ENTRY}no-such (hd0)\n`],
    ["a word of the command line", `${ENTRY}title b\nkernel /v x=(hd0)\n`],
  ];
  for (const [what, menu] of GOOD) {
    it(`finds no fault with ${what}`, () =>
      assert.deepEqual(
        checkMenu(menu).filter(({ ok }) => !ok),
        [],
      ));
  }

  const BAD: [what: string, menu: string, name: string, seen: RegExp][] = [
    ["root", "title a\nroot\t(hd0)\n", "the boot menu names (hd0,0)", /still \(hd0\): root\t\(hd0\)/],
    ["a kernel's file", "title a\nkernel --no-mem-option (hd0)/v\n", "the boot menu names (hd0,0)", /kernel/],
    ["the picture", `splashimage=(hd0)/s\n${ENTRY}`, "the boot menu names (hd0,0)", /splashimage/],
    ["a setting of update-grub's", `${ENTRY}# groot=(hd0)\n`, "the boot menu names (hd0,0)", /# groot/],
    [
      "a title without a command, which GRUB 2 counts",
      `default 0\ntitle ----\n${ENTRY}`,
      "GRUB 2 reads the menu as GRUB legacy does",
      /GRUB 2 starts entry 0 of 2, GRUB legacy entry 0 of 1/,
    ],
    [
      "a default that GRUB 2 reads as octal",
      `default 010\n${ENTRY.repeat(11)}`,
      "GRUB 2 reads the menu as GRUB legacy does",
      /GRUB 2 starts entry 8 of 11, GRUB legacy entry 10 of 11/,
    ],
  ];
  for (const [what, menu, name, seen] of BAD) {
    it(`finds fault with ${what}`, () => {
      const failed = checkMenu(menu).filter(({ ok }) => !ok);
      assert.deepEqual(
        failed.map((check) => check.name),
        [name],
      );
      assert.match(failed[0].seen, seen);
    });
  }
});
