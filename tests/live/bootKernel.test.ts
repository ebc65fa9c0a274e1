/** The kernel that a conversion boots: the live program foretells the one that the converter takes, whatever the menu has. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { defaultBoot } from "../../converter/guest/kernel/chooseDefault";
import { menuKernels } from "../../converter/guest/kernel/inspectKernels";
import type { Family, KernelFacts } from "../../converter/types";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { phonyGuestFacts, phonyKernelFacts } from "../converter/guest/phonyFacts";
import { runFunctions, shellsHere } from "./program";

const US = "\x1f";
const DRIVERS = ["xen-blkfront", "xen-netfront", "nvme", "ena"];
const GUESTS = 120;

const kernel = fc.record({
  bootsHvm: fc.boolean(),
  // Most have all of them, else hardly any would serve.
  availableDrivers: fc.oneof(fc.constant(DRIVERS), fc.subarray(DRIVERS)),
});

const entry = fc.record({
  kernel: fc.nat({ max: 3 }),
  title: fc.constantFrom("Linux", "Linux", "Linux (recovery mode)"),
  fault: fc.constantFrom(undefined, undefined, "its initrd is not there"),
  initrd: fc.constantFrom(undefined, "/boot/initrd-1", "/boot/initrd-2"),
});

/** A guest whose default entry can be started; without that neither of the two would choose anything. */
const guest = fc
  .record({
    kernels: fc.array(kernel, { minLength: 4, maxLength: 4 }),
    entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
    defaultEntry: fc.nat({ max: 4 }),
    families: fc.constantFrom<Family[][]>(["xen"], ["nitro"], ["xen", "nitro"]),
  })
  .map(({ kernels: facts, entries, defaultEntry, families }) => {
    const kernels = facts.map((one, index) => phonyKernelFacts({ version: String(index), ...one }));
    const place = defaultEntry % entries.length;
    const listed = entries.map(({ kernel: index, title, fault, initrd }, number) => ({
      ...{ title, kernel: kernels[index].path, arguments: [], initrd },
      ...(fault === undefined || number === place ? {} : { fault }),
    }));
    const { bootFile } = phonyGuestFacts(kernels);
    return {
      guest: phonyGuestFacts(kernels, { bootFile: { ...bootFile, entries: listed, defaultEntry: place } }),
      families,
    };
  });

type Drawn = ReturnType<typeof draw>[number];
const draw = () => fc.sample(guest, GUESTS);

/** What the live program has noted when it comes to choose. */
function writeNotes(folder: string, { guest: { bootFile, kernels } }: Drawn): void {
  const drivers = ({ path: image, availableDrivers }: KernelFacts) =>
    DRIVERS.map((name) => [
      "driver",
      image,
      name,
      availableDrivers.includes(name) ? "module" : "missing",
      name,
    ]);
  const notes = kernels.flatMap((one) => [
    ["kernel", one.version, one.path, one.initrd ?? "", one.bootsHvm ? "yes" : "no", "", ""],
    ...drivers(one),
  ]);
  const entries = bootFile.entries.map(({ title, kernel: image = "", initrd = "", fault = "" }, number) => [
    ...[String(number), image, initrd, fault, title, "", ""],
  ]);
  const lines = (rows: string[][]) => rows.map((row) => `${row.join(US)}\n`).join("");
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "notes"), lines(notes));
  fs.writeFileSync(path.join(folder, "entries"), lines(entries));
}

/** The image that a conversion would boot; nothing where that kernel is PV only, and the conversion refused. */
function converterTakes({ guest: facts, families }: Drawn): string {
  const { kernel: chosen } = defaultBoot(facts, families);
  return chosen.bootsHvm ? chosen.path : "";
}

for (const shell of shellsHere())
  describe(`the kernel that a conversion boots, by ${shell}`, function () {
    this.timeout(120_000);
    after(removeFolders);

    it("is the one that the converter takes, whatever the menu and the kernels", () => {
      const folder = scratchFolder();
      const drawn = draw();
      drawn.forEach((one, index) => writeNotes(path.join(folder, String(index)), one));
      const each = drawn.map(({ guest: { bootFile }, families }, index) => {
        const today = bootFile.entries[bootFile.defaultEntry].kernel ?? "";
        return `cp '${folder}/${index}/notes' '${folder}/${index}/entries' "$WORK/"
FAMILIES='${families.join(" ")}' TODAY_KERNEL='${today}'
choose_boot_kernel; printf '%s\\n' "$BOOT_KERNEL"`;
      });
      const found = runFunctions(shell, each.join("\n")).split("\n").slice(0, GUESTS);
      assert.deepEqual(found, drawn.map(converterTakes));
      const changed = drawn.filter(
        ({ guest: { bootFile } }, index) =>
          found[index] !== "" && found[index] !== bootFile.entries[bootFile.defaultEntry].kernel,
      );
      assert.ok(changed.length > GUESTS / 40, "hardly any default changed");
    });

    it("has the initramfs that the converter gives it, whatever entries start it", () => {
      const folder = scratchFolder();
      const drawn = draw();
      drawn.forEach((one, index) => writeNotes(path.join(folder, String(index)), one));
      const each = drawn.map(
        ({ guest: { bootFile } }, index) =>
          `cp '${folder}/${index}/entries' "$WORK/"; TODAY_ENTRY=${bootFile.defaultEntry}; menu_kernels; echo`,
      );
      const found = runFunctions(shell, each.join("\n")).split("\n\n").slice(0, GUESTS);
      const expected = drawn.map(({ guest: { bootFile } }) =>
        [...menuKernels(bootFile)].map(([image, initrd = ""]) => image + US + initrd).join("\n"),
      );
      assert.deepEqual(found, expected);
    });
  });
