/** What is named at three in the morning instead of a disk: told at once, with nothing made and nothing written. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { MIB } from "../../converter/disk/sizes";
import { run } from "./program";
import { blankDisk, removeFolders, scratchFolder } from "./disk/images";

describe("a disk's name", function () {
  this.timeout(60_000);
  let folder: string;
  let disk: string;
  before(() => {
    folder = scratchFolder();
    disk = blankDisk(1);
    fs.mkdirSync(path.join(folder, "folder"));
    fs.writeFileSync(path.join(folder, "empty"), "");
    fs.writeFileSync(path.join(folder, "small"), "x".repeat(100));
    fs.writeFileSync(path.join(folder, "two\nlines.img"), "");
    fs.truncateSync(path.join(folder, "two\nlines.img"), MIB);
    fs.symlinkSync("two\nlines.img", path.join(folder, "two-lines"));
    fs.symlinkSync("nowhere", path.join(folder, "dangling"));
    fs.symlinkSync("circle", path.join(folder, "circle"));
    execFileSync("mkfifo", [path.join(folder, "pipe")]);
  });
  after(removeFolders);

  const NAMES: [what: string, name: string, said: RegExp][] = [
    ["of a folder", "folder", /is neither a block device nor a file, but a folder\. Name a device, a raw/],
    ["of a pipe", "pipe", /but a pipe\. Name a device/],
    ["of a device that gives zeros for ever", "/dev/zero", /but a character device\. Name a device/],
    ["of /dev/null", "/dev/null", /but a character device\. Name a device/],
    ["of nothing", "missing", /missing: does not exist\. Name a device/],
    ["of a link to nothing", "dangling", /is a link to nowhere, which does not exist\. Name a device/],
    ["of a link to itself", "circle", /cannot be looked at \(ELOOP: .*\)\. Name a device/],
    [
      "of an empty file",
      "empty",
      /holds 0 bytes, and a disk has 512 at the least\. Name the file that holds/,
    ],
    ["of a file smaller than a sector", "small", /holds 100 bytes, and a disk has 512 at the least/],
    ["with a line break", "two\nlines.img", /two\\nlines\.img": has a line break .* Rename it \(mv\)/],
    ["that leads to one with a line break", "two-lines", /two\\nlines\.img": has a line break/],
  ];
  for (const [what, name, said] of NAMES) {
    it(`${what} is told as what it is, for a source and for a destination`, async () => {
      const named = path.resolve(folder, name);
      const before = fs.readdirSync(folder);
      for (const argv of [[named, disk], [disk, named], [named]]) {
        const command = argv.length === 1 ? "inspect" : "convert";
        const { status, lines, out } = await run(command, ...argv);
        assert.equal(status, 2, lines.join("\n"));
        assert.equal(out, "");
        assert.equal(lines.length, 1, lines.join("\n"));
        assert.match(lines[0], said);
      }
      assert.deepEqual(fs.readdirSync(folder), before);
      assert.equal(fs.statSync(disk).blocks, 0, "the disk was written to");
    });
  }

  it("that is empty, of a variable that was never set, is told as that", async () => {
    for (const argv of [
      ["convert", "", disk],
      ["inspect", ""],
      ["restore", ""],
      ["rehearse", ""],
    ]) {
      const { status, last } = await run(...argv);
      assert.equal(status, 2);
      assert.match(last, /one of the names is empty \(""\)\. Look whether a variable/);
    }
  });

  it("that begins with a dash is told how to be written, and has no other meaning so written", async () => {
    const { status, last } = await run("inspect", "-disk.img");
    assert.equal(status, 2);
    assert.match(last, /Unknown option '-d'.* A file whose name begins with a dash .*: \.\/-NAME\./);
    const dashed = path.join(folder, "-a disk.img");
    fs.copyFileSync(disk, dashed);
    const found = await run("inspect", path.relative(".", dashed));
    assert.equal(found.status, 3);
    assert.match(found.last, /^REFUSED: source .*-a disk\.img: holds no filesystem that is known/);
    fs.rmSync(dashed);
  });

  it("that leads to the source by a link or a hard link is no destination", async () => {
    const link = path.join(folder, "link");
    const hardLink = `${disk}.same`;
    fs.symlinkSync(disk, link);
    fs.linkSync(disk, hardLink);
    for (const destination of [disk, link, hardLink]) {
      const { status, lines } = await run("convert", disk, destination);
      assert.equal(status, 3);
      assert.match(
        lines.join("\n"),
        /destination .*: is the source itself(, by another name \(.*\))?\. Name a second, blank disk/,
      );
      assert.deepEqual(
        lines.filter((line) => /reading/.test(line)),
        [],
      );
    }
    assert.equal(fs.statSync(disk).blocks, 0);
  });
});
