/** What a report meets on its way out, as a shell gives it. */
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { checkWritable } from "../../converter/resultFile";
import { describeLack } from "../../converter/standardStreams";
import { blankDisk, isRoot, removeFolders, scratchFolder } from "./disk/images";
import { bundle } from "./program";

describe("a report", function () {
  this.timeout(60_000);
  const programs: Record<string, string> = {};
  before(() => {
    for (const entry of ["converter", "previewReport", "stackReport"])
      programs[entry] = bundle(`${entry}/main.ts`, scratchFolder());
    programs.sweep = programs.preflight = bundle("bin/withEc2.ts", scratchFolder());
  });
  after(removeFolders);

  /** Runs a line of the shell in which `$0` is Node and `$1` the program. */
  function shell(line: string, entry: string, ...words: string[]): SpawnSyncReturns<string> {
    const argv = ["-c", line, process.execPath, programs[entry], ...words];
    return spawnSync("bash", argv, { encoding: "utf8", timeout: 60_000 });
  }

  const HELPS = [
    ["converter", "--help"],
    ["sweep", "--help"],
    ["preflight", "--help"],
    ["previewReport", "--help"],
    ["stackReport", "--help"],
  ];
  for (const [entry, ...words] of HELPS) {
    const typed = entry === "converter" ? words : [entry, ...words];
    it(`of ${entry} that cannot be written ends with status 4 and a sentence`, () => {
      const { status, stderr } = shell('"$0" "$@" > /dev/full', entry, ...typed);
      assert.equal(status, 4);
      assert.match(stderr, /^FAILED: standard output: the report could not be written \(ENOSPC/m);
      assert.doesNotMatch(stderr, /\n {4}at /);
    });

    it(`of ${entry} whose reader goes away ends quietly`, () => {
      const line = '"$0" "$@" | true; exit ${PIPESTATUS[0]}';
      const { status, stderr } = shell(line, entry, ...typed);
      assert.deepEqual([status, stderr], [0, ""]);
    });
  }

  it("says nothing of a secret on standard error either", () => {
    const { status, stderr } = shell('"$0" "$@"', "converter", "inspect", "/nowhere/password=hunter2");
    assert.equal(status, 2);
    assert.match(stderr, /\/nowhere\/password=\*{8}/);
    assert.doesNotMatch(stderr, /hunter2/);
  });

  (isRoot ? it : it.skip)("of an inspection that cannot be written is a failure, whatever was found", () => {
    const { status, stderr } = shell('"$0" "$1" inspect "$2" --json > /dev/full', "converter", blankDisk(24));
    assert.equal(status, 4);
    assert.match(stderr, /^REFUSED: source .*\nFAILED: standard output: .*ENOSPC.*\n$/m);
  });

  (isRoot ? it : it.skip)("says which limit to raise where the process may open few files", () => {
    const disk = blankDisk(24);
    for (const limit of [24, 30, 64]) {
      const line = `ulimit -n ${limit}; "$0" "$1" inspect "$2"`;
      const { status, stderr } = shell(line, "converter", disk);
      const last = stderr.trim().split("\n").at(-1) ?? "";
      if (status === 3) assert.match(last, /^REFUSED: source .* holds no filesystem/);
      else {
        assert.equal(status, 4, stderr);
        assert.match(last, /^FAILED: this process may open no more files\. Raise the limit \(ulimit -n/);
      }
      assert.doesNotMatch(stderr, /\n {4}at /);
    }
  });
});

describe("an error of the system", () => {
  const CASES: [string, Error, RegExp | undefined][] = [
    [
      "too few file handles",
      systemError("EMFILE", "spawn"),
      /^this process may open no more files\. .*EMFILE/,
    ],
    ["too few of the machine", systemError("ENFILE", "open"), /^this machine can open no more files\./],
    ["no memory", systemError("ENOMEM", "spawn"), /^this machine has no memory left\./],
    ["no process left", systemError("EAGAIN", "spawn"), /^this user may start no more processes\./],
    [
      "a program's words about file handles",
      new Error("probing x: blkid x ended with exit code 2:\nblkid: error: Too many open files"),
      /^this process may open no more files\. .*probing x/,
    ],
    ["a read that has to wait", systemError("EAGAIN", "read"), undefined],
    ["a missing file", systemError("ENOENT", "open"), undefined],
    ["a fault", new TypeError("x is not a function"), undefined],
  ];
  for (const [what, error, expected] of CASES) {
    it(`is ${expected === undefined ? "left to others" : "told by what is lacking"}: ${what}`, () => {
      const said = describeLack(error);
      if (expected === undefined) assert.equal(said, undefined);
      else assert.match(said ?? "", expected);
    });
  }
});

describe("a result's file", () => {
  after(removeFolders);

  it("is looked at before the work: each name that cannot be written is told at once", () => {
    const folder = scratchFolder();
    const disk = path.join(folder, "disk.img");
    fs.writeFileSync(disk, "x");
    const WRONG: [file: string, RegExp][] = [
      [path.join(folder, "none", "plan"), /the folder .*none does not exist\. Make it/],
      [path.join(disk, "plan"), /disk\.img is not a folder\./],
      [folder, /is a folder\. Name a file in it, such as .*plan\.json/],
      [disk, /is one of the disks themselves\./],
      [path.join(folder, "x".repeat(300)), /cannot be written \(ENAMETOOLONG/],
    ];
    for (const [file, message] of WRONG) assert.throws(() => checkWritable("--plan", file, [disk]), message);
    assert.equal(fs.readFileSync(disk, "utf8"), "x");
  });

  it("is left as it was by that look, and a new one is not left behind", () => {
    const folder = scratchFolder();
    fs.writeFileSync(path.join(folder, "old"), "plan");
    fs.symlinkSync("nowhere", path.join(folder, "link"));
    for (const name of ["old", "new", "link"]) checkWritable("--plan", path.join(folder, name), []);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["link", "old"]);
    assert.equal(fs.readFileSync(path.join(folder, "old"), "utf8"), "plan");
  });
});

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: something, ${syscall}`), { code, syscall });
}
