/** The command: what it takes, how it ends. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../previewReport/main";
import { readRecording, reportFile } from "./fixtures";

const NEW = readRecording("new");

async function run(argv: string[], input = "") {
  const told = { out: "", log: [] as string[] };
  const status = await main(argv, {
    out: (text) => (told.out += text),
    log: (line) => told.log.push(line),
    input: async () => input,
  });
  return { status, ...told };
}

describe("preview-report", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "preview-report-test-"))));
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const golden = () => readFileSync(reportFile("new"), "utf8");

  it("reads a file", async () => {
    assert.deepEqual(await run([file("preview.json", NEW)]), { status: 0, out: golden(), log: [] });
  });

  for (const argv of [[], ["-"]]) {
    it(`reads standard input: ${JSON.stringify(argv)}`, async () => {
      assert.deepEqual(await run(argv, NEW), { status: 0, out: golden(), log: [] });
    });
  }

  it("keeps to --max-characters", async () => {
    const { status, out } = await run(["--max-characters", "1500"], NEW);
    assert.equal(status, 0);
    assert.ok(out.length <= 1500 && out.length < golden().length);
    assert.match(out, /for want of room/);
  });

  it("tells a preview that failed, and ends well: the report is what was asked for", async () => {
    const { status, out } = await run([], readRecording("refused"));
    assert.equal(status, 0);
    assert.match(out, /\*\*The preview failed\.\*\*/);
  });

  const WRONG: [argv: string[], line: RegExp][] = [
    [["--max-characters", "many"], /--max-characters: must be a whole number of at least 1000, got many\./],
    [["--max-characters", "999"], /at least 1000, got 999/],
    [["--max-characters="], /got an empty text/],
    [["--sames"], /Unknown option '--sames'.*--help/],
    [["a.json", "b.json"], /one FILE at most, got a\.json b\.json/],
    [["/nowhere/preview.json"], /\/nowhere\/preview\.json: there is no such file\. Name the file/],
    [[tmpdir()], /: cannot be read \(EISDIR\)/],
  ];
  for (const [argv, line] of WRONG) {
    it(`ends with 2 and a sentence: ${argv.join(" ").replace(tmpdir(), "a folder")}`, async () => {
      const { status, out, log } = await run(argv);
      assert.deepEqual([status, out, log.length], [2, "", 1]);
      assert.match(log[0], line);
      assert.match(log[0], /^pv-to-hvm preview-report: /);
    });
  }

  for (const text of ["", "Previewing update (prod)", "{}", NEW.slice(0, 500)]) {
    it(`ends with 3 and a sentence: ${JSON.stringify(text.slice(0, 30))}`, async () => {
      const { status, out, log } = await run([], text);
      assert.deepEqual([status, out, log.length], [3, "", 1]);
      assert.match(log[0], /^REFUSED: standard input: is /);
    });
  }

  it("has a help that names each of its options", async () => {
    const { status, out } = await run(["--help"]);
    assert.equal(status, 0);
    for (const option of ["--max-characters", "--show-sames", "--help"]) assert.ok(out.includes(option));
  });

  it("does not wait for a terminal", async () => {
    // script(1) gives a program a terminal.
    const program = join(__dirname, "..", "..", "dist", "bin.cjs");
    const command = `${process.execPath} ${program} preview-report`;
    const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.match(stdout, /no FILE, and standard input is a terminal\. Name the file/);
  });

  it("is what the installed command runs", async () => {
    const program = join(__dirname, "..", "..", "dist", "bin.cjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, "preview-report"], {
      input: NEW,
      encoding: "utf8",
    });
    assert.deepEqual([status, stdout, stderr], [0, golden(), ""]);
  });
});
