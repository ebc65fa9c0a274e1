/** Who wrote the guests' boot menus: the text of each bears that out. */
import assert from "node:assert/strict";
import * as path from "node:path";
import { isAsUcfWrote, UCF_RECORD } from "../../../converter/guest/menu/ucfRecord";
import { GUESTS, type Guest } from "./guests";
import { FIXTURES } from "./phonyGuests";
import { REFUSED_GUESTS } from "./refusedGuests";
import { readTexts, type TextFile } from "./treeFiles";

const MENU = /\/(?:menu\.lst|grub\.conf|grub\.cfg)$/;
const BY_HAND = /^by hand, after \S/;

/** Lines that these programs alone write, each whole. The blank before the end of a kernel's line is theirs too. */
const ALL_SETTINGS = [
  "## lines between the AUTOMAGIC KERNELS LIST markers will be modified",
  "## DO NOT UNCOMMENT THEM, Just edit them to your needs",
  "##      kopt_2_6_8_2_686=root=/dev/hdc2 ro",
  "## only counts the first occurence of a kernel, not the",
];
const UBUNTU = [
  ...ALL_SETTINGS,
  "# WARNING: If you are using dmraid do not use 'savedefault' or your",
  "## update-grub will ignore non-xen kernels when running in domU and vice versa",
  "##      altoptions=(recovery) single",
];

/** What each program writes, by its name and version. The example of groot was changed in July 2010, with 0.5.13. */
const PROGRAMS: { menuBy: RegExp; marks: string[]; lacks: string; hasUcf: boolean }[] = [
  {
    menuBy: /^update-grub-legacy-ec2 0\.5\.12-/,
    marks: [...UBUNTU, "## e.g. groot=(hd0,0)"],
    lacks: "## e.g. groot=(hd0)",
    hasUcf: true,
  },
  {
    menuBy: /^update-grub-legacy-ec2 0\.(?:5\.15|6\.3|7\.5)-/,
    marks: [...UBUNTU, "## e.g. groot=(hd0)"],
    lacks: "## e.g. groot=(hd0,0)",
    hasUcf: true,
  },
  {
    menuBy: /^update-menu-lst 1\.3\+nmu1$/,
    marks: [...ALL_SETTINGS, "## e.g. groot=(hd0,0)", "##      altoptions=(single-user) single"],
    lacks: "## can be true or false",
    hasUcf: false,
  },
];

const programOf = ({ menuBy = "" }: Guest) => PROGRAMS.find((program) => program.menuBy.test(menuBy));
const textsOf = ({ folder }: Guest) => readTexts(path.join(FIXTURES, folder, "before"));

function menuOf(texts: Record<string, TextFile>): string | undefined {
  return Object.entries(texts)
    .filter(([name]) => name.startsWith("/boot/") && MENU.test(name))
    .map(([, text]) => text)
    .find((text) => typeof text === "string");
}

/** The entries' kernels, one for each kernel of the guest: a default one, and one to recover. */
function writtenEntries(menu: string): string[] {
  const [, written = ""] = /^## ## End Default Options ##\n([^]*?)^### END DEBIAN/m.exec(menu) ?? [];
  return [...written.matchAll(/^kernel\t\t\/boot\/vmlinuz-(\S+)/gm)].map(([, version]) => version);
}

describe("the boot menus of the families", () => {
  for (const guest of [...GUESTS, ...REFUSED_GUESTS]) {
    const texts = textsOf(guest);
    const menu = menuOf(texts);
    const program = programOf(guest);

    it(`say who wrote them: ${guest.folder}`, () => {
      assert.ok(menu !== undefined, "no menu in the fixture");
      assert.ok(
        program ?? BY_HAND.test(guest.menuBy ?? ""),
        `${String(guest.menuBy)}: neither a program whose marks are known nor a source`,
      );
    });

    if (menu === undefined || program === undefined) continue;

    it(`have the marks of the program that wrote them: ${guest.folder}`, () => {
      const lines = menu.split("\n");
      for (const mark of program.marks) assert.ok(lines.includes(mark), `it lacks the line: ${mark}`);
      assert.ok(!lines.includes(program.lacks), `another version writes: ${program.lacks}`);
      const versions = guest.kernels.flatMap(({ version }) => [version, version]);
      assert.deepEqual(writtenEntries(menu).sort(), versions.sort());
      assert.match(menu, /^kernel\t\t\/boot\/vmlinuz-.* $/m);
    });

    if (program.hasUcf)
      it(`have the checksum of their entries in ucf's record: ${guest.folder}`, () => {
        const record = texts[UCF_RECORD];
        assert.ok(typeof record === "string", `no ${UCF_RECORD}`);
        assert.ok(isAsUcfWrote(record, menu), "the checksum is not that of the entries");
      });
  }
});
