import assert from "node:assert/strict";
import { type Input, plan } from "./facts";

describe("the files in the plan", () => {
  const MENU =
    "default 0\ntimeout 0\ntitle x\nroot (hd0)\nkernel /boot/vmlinuz-3.13.0-48-generic root=/dev/sda1 ro\n";

  it("are edited with a diff and with reasons", () => {
    const [edit] = plan({ files: { "/boot/grub/menu.lst": MENU } }).edits;
    assert.deepEqual([edit.path, edit.action, edit.why.length], ["/boot/grub/menu.lst", "edit", 3]);
    assert.ok(edit.diff.includes("-root (hd0)") && edit.diff.includes("+root (hd0,0)"));
  });

  it("ask for old interface names only where udev would give others", () => {
    for (const [predictableNames, networkByName, expected] of [
      [true, ["/etc/network/interfaces"], true],
      [false, ["/etc/network/interfaces"], false],
      [true, [], false],
    ] as const) {
      const { edits } = plan({
        guest: { predictableNames, networkByName: [...networkByName] },
        files: { "/boot/grub/menu.lst": MENU },
      });
      assert.equal(
        edits[0].diff.some((line) => line.includes("net.ifnames=0")),
        expected,
      );
    }
  });

  const WARNINGS: { it: string; input: Input; says: RegExp }[] = [
    { it: "a missing fstab", input: {}, says: /\/etc\/fstab: it cannot be read/ },
    {
      it: "/usr on another disk",
      input: { files: { "/etc/fstab": "/dev/xvdf /usr ext4 defaults 0 0\n" } },
      says: /\/usr is on \/dev\/xvdf/,
    },
  ];
  for (const { it: title, input, says } of WARNINGS) {
    it(`warn of ${title}`, () => {
      const texts = plan(input).warnings.map((advice) => `${advice.subject}: ${advice.found}`);
      assert.equal(texts.filter((text) => says.test(text)).length, 1, texts.join("\n"));
    });
  }
});
