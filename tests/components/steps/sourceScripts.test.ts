import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putProgramCommand, type Visit, visitScript } from "../../../components/steps/sourceScripts";

/** The shells of guests: Debian's, a rescue system's, Red Hat's. */
const SHELLS: [name: string, command: string[]][] = [
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
  ["bash --posix", ["bash", "--posix"]],
];
const DIGEST = "0123456789abcdef";
const VISIT: Visit = { command: "inspect", digest: DIGEST, putAt: "", seconds: 20, isLast: false };

for (const [name, [program, ...options]] of SHELLS) {
  describe(`what is run around the program on a source, in ${name}`, function () {
    this.timeout(30_000);
    let home: string;
    beforeEach(() => (home = mkdtempSync(join(tmpdir(), "source-scripts-"))));
    afterEach(() => rmSync(home, { recursive: true, force: true }));
    before(function () {
      if (spawnSync(program, [...options, "-c", ":"]).error) {
        console.log(`      skipped: there is no ${program}`);
        this.skip();
      }
    });

    const environment = () => ({ ...process.env, HOME: home });
    const place = () => join(home, `.pv-to-hvm-${DIGEST}.sh`);

    /** As sshd runs a command: the shell's `-c`, the rest on standard input. */
    function run(command: string, input: string) {
      return spawnSync(program, [...options, "-c", command], {
        input,
        env: environment(),
        encoding: "utf8",
      });
    }

    function visit(change: Partial<Visit> = {}) {
      const script = visitScript({ ...VISIT, ...change });
      return spawnSync(program, [...options, "-s"], { input: script, env: environment(), encoding: "utf8" });
    }

    function put(text: string) {
      return run(putProgramCommand(DIGEST, Buffer.byteLength(text)), text);
    }

    it("puts the program in the user's home, for nobody else to read", () => {
      const text = "echo 'ä' \"$HOME\" `date`\n".repeat(5000);
      const { status, stdout } = put(text);
      assert.deepEqual([status, stdout], [0, `${place()}\n`]);
      assert.equal(readFileSync(place(), "utf8"), text);
      assert.equal(execFileSync("stat", ["-c", "%a", place()], { encoding: "utf8" }).trim(), "600");
    });

    it("leaves no half of a program, and says that there is no room", () => {
      writeFileSync(place(), "an older one");
      const { status, stderr } = run(putProgramCommand(DIGEST, 5000), "the half of it");
      assert.equal(status, 4);
      assert.match(stderr, /^FAILED: .* has no room for the program, 5 KiB\. /m);
      assert.deepEqual(readdirSync(home), []);
    });

    it("calls it as it is asked to, and prints its record once it has ended well", () => {
      put("echo \"$0 $*\"; echo 'reading the menu' >&2; echo 'NOCHANGE: all is there' >&2");
      const { status, stdout, stderr } = visit({ families: ["xen", "nitro"] });
      assert.deepEqual(
        [status, stdout, stderr],
        [0, `${place()} inspect / --json --for xen,nitro\n`, "reading the menu\nNOCHANGE: all is there\n"],
      );
      assert.deepEqual(readdirSync(home), [`.pv-to-hvm-${DIGEST}.sh`]);
    });

    it("prepares without families, where none are asked for", () => {
      put('echo "$*"');
      assert.equal(visit({ command: "prepare" }).stdout, "prepare / --json\n");
    });

    it("takes the program away after the last of it", () => {
      put("exit 0");
      assert.equal(visit({ isLast: true }).status, 0);
      assert.deepEqual(readdirSync(home), []);
    });

    it("hands on that it refuses, all the reasons in the place of the record, and keeps it to be asked again", () => {
      const problems = [
        { found: "no kernel boots as HVM", needed: "one that does", fix: 'Install "linux-image"' },
        { found: "the disk is full", needed: "9 MiB", fix: "Make room" },
      ];
      const record = JSON.stringify({ kernels: [{ why: "none" }], problems, warnings: ["w"] }, null, 2);
      put(`cat <<'END'\n${record}\nEND\necho 'REFUSED: no kernel boots as HVM' >&2; exit 3`);
      const { status, stdout, stderr } = visit({ isLast: true });
      assert.deepEqual([status, stdout], [3, ""]);
      assert.deepEqual(stderr.split("\n"), [
        ...["  found: no kernel boots as HVM", "  needed: one that does"],
        '  fix: Install \\"linux-image\\"',
        ...["  found: the disk is full", "  needed: 9 MiB", "  fix: Make room"],
        ...["REFUSED: no kernel boots as HVM", ""],
      ]);
      assert.ok(existsSync(place()));
    });

    it("says what to do where another program was put there", () => {
      const { status, stderr } = visit();
      assert.equal(status, 4);
      assert.match(
        stderr,
        /^FAILED: the program that was put here was another, or is gone, or .*\. Set a new revision/,
      );
    });

    describe("where another user logs in than the one who put it there", () => {
      const TEXT = "echo ran >&2\n";
      const digest = createHash("sha256").update(TEXT).digest("hex").slice(0, 16);
      let putAt: string;
      beforeEach(() => {
        putAt = join(home, "o'ther", `.pv-to-hvm-${digest}.sh`);
        mkdirSync(join(home, "o'ther"));
        writeFileSync(putAt, TEXT);
      });

      it("takes it over into this one's home", () => {
        const { status, stderr } = visit({ digest, putAt: `${putAt}\n` });
        assert.deepEqual([status, stderr], [0, "ran\n"]);
        assert.ok(existsSync(join(home, `.pv-to-hvm-${digest}.sh`)));
      });

      it("takes both away after the last of it", () => {
        assert.equal(visit({ digest, putAt, isLast: true }).status, 0);
        assert.deepEqual(readdirSync(home, { recursive: true }), ["o'ther"]);
      });

      it("does not run what somebody has changed there", () => {
        writeFileSync(putAt, 'touch "$HOME/owned"\n');
        assert.match(visit({ digest, putAt }).stderr, /^FAILED: the program that was put here was another/);
        assert.deepEqual(readdirSync(home), ["o'ther"]);
      });

      it("neither reads nor removes what has another name than the program", () => {
        put("exit 0");
        const other = join(home, "valuable");
        writeFileSync(other, TEXT);
        assert.equal(visit({ putAt: other, isLast: true }).status, 0);
        assert.ok(existsSync(other));
      });
    });

    it("tells what is said while it is at work", () => {
      put("echo begun >&2; sleep 2; echo ended >&2");
      assert.equal(visit().stderr, "begun\nended\n");
    });

    it("waits no longer than it may, and leaves it at work", () => {
      put(`sleep 3; touch "$HOME/done"`);
      const { status, stderr } = visit({ seconds: 1, raisedBy: "timeouts.stepSeconds" });
      assert.equal(status, 4);
      assert.match(stderr, /still at work after 1 s, and goes on\..*or raise timeouts\.stepSeconds\./);
      waitFor(() => existsSync(join(home, "done")));
    });

    it("is not tied to the connection: the program goes on when that drops", async () => {
      put('for i in 1 2 3; do echo "$i" >&2 || exit 9; sleep 1; done; touch "$HOME/done"');
      const session = spawn(program, [...options, "-s"], { env: environment(), detached: true });
      session.stdin.end(visitScript(VISIT));
      await new Promise((resolve) => session.stderr.once("data", resolve));
      session.stdout.destroy();
      session.stderr.destroy();
      waitFor(() => existsSync(join(home, "done")));
    });

    it("notices that it was killed", () => {
      put("kill -9 $PPID $$");
      const { status, stderr } = visit();
      assert.equal(status, 4);
      assert.match(stderr, /FAILED: it was killed on the way\. Run pulumi up again/);
    });
  });
}

/** Looks until it is so; the test's own limit ends it. */
function waitFor(isSo: () => boolean): void {
  const end = Date.now() + 20_000;
  while (!isSo()) {
    assert.ok(Date.now() < end, "it did not happen");
    spawnSync("sleep", ["0.1"]);
  }
}
