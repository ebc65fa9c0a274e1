import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { applyPatch } from "diff";
import fc from "fast-check";
import { chooseEntry, parseMenu, printMenu, savedNumber } from "../../../../converter/guest/menu/menu";
import { GUESTS } from "../../families/guests";
import { checkMenu } from "../../../../converter/guest/menu/checkMenu";
import { readAsGrub2 } from "../../../../converter/guest/menu/grub2Reading";
import { editMenuLst } from "../../../../converter/guest/menu/menuLst";
import { alignedHunks } from "../../../../converter/guest/alignedDiff";
import { phonyTarget } from "./phonyTarget";
import { menuText } from "../texts";

const ENTRIES = "title a\nkernel /a\ntitle b\nkernel /b\ntitle c\nkernel /c\n";

describe("a menu as GRUB legacy reads it", () => {
  it("is the same bytes when it is printed, whatever they are", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array).toString("latin1"));
    fc.assert(
      fc.property(fc.oneof(menuText, bytes, fc.string({ unit: "binary" })), (text) =>
        assert.equal(printMenu(parseMenu(text)), text),
      ),
      { numRuns: 150 },
    );
  });

  it("is the same bytes when it is printed, for every guest", () => {
    for (const { folder } of GUESTS) {
      const file = `${__dirname}/../../families/fixtures/${folder}/before/boot/grub/menu.lst`;
      const text = readIfThere(file);
      assert.equal(printMenu(parseMenu(text)), text);
    }
  });

  function readIfThere(file: string): string {
    try {
      return readFileSync(file, "latin1");
    } catch {
      return "";
    }
  }

  const TITLES: [title: string, menu: string, titles: string[]][] = [
    ["a title without a command", "title ----\ntitle a\nkernel /a\ntitle end\n", ["a"]],
    [
      "a title with unknown commands alone",
      "title x\nuuid 1\nquiet\nKERNEL /x\ntitle a\nroot (hd0)\n",
      ["a"],
    ],
    ["a title with settings alone for an entry", "title x\ntimeout 5\ntitle a\nkernel /a\n", ["x", "a"]],
    ["nothing in a file without titles", "kernel /a\nboot\n", []],
    ["nothing in an empty file", "", []],
    ["nothing in a file that is no text", "\0\x01\x02\x7fELF", []],
  ];
  for (const [what, menu, titles] of TITLES) {
    it(`${what.startsWith("nothing") ? "has" : "takes"} ${what}`, () =>
      assert.deepEqual(
        parseMenu(menu).entries.map(({ title }) => title),
        titles,
      ));
  }

  const SETTINGS: [settings: string, expected: Partial<ReturnType<typeof parseMenu>>][] = [
    ["", { default: 0, fallback: [], timeout: undefined }],
    ["default=0x1", { default: 1 }],
    ["default 2\ndefault two", { default: 2 }],
    ["default 2\ndefault 1x", { default: 1 }],
    ["default saved", { default: "saved" }],
    ["default saved ", { default: 0 }],
    ["\ufeffdefault 1", { default: 0 }],
    ["fallback 1 2", { fallback: [1, 2] }],
    ["fallback 0x2\t1 7", { fallback: [2, 1] }],
    ["fallback 1 two", { fallback: [] }],
    ["fallback 2\nfallback 1 two", { fallback: [1] }],
    ["fallback 1 1", { fallback: [1] }],
    ["fallback 1 1 2", { fallback: [] }],
    ["fallback 1x 2", { fallback: [1, 2] }],
    ["timeout 0", { timeout: 0 }],
    ["timeout -1", { timeout: undefined }],
    ["timeout=010", { timeout: 10 }],
    ["root (hd0)\npassword x", { hasPassword: true }],
  ];
  for (const [settings, expected] of SETTINGS) {
    it(`reads ${JSON.stringify(settings)} as ${JSON.stringify(expected)}`, () => {
      const menu = parseMenu(`${settings}\n${ENTRIES}`);
      for (const name of Object.keys(expected) as (keyof typeof expected)[])
        assert.deepEqual(menu[name], expected[name]);
    });
  }

  const IN_ENTRIES: [commands: string, expected: object][] = [
    ["root (hd0,1)\nkernel (hd0)/k a\ninitrd /i", { kernel: "/k", device: "(hd0)", initrdDevice: "(hd0,1)" }],
    ["kernel --no-mem-option --type=linux /k -- --a", { kernel: "/k", arguments: ["--", "--a"] }],
    ["kernel --unknown /k", { kernel: "--unknown" }],
    ["kernel /a x\nkernel /b", { kernel: "/b", arguments: [], earlier: [{ file: "/a", device: undefined }] }],

    ["initrd /i\nkernel /k", { failure: "its `initrd` stands before its `kernel`" }],
    ["kernel /k\ntimeout 5", { failure: "`timeout` cannot stand in an entry" }],
    ["kernel /k\nboot\ntimeout 5", { failure: undefined }],
    ["kernel /k\npassword x", { failure: "it asks for a password" }],
    ["kernel /k\nsavedefault", { savesDefault: true }],
    ["configfile (hd0)/other", { nextMenu: "/other" }],
    ["uuid LABEL=x \nkernel /k", { uuid: "LABEL=x" }],
  ];
  for (const [commands, expected] of IN_ENTRIES) {
    it(`reads the entry ${JSON.stringify(commands)} as ${JSON.stringify(expected)}`, () => {
      const [entry] = parseMenu(`title x\n${commands}\n`).entries;
      const seen = Object.entries(entry).filter(([name]) => name in expected);
      assert.deepEqual(
        { failure: undefined, ...Object.fromEntries(seen) },
        { failure: undefined, ...expected },
      );
    });
  }

  it("takes the saved number from the very beginning of its file", () => {
    assert.deepEqual(["2\n#\n", "1more", " 1", "", undefined, "0x1"].map(savedNumber), [2, 1, 0, 0, 0, 1]);
  });

  it("starts the same entry that it counts", () => {
    const menu = parseMenu(`default 1\ntitle ----\n${ENTRIES}`);
    assert.deepEqual(
      chooseEntry(menu, 0, () => undefined),
      { index: 1, why: "default is 1" },
    );
    assert.equal(menu.entries[1].title, "b");
  });
});

