import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { endProcess, livePid, recordProcess, waitForEnd } from "../../../local/machines/process";

describe("a machine's process", () => {
  let directory: string;
  let child: ChildProcess;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "process-"));
    child = spawn("sleep", ["60"]);
    recordProcess(directory, child.pid ?? 0);
  });
  afterEach(() => {
    child.kill("SIGKILL");
    fs.rmSync(directory, { recursive: true });
  });

  it("is found again by what its directory says", () => assert.equal(livePid(directory), child.pid));

  it("is not taken for a later process with the same pid", () => {
    fs.writeFileSync(
      path.join(directory, "process.json"),
      JSON.stringify({ pid: child.pid, startTime: "1" }),
    );
    assert.equal(livePid(directory), undefined);
  });

  it("is none where nothing was started", () => {
    fs.rmSync(path.join(directory, "process.json"));
    assert.equal(livePid(directory), undefined);
  });

  it("is gone once it has been ended", async () => {
    await endProcess(directory);
    assert.equal(livePid(directory), undefined);
  });

  it("is waited for, and no longer than asked for", async () => {
    assert.equal(await waitForEnd(directory, 0.2), false);
    child.kill("SIGKILL");
    assert.equal(await waitForEnd(directory, 5), true);
  });
});
