/** A disk that goes, or becomes another, while a step works on it. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { main } from "../../../converter/main";
import { type Runner, run } from "../../../converter/run";
import { blankDisk, isRoot, removeFolders } from "../disk/images";
import { phonyDisk } from "./phonyDisk";

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("a destination", function () {
  this.timeout(60_000);
  after(removeFolders);

  /** Converts; `change` happens right before the copy's filesystems are checked, between two records. */
  async function convertWith(source: string, destination: string, change: () => void) {
    const lines: string[] = [];
    let changed = false;
    const runner: Runner = async (words, options) => {
      if (!changed && words.includes("-fp") && options.purpose === "checking the copy's filesystem") {
        changed = true;
        change();
      }
      return run(words, options);
    };
    const output = { out: () => undefined, log: (line: string) => void lines.push(line) };
    return { status: await main(["convert", source, destination], output, runner), lines };
  }

  it("that is gone in the middle of a step is told of, with how to go on", async () => {
    const [source, destination] = [phonyDisk(), blankDisk(96)];
    const away = `${destination}.away`;
    const { status, lines } = await convertWith(source, destination, () => fs.renameSync(destination, away));
    assert.equal(status, 4, lines.join("\n"));
    assert.match(
      lines.at(-1) ?? "",
      /^FAILED: .*: is not here any more .* Attach it again\. Then run the same/,
    );
    fs.renameSync(away, destination);
    const again = await convertWith(source, destination, () => undefined);
    assert.equal(again.status, 0, again.lines.join("\n"));
    assert.equal(again.lines.filter((line) => line.startsWith("copying: ")).length, 0);
  });

  it("whose name another disk has got is not mistaken for it: that one stays as it is", async () => {
    const [source, destination, other] = [phonyDisk(), blankDisk(96), blankDisk(96)];
    const { status, lines } = await convertWith(source, destination, () => {
      fs.renameSync(destination, `${destination}.away`);
      fs.renameSync(other, destination);
    });
    assert.equal(status, 4, lines.join("\n"));
    assert.match(lines.at(-1) ?? "", /^FAILED: .* is another disk by now, so nothing more was written there/);
    assert.ok(
      fs.readFileSync(destination).every((byte) => byte === 0),
      "the other disk was written to",
    );
  });
});
