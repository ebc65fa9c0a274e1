import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  forgetLoop,
  isLeftover,
  leftLoops,
  mountFolderPrefix,
  noteLoop,
  startOf,
} from "../../../converter/disk/leftovers";

describe("a folder that something is mounted at", () => {
  const mine = `${mountFolderPrefix()}Ab12Cd`;
  const CASES: [what: string, folder: string, left: boolean][] = [
    ["of this process", mine, false],
    ["of a process that is gone", mine.replace(/\d+-\d+-/, "999999999-17-"), true],
    ["of an earlier process of this number", mine.replace(/-\d+-(?=\w+$)/, "-17-"), true],
    ["of another program", "/mnt/data", false],
    ["of another program's temporary folder", mine.replace("pv-to-hvm-root", "other"), false],
    ["below one of a process that is gone", "/srv/tmp/pv-to-hvm-root-999999999-17-Ab12Cd", false],
  ];
  for (const [what, folder, left] of CASES)
    it(`${what} is ${left ? "left over" : "left alone"}`, () => assert.equal(isLeftover(folder), left));
});

describe("a loop device that a process was about to attach", () => {
  // In a folder of its own: a conversion beside this one tidies up after processes that are gone.
  const folderBefore = process.env.TMPDIR;
  before(() => (process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), "pv-to-hvm-leftovers-"))));
  after(() => {
    fs.rmSync(os.tmpdir(), { recursive: true });
    if (folderBefore === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = folderBefore;
  });

  it("is left alone while the process runs, and left over when it is gone", () => {
    const mine = noteLoop("/dev/loop7", "/srv/old.img");
    const gone = mine.replace(/\d+-\d+-(?=loop7$)/, "999999999-17-");
    const noted = () => leftLoops().filter(({ note }) => note === mine || note === gone);
    assert.deepEqual(noted(), []);
    fs.renameSync(mine, gone);
    assert.deepEqual(noted(), [{ note: gone, device: "/dev/loop7", file: "/srv/old.img" }]);
    forgetLoop(gone);
    assert.deepEqual(noted(), []);
  });
});

describe("when a process began", () => {
  it("is known of one that runs", () => assert.match(startOf(process.pid) ?? "", /^\d+$/));
  it("is not known of one that is gone", () => assert.equal(startOf(999999999), undefined));
});
