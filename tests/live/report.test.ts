/** The record and the report, out of any bytes that a guest's files may have. */
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { masked } from "../../components/masked";
import { visible } from "../../components/visible";
import type { LiveReport } from "../../live/types";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { runFunctions, shellsHere } from "./program";

const US = "\x1f";
const AWKS = ["mawk", "gawk", "original-awk", "busybox awk"].filter(
  (awk) => spawnSync("which", [awk.split(" ")[0]]).status === 0,
);

/** What the program prints of these notes, its awk being the one named. */
function printed(
  notes: Buffer,
  how: "json" | "text" | "text | visible_lines",
  awk = AWKS[0],
  shell = "dash",
): string {
  const folder = scratchFolder();
  fs.writeFileSync(path.join(folder, "notes"), notes);
  fs.writeFileSync(path.join(folder, "awk"), `#!/bin/sh\nexec ${awk} "$@"\n`, { mode: 0o755 });
  return runFunctions(shell, `cp '${folder}/notes' "$WORK/notes"; print_${how}`, {
    PATH: `${folder}:${process.env.PATH}`,
  });
}

const recordOf = (notes: Buffer, awk?: string) => JSON.parse(printed(notes, "json", awk)) as LiveReport;
const warnings = (texts: (string | Buffer)[]) =>
  Buffer.concat(texts.flatMap((text) => [Buffer.from(`warning${US}`), Buffer.from(text), Buffer.from("\n")]));

/** No newline, which ends a note, no separator, no NUL, which no shell can hold. */
const anyByte = fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== 10 && byte !== 0x1f);

/** `pw=` and its like come up by chance. */
const hasNoSecret = (text: string) => masked(text) === text;

for (const awk of AWKS)
  describe(`the record, by ${awk}`, function () {
    this.timeout(60_000);
    after(removeFolders);

    it("has every text that is UTF-8 as people are to see it", () => {
      const texts = fc.sample(
        fc
          .string({ unit: "grapheme", maxLength: 40 })
          .map((text) => text.replace(/[\n\0\x1f]/g, ""))
          .filter(hasNoSecret),
        300,
      );
      assert.deepEqual(recordOf(warnings(texts), awk).warnings, texts.map(visible));
    });

    it("can be read whatever bytes a file has, and loses none of its ASCII", () => {
      const texts = fc.sample(
        fc
          .array(anyByte, { maxLength: 60 })
          .map((bytes) => Buffer.from(bytes))
          .filter((bytes) => hasNoSecret(bytes.toString("latin1"))),
        300,
      );
      // A byte above them may be part of a character that is shown by its number, or of none.
      const ascii = (text: string) => text.replace(/\\u\{([89][0-9a-f]|ad|[2f]\w{3})\}|[^\x01-\x7f]/g, "");
      const read = recordOf(warnings(texts), awk).warnings;
      assert.deepEqual(
        read.map(ascii),
        texts.map((bytes) => ascii(visible(bytes.toString("latin1")))),
      );
    });

    it("has a file's secrets masked, and so has the report for people", () => {
      const lines = ["-password --md5 $1$Jx8sBz$Ek2S9fLrWd1lYaPq0Tn41", "+DB_PASSWORD=hunter2", " timeout 5"];
      const notes = Buffer.from(
        [
          `command${US}prepare`,
          `file${US}/boot/grub/menu.lst`,
          ...lines.map((line) => `diff${US}${line}`),
          "",
        ].join("\n"),
      );
      const expected = ["-password --md5 ********", "+DB_PASSWORD=********", " timeout 5"];
      assert.deepEqual(recordOf(notes, awk).files[0].diff, expected);
      const report = printed(notes, "text | visible_lines", awk);
      for (const line of expected) assert.ok(report.includes(`    ${line}\n`), report);
      assert.doesNotMatch(report, /Ek2S9|hunter2/);
    });

    it("has no line that hangs the engine, and says of a longer text how long it was", () => {
      const texts = ["x".repeat(20_000), '"'.repeat(20_000), "\x01".repeat(20_000), "é".repeat(20_000)];
      const text = printed(warnings(texts), "json", awk);
      for (const line of text.split("\n")) assert.ok(Buffer.byteLength(line) < 16_384);
      const read = (JSON.parse(text) as LiveReport).warnings;
      read.forEach((one, index) => {
        assert.ok(one.startsWith(visible(texts[index]).slice(0, 1000)));
        assert.match(one, new RegExp(` … \\(${Buffer.byteLength(texts[index])} bytes in all\\)$`));
      });
    });
  });

const NOTES = `command${US}prepare
distribution${US}Debian GNU/Linux 7.11
today${US}/boot/grub/menu.lst${US}/boot/vmlinuz-1${US}/boot/initrd.img-1${US}0${US}Debian${US}default is 0
kernel${US}1${US}/boot/vmlinuz-1${US}/boot/initrd.img-1${US}yes${US}/boot/config-1: neither${US}
driver${US}/boot/vmlinuz-1${US}xen-platform-pci${US}builtin${US}xen-platform-pci
driver${US}/boot/vmlinuz-1${US}nvme${US}module${US}nvme
free${US}/${US}640
package${US}grub-common
file${US}/etc/initramfs-tools/modules
reason${US}the initramfs of every kernel gets nvme
diff${US}--- /etc/initramfs-tools/modules
diff${US}+nvme\ta tab
problem${US}one thing was found.${US}another.${US}Do this.
warning${US}something
`;

describe("the reports of the same notes", () => {
  after(removeFolders);

  it("has all of them, by their names in the record", () => {
    const { today, kernels, freeMb, packages, files, problems, warnings } = recordOf(Buffer.from(NOTES));
    assert.deepEqual(today, {
      menu: "/boot/grub/menu.lst",
      kernel: "/boot/vmlinuz-1",
      initrd: "/boot/initrd.img-1",
    });
    assert.deepEqual(kernels, [
      {
        ...{ version: "1", image: "/boot/vmlinuz-1", initrd: "/boot/initrd.img-1", hvm: true },
        ...{ why: "/boot/config-1: neither", drivers: [{ name: "nvme", where: "module" }] },
      },
    ]);
    assert.deepEqual(
      [freeMb, packages, warnings],
      [[{ path: "/", mb: 640 }], ["grub-common"], ["something"]],
    );
    assert.deepEqual(files, [
      {
        path: "/etc/initramfs-tools/modules",
        reasons: ["the initramfs of every kernel gets nvme"],
        diff: ["--- /etc/initramfs-tools/modules", "+nvme\ta tab"],
      },
    ]);
    assert.deepEqual(problems, [{ found: "one thing was found.", needed: "another.", fix: "Do this." }]);
  });

  for (const shell of shellsHere())
    it(`tells them to people in lines of 100 columns, by ${shell}`, () => {
      const long = `problem${US}${"many words ".repeat(30)}${US}x.${US}y.\n`;
      const lines = printed(Buffer.from(NOTES + long), "text", undefined, shell).split("\n");
      for (const line of lines) assert.ok(line.length <= 100, line);
      for (const title of ["Found", "Installed", "Changed", "In the way", "Worth knowing"])
        assert.ok(lines.includes(title), title);
    });
});