describe("an edited menu, whatever it was", () => {
  const same = { seed: 12, numRuns: 300 };
  /** Edited for the entry that GRUB legacy starts, where every kernel is there. */
  function edited(text: string) {
    const { index } = chooseEntry(parseMenu(text), 0, ({ failure }) => failure);
    return { index, ...editMenuLst(text, phonyTarget({ defaultEntry: index })) };
  }

  it("starts with both GRUBs the entry that GRUB legacy started, and passes the check", () => {
    fc.assert(
      fc.property(menuText, (text) => {
        const before = parseMenu(text);
        fc.pre(before.entries.length > 0);
        const { index, text: after } = edited(text);
        const grub2 = readAsGrub2(after);
        assert.equal(grub2.default, index, after);
        assert.deepEqual(
          grub2.titles,
          before.entries.map(({ title }) => title),
        );
        assert.notEqual(grub2.timeout, undefined);
        assert.deepEqual(
          checkMenu(after).filter(({ ok }) => !ok),
          [],
          after,
        );
      }),
      same,
    );
  });

  it("is the same when it is edited twice", () => {
    fc.assert(
      fc.property(menuText, (text) => {
        const { index, text: once } = edited(text);
        assert.equal(editMenuLst(once, phonyTarget({ defaultEntry: index })).text, once);
      }),
      same,
    );
  });

  it("has a diff that makes it of the old one", () => {
    fc.assert(
      fc.property(menuText, (text) => {
        const { text: after, lines = [] } = edited(text);
        const diff = ["--- a", "+++ b", ...alignedHunks(lines)].join("\n");
        assert.equal(applyPatch(text, `${diff}\n`, { fuzzFactor: 0, autoConvertLineEndings: false }), after);
      }),
      same,
    );
  });

  it("asks for the changes of a kernel as often as there are entries, and no oftener", () => {
    let asked = 0;
    const target = phonyTarget({
      changes: () => {
        asked++;
        return [];
      },
    });
    const entries = (count: number) => "title a\nroot (hd0)\nkernel /boot/v\n".repeat(count);
    editMenuLst(entries(1), target);
    const once = asked;
    editMenuLst(entries(50), target);
    assert.equal(asked - once, 50 * once);
  });
});
