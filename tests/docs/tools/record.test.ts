import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { record } from "../../../docs/tools/terminal/record";
import { parseRecording } from "../../../docs/tools/terminal/recording";

/** A program in npm's place: what it prints and how it ends is the case's. */
describe("recording a run", () => {
  const path = process.env.PATH;
  const log = console.log;
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-record-"));
    file = join(folder, "run.txt");
    process.env.PATH = `${folder}${delimiter}${path}`;
    console.log = () => undefined;
  });
  after(() => {
    process.env.PATH = path;
    console.log = log;
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => rmSync(file, { force: true }));

  function npm(script: string): void {
    writeFileSync(join(folder, "npm"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "npm"), 0o755);
  }

  it("keeps what npm run demo printed, in order, from the preview on", async () => {
    npm('echo set-up; echo "pulumi preview"; echo "words: $*"; printf "\\033[1mresult\\033[0m\\n"');
    await record(folder, file);
    const lines = parseRecording(readFileSync(file, "utf8"));
    assert.deepEqual(
      lines.map(({ text }) => text),
      ["pulumi preview", "words: run demo", "result"],
    );
    assert.equal(lines[0].seconds, 0);
    assert.ok(lines.every(({ seconds }, index) => index === 0 || seconds >= lines[index - 1].seconds));
  });

  const REFUSED: [name: string, script: string, because: RegExp][] = [
    ["failed", 'echo "pulumi preview"; exit 3', /ended with status 3: nothing is recorded/],
    ["had been migrated before", 'echo "pulumi up"', /migrated before/],
    ["names a folder of this machine", 'echo "pulumi preview"; pwd', /names a folder of this machine/],
  ];
  for (const [name, script, because] of REFUSED) {
    it(`keeps nothing of a run that ${name}`, async () => {
      npm(script);
      await assert.rejects(record(folder, file), because);
      assert.ok(!existsSync(file));
    });
  }
});
