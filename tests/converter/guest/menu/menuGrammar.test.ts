import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { parseMenu } from "../../../../converter/guest/menu/bootFile";
import { parseCommand, joinContinued } from "../../../../converter/guest/menu/menuGrammar";
import { editMenuLst } from "../../../../converter/guest/menu/menuLst";
import { removeFolders, scratchFolder } from "../../disk/images";
import { phonyTarget } from "./phonyTarget";
import { menuText } from "../texts";

/** Commands that a conversion may change; every other line, comments that are no settings too, must come out as it was. */
const CONCERNED =
  /^\s*(?:root|rootnoverify|kernel|initrd|module|modulenounzip|configfile|splashimage|gfxmenu|uuid|default)[\s=]|^\s*#?lock\s*$/;
const SETTING = /^# (?:groot|kopt(?:_\w+)?|defoptions|nonaltoptions|altoptions|indomU)=/;

describe("the language of menu.lst", () => {
  const COMMANDS: [line: string, name: string | undefined, rest?: string][] = [
    ["default=0", "default", "0"],
    ["\ttimeout\t 5 ", "timeout", "5"],
    ["title a = b", "title", "a = b"],
    ["hiddenmenu", "hiddenmenu", ""],
    ["root = (hd0)", "root", "(hd0)"],
    ["#root (hd0)", undefined],
    ["   ", undefined],
    ["TITLE x", undefined],
  ];
  for (const [line, name, rest] of COMMANDS) {
    it(`reads ${JSON.stringify(line)} as ${name ?? "no command"}`, () =>
      assert.deepEqual(parseCommand(line), name === undefined ? undefined : { name, rest }));
  }
});

describe("an edited menu, whatever it was", () => {
  const edited = (text: string) => editMenuLst(text, phonyTarget()).text;
  let file: string;
  before(() => (file = path.join(scratchFolder(), "menu.lst")));
  after(removeFolders);

  it("keeps every line that is not concerned byte for byte, in its order", () => {
    const others = (text: string) =>
      text.split("\n").filter((line) => !CONCERNED.test(line) && !SETTING.test(line));
    fc.assert(
      fc.property(menuText, (text) => {
        const before = others(joinContinued(text));
        const after = others(edited(text));
        // Markers for settings that were missing may come in between; nothing goes.
        const rest = [...after];
        for (const line of before) assert.ok(rest.splice(0, rest.indexOf(line) + 1).includes(line), line);
        if (!text.includes("### BEGIN AUTOMAGIC")) assert.deepEqual(after, before);
      }),
    );
  });

  it("has the entries, and the kernels and initrd, that it had", () => {
    const files = (text: string) =>
      parseMenu(text).entries.map(({ title, kernel, initrd }) => ({ title, kernel, initrd }));
    fc.assert(fc.property(menuText, (text) => assert.deepEqual(files(edited(text)), files(text))));
  });

  it("is read by GRUB 2's own converter, with a kernel for every entry that has one and no continued line", () => {
    fc.assert(
      fc.property(menuText, (text) => {
        const { entries } = parseMenu(text);
        const script = grub2Script(edited(text));
        const kernels = entries.filter(({ kernel }) => kernel !== undefined);
        assert.equal(script.match(/^menuentry /gm)?.length ?? 0, entries.length);
        // Behind a lock that a password stands for, GRUB 2 forgets the line end: the entry is as good as locked.
        const started = script.match(/^\s*(?:if ! authenticate legacy; then return; fi\s*)?legacy_kernel /gm);
        assert.ok((started?.length ?? 0) >= kernels.length, script);
        assert.doesNotMatch(script, /set root='\(hd0\)'|\\$/m);
      }),
      { numRuns: 50 },
    );
  });

  /**
   * What GRUB 2 makes of a menu. `legacy_configfile` passes over white space before a command, which this program of
   * the same source does not.
   */
  function grub2Script(text: string): string {
    fs.writeFileSync(file, text.replace(/\r/g, "").replace(/^[ \t]+/gm, ""));
    return execFileSync("grub-menulst2cfg", [file], { encoding: "utf8" });
  }
});
