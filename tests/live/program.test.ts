/** The program as a file: that it is whole, and what it makes of its command line. */
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { LiveReport } from "../../live/types";
import { isRoot, removeFolders, scratchFolder } from "../converter/disk/images";
import { VERSION } from "../../converter/version";
import { programFile, programText, runFunctions, SHELLS, shellsHere } from "./program";

const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;

/**
 * What shellcheck says of every program put together of functions (2317), and what is meant as it stands: `A && B || C` (2015), a
 * file that is read twice (2094), sets of characters for tr (2020), one package or path a word (2013), whole MiB (2017).
 */
const EXCLUDED = "SC2317,SC2015,SC2094,SC2020,SC2013,SC2017";

/** Words, and what is said of them. Each ends with status 2. */
const WRONG: [words: string[], said: RegExp][] = [
  [[], /it needs a command/],
  [["convert"], /convert: no such command/],
  [["inspect"], /it needs the folder of the guest's root/],
  [["inspect", "/nowhere"], /\/nowhere: there is no such folder/],
  [["inspect", "/", "/"], /one folder is enough/],
  [["inspect", "/", "--for"], /--for: it needs xen, nitro or xen,nitro/],
  [["inspect", "/", "--for", "xen,kvm"], /--for: "kvm" is no family/],
  [["inspect", "/", "--for="], /--for: it needs/],
  [["inspect", "/", "--force"], /--force: no such option/],
];

describe("the program for live sources", () => {
  after(removeFolders);

  (hasShellcheck ? it : it.skip)("is found without fault by shellcheck, as a script of dash", function () {
    this.timeout(60_000);
    const { stdout } = spawnSync("shellcheck", ["-s", "dash", "-e", EXCLUDED, programFile()], {
      encoding: "utf8",
    });
    assert.equal(stdout, "");
  });

  it("does nothing where its end was lost on the way", () => {
    const text = programText();
    for (const lost of [20, 1000, Math.round(text.length / 2)]) {
      const file = programFile();
      fs.writeFileSync(file, text.slice(0, -lost));
      const { stdout, stderr } = spawnSync("dash", [file, "inspect", "/"], { encoding: "utf8" });
      assert.equal(stdout, "", `${lost} bytes lost`);
      // At most that the shell does not understand what a function is cut off at.
      assert.match(stderr, /^(?:.*(?:Syntax error|not found).*\n)*$/, `${lost} bytes lost`);
    }
  });

  (isRoot ? it : it.skip)("asks for root where only root can read what it has to look at", () => {
    const root = scratchFolder();
    fs.mkdirSync(`${root}/boot/grub`, { recursive: true });
    fs.writeFileSync(`${root}/boot/grub/menu.lst`, "default 0\n", { mode: 0o600 });
    fs.chmodSync(root, 0o755);
    const program = programFile();
    fs.chmodSync(path.dirname(program), 0o755);
    const words = [
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      "dash",
      program,
      "inspect",
      root,
      "--json",
    ];
    const { status, stdout } = spawnSync("setpriv", words, { encoding: "utf8" });
    const [problem] = (JSON.parse(stdout) as LiveReport).problems;
    assert.equal(status, 3);
    assert.match(problem.found, /^it runs as nobody, and "sudo -n" does not make nobody root/);
  });

  for (const shell of shellsHere()) {
    const [command, ...first] = SHELLS[shell];
    const runWith = (words: string[]) =>
      spawnSync(command, [...first, programFile(), ...words], { encoding: "utf8" });

    it(`says its version, by ${shell}`, () =>
      assert.equal(runWith(["--version"]).stdout, `pv-to-hvm.sh ${VERSION}\n`));

    for (const [words, said] of WRONG)
      it(`refuses "${words.join(" ")}", by ${shell}`, () => {
        const { status, stdout, stderr } = runWith(words);
        assert.deepEqual([status, stdout], [2, ""]);
        assert.match(stderr, said);
        assert.match(stderr, /^usage: /m);
      });

    it(`waits for another preparation, with a line, and takes over the lock of a dead one, by ${shell}`, () => {
      const lock = `${scratchFolder()}/lock`;
      const script = `lock_place() { printf '%s\\n' '${lock}'; }
sleep 2 & ln -s "$(identity $!)" '${lock}'
take_lock 2>&1
readlink '${lock}' | cut -d: -f1 | grep -qx $$ && echo ours
release_lock; [ -h '${lock}' ] || echo released`;
      const lines = runFunctions(shell, script).trimEnd().split("\n");
      assert.match(lines[0], /^Waiting for process \d+, which prepares this machine already$/);
      assert.deepEqual(lines.slice(1), ["ours", "released"]);
    });

    it(`tells a line every few seconds while something takes long, by ${shell}`, function () {
      this.timeout(20_000);
      const script =
        "HEARTBEAT_SECONDS=1; start_heartbeat installing 2>&1; sleep 3; stop_heartbeat; echo done";
      assert.match(
        runFunctions(
          shell,
          script.replace("start_heartbeat installing 2>&1", "exec 2>&1; start_heartbeat installing"),
        ),
        /^( {2}still installing, \d+ s so far\n)+done\n$/,
      );
    });

    it(`writes a diff without diff(1) that patch(1) takes, by ${shell}`, () => {
      const folder = scratchFolder();
      const [before, after_] = ["a\nb\nc\nd\ne\nf\ng\n", "a\nb\nc\nd\nE\nf\ng\nh\n"];
      fs.writeFileSync(`${folder}/old`, before);
      fs.writeFileSync(`${folder}/new`, after_);
      const diff = runFunctions(
        shell,
        `has_command() { false; }\nunified_diff '${folder}/old' '${folder}/new' /etc/x`,
      );
      const { status } = spawnSync("patch", ["-s", `${folder}/old`], { input: diff });
      assert.equal(status, 0);
      assert.equal(fs.readFileSync(`${folder}/old`, "utf8"), after_);
    });
  }
});
