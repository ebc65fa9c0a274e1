/** dracut's omit_drivers on a live source: what falls under a word of it, by every shell's own awk. */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { runFunctions } from "./program";

const AWKS = ["mawk", "gawk", "busybox awk", "original-awk"].filter(isHere);

function isHere(awk: string): boolean {
  try {
    execFileSync("sh", ["-c", `${awk} 'BEGIN { exit }'`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A word, and whether a driver of an instance family falls under it. */
const WORDS: [word: string, falls: boolean][] = [
  ["nvme", true],
  ["nvme-core", true],
  ["nv.*", true],
  ["^xen", true],
  ["(nvme|ena)", true],
  ["e[n]a", true],
  ["floppy", false],
  ["nouveau|radeon", false],
  // None of these is a pattern, and dracut omits nothing by them.
  ...["*nvme", "(nvme", "nvme[", "+ena", "nvme|", "ena)", "\\\\"].map((word): [string, boolean] => [
    word,
    false,
  ]),
];

describe("a live source's omit_drivers", () => {
  after(removeFolders);

  for (const awk of AWKS)
    it(`loses every word under which a needed driver falls, by ${awk}`, () => {
      const folder = scratchFolder();
      fs.writeFileSync(path.join(folder, "awk"), `#!/bin/sh\nexec ${awk} "$@"\n`, { mode: 0o755 });
      for (const [word, falls] of WORDS) {
        fs.writeFileSync(path.join(folder, "small.conf"), `omit_drivers+=" floppy ${word} "\n`);
        runFunctions(
          "dash",
          `PATH="${folder}:$PATH"; write_file() { cat "$2" >"$1"; }; lift_file "${folder}/small.conf" "$KEEP_DRIVERS" x`,
        );
        const lifted = fs.readFileSync(path.join(folder, "small.conf"), "utf8");
        assert.equal(
          lifted,
          falls ? 'omit_drivers+=" floppy "\n' : `omit_drivers+=" floppy ${word} "\n`,
          word,
        );
      }
    });
});
