/** The kernel's arguments: the live program says of them what the converter does, whatever the command line. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import fc from "fast-check";
import table from "../../converter/guest/commandLine/argumentTable.json";
import { suspects } from "../../converter/guest/commandLine/harmful";
import { bearable, unbearables } from "../../converter/guest/commandLine/pvOnly";
import { kernelsOwn, words } from "../../converter/guest/commandLine/words";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { runFunctions, runLive, shellsHere } from "./program";

const NAMES = [...table.pvOnly, ...table.harmful].flatMap((row) => row.names);
const VALUES = [
  ...["xen", "off", "nomsi", "conf2", "noacpi", "bios", "nocrs", "all", "ide-disks", "nics", "never"],
  ...["nvme", "xen-blkfront", "xen_blkfront", "nvme_core", "floppy", "ena", "exactmap", "512M@0", "1M$16M"],
  ...[
    "64M",
    "0x4000000",
    "0400000000",
    "010M",
    "1G",
    "262144k",
    "268435456",
    "0x",
    "0",
    "00",
    "0x0",
    "4",
    "",
  ],
  ...["jiffies", "none", "noprobe", "ht", "10.0.0.5::10.0.0.1", "dhcp", "eth0:12:31:3d:04:30:2b"],
  ...["01-12-31-3d-04-30-2b", "nopentium", "serial", "ttyS0", "a b", "x\\y", "'"],
];

const argument = fc
  .record({
    name: fc.oneof(
      fc.constantFrom(...NAMES),
      fc.constantFrom("root", "ro", "xen-nopv", "xen-emul-unplug", "--"),
    ),
    items: fc.array(fc.constantFrom(...VALUES), { maxLength: 3 }),
    quotes: fc.constantFrom("", "", "", "word", "value", "open"),
  })
  .map(({ name, items, quotes }) => {
    const value = items.join(",");
    if (name === "--" || items.length === 0) return name;
    if (quotes === "word") return `"${name}=${value}"`;
    if (quotes === "open") return `${name}="${value}`;
    return quotes === "value" ? `${name}="${value}"` : `${name}=${value}`;
  });
const line = fc
  .array(fc.tuple(argument, fc.constantFrom(" ", "  ", "\t")), { maxLength: 6 })
  .map((parts) => parts.map((part) => part.join("")).join(""));

/** Every name with every value, and lines of any arguments. */
const LINES = [
  ...NAMES.map((name) => [name, ...VALUES.map((value) => `${name}=${value}`)].join(" ")),
  ...fc.sample(line, 150),
];

function converterSays(text: string): string[] {
  const own = kernelsOwn(words(text));
  return [
    ...unbearables(own).map(({ word, harm }) => `goes|${word}|${harm}`),
    ...suspects(bearable(own)).map(({ word, harm }) => `stays|${word}|${harm}`),
  ].sort();
}

for (const shell of shellsHere())
  describe(`the kernel's arguments, by ${shell}`, function () {
    this.timeout(120_000);
    after(removeFolders);

    it("are told by the converter's own table, whatever stands among them", () => {
      const file = `${scratchFolder()}/lines`;
      fs.writeFileSync(file, LINES.map((one) => `${one}\n`).join(""));
      const script = `while IFS= read -r line; do judge_arguments "$line" | tr '\\037' '|'; echo end; done <'${file}'`;
      const said = runFunctions(shell, script).split("end\n");
      LINES.forEach((one, index) => {
        const found = said[index].split("\n").filter((text) => text !== "");
        assert.deepEqual(found.sort(), converterSays(one), one);
      });
    });

    it("are told of the entry that boots, in the warnings", () => {
      const root = scratchFolder();
      fs.mkdirSync(`${root}/boot/grub`, { recursive: true });
      fs.writeFileSync(`${root}/boot/vmlinuz-1`, "x");
      const entry = (given: string) => `title a\nroot (hd0)\nkernel /boot/vmlinuz-1 ${given}\n`;
      const menu = `default 1\n${entry("acpi=ht")}${entry("root=/dev/xvda1 earlyprintk=xen acpi=off mem=2G")}`;
      fs.writeFileSync(`${root}/boot/grub/menu.lst`, menu);
      const told = runLive(shell, ["inspect", root]).report.warnings.filter((one) =>
        one.includes("entry that boots has"),
      );
      assert.deepEqual(
        told.map((one) =>
          one.replace(/^(\S+ the entry that boots has \S+): .* (A conversion \w+) it.*$/, "$1 $2"),
        ),
        [
          "/boot/grub/menu.lst: the entry that boots has earlyprintk=xen A conversion takes",
          "/boot/grub/menu.lst: the entry that boots has acpi=off A conversion leaves",
          "/boot/grub/menu.lst: the entry that boots has mem=2G A conversion leaves",
        ],
      );
    });
  });
