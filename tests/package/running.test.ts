import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { installPackage, type Installed } from "./installed";

describe("the npm package, installed into a fresh program,", function () {
  this.timeout(180_000);
  let installed: Installed;
  before(() => (installed = installPackage()));
  after(() => installed?.remove());

  const run = (command: string, words: string[]) =>
    spawnSync(command, words, { cwd: installed.folder, encoding: "utf8", timeout: 30_000 });

  const PROGRAMS: [kind: string, words: string[]][] = [
    [
      "CommonJS",
      ["--eval", 'const all = require("pv-to-hvm"); console.log(Object.keys(all).sort().join(" "))'],
    ],
    [
      "an ES module",
      [
        "--input-type=module",
        "--eval",
        'import * as all from "pv-to-hvm"; import { PvToHvmMigration, Until } from "pv-to-hvm"; if (!PvToHvmMigration || Until.Inspect !== "inspect") throw new Error("not there"); console.log(Object.keys(all).filter((name) => !["default", "module.exports"].includes(name)).sort().join(" "))',
      ],
    ],
  ];
  for (const [kind, words] of PROGRAMS) {
    it(`is loaded by ${kind}, which does nothing else`, () => {
      const { status, stdout, stderr } = run(process.execPath, words);
      assert.equal(status, 0, stderr);
      const names = [
        "Architecture",
        "Family",
        "Layout",
        "MetadataTokens",
        "OnNewImage",
        "OtherVolumes",
        "PvToHvmMigration",
        "Until",
        "VolumeType",
      ];
      assert.equal(stdout.trim(), [...names, "Workbench"].join(" "));
    });
  }

  it("finds the converter that its component copies to the helper", () => {
    const program =
      'const { bundlePath } = require("./node_modules/pv-to-hvm/dist/components/converterBundle.js"); console.log(bundlePath())';
    const { stdout } = run(process.execPath, ["--eval", program]);
    assert.equal(stdout.trim(), join(installed.package, "dist", "pv-to-hvm.cjs"));
  });

  it("loads its provider, by its folder, without serving anything yet", () => {
    const { status, stdout } = run(process.execPath, [
      "--eval",
      'console.log(typeof require("./node_modules/pv-to-hvm"))',
    ]);
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "function\n" });
  });

  const COMMANDS: [words: string[], status: number, says: RegExp][] = [
    [["--help"], 0, /^pv-to-hvm: turns a disk/],
    [["sweep", "--help"], 0, /^pv-to-hvm sweep: /],
    [["preview-report", "--help"], 0, /^pv-to-hvm preview-report: /],
    [["inspect", "no-such-disk"], 2, /no-such-disk: does not exist/],
    [["inspect", "empty-folder"], 3, /REFUSED: /],
  ];
  for (const [words, status, says] of COMMANDS) {
    it(`runs pv-to-hvm ${words.join(" ")}`, () => {
      mkdirSync(join(installed.folder, "empty-folder"), { recursive: true });
      const ended = run(join("node_modules", ".bin", "pv-to-hvm"), words);
      assert.match(ended.stdout + ended.stderr, says);
      assert.equal(ended.status, status, ended.stderr);
    });
  }
});
